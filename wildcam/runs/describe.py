"""What a run is doing, in sentences for people."""

from wildcam.counting import counted
from wildcam.runs.facts import PredictFacts, RunFacts, TrainFacts
from wildcam.runs.run import Progress, Run
from wildcam.runs.states import Kind, State

_ENDED = {State.FAILED: "Failed", State.LOST: "Lost"}
_STOPPING = {
    Kind.TRAIN: "Stopping after the current batch. The last completed epoch is kept.",
    Kind.CHECK: "Stopping after the current file. Measured files are kept.",
    Kind.PREDICT: "Stopping after the current photo. Predictions so far are kept.",
    Kind.LR_FINDER: "Stopping after the current batch.",
    Kind.SIMILARITY: "Stopping after the current photos. Features so far are kept.",
}


def describe_duration(seconds: float) -> str:
    """In hours, minutes or seconds."""
    if seconds >= 5400:
        return f"{seconds / 3600:.1f} h"
    return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{seconds:.0f} s"


def describe_progress(progress: Progress) -> str:
    """Phase, how far it is, and time left."""
    parts = [progress.phase or "starting"]
    if progress.epoch:
        parts.append(f"epoch {progress.epoch} of {progress.epochs}")
    elif progress.steps:
        parts.append(f"{progress.step:,} of {progress.steps:,}")
    if progress.seconds_left is not None:
        parts.append(f"about {describe_duration(progress.seconds_left)} left")
    return ", ".join(parts)


def describe_state(run: Run, position: int | None = None) -> str:
    """One sentence on the state of a run, and what can be done.

    `position`: in the queue, from 1, where that is known.
    """
    best = f" Best epoch: {run.facts.best_epoch}." if isinstance(run.facts, TrainFacts) and run.facts.best_epoch else ""
    then = run.obstacle or "You can resume it."
    match run.state:
        case State.QUEUED:
            return f"Queued: position {position}." if position else "Queued."
        case State.RUNNING:
            return f"Running: {describe_progress(run.progress)}."
        case State.STOPPING:
            return _STOPPING[run.kind]
        case State.FINISHED:
            return f"Finished{_failures(run.facts)}.{best}"
        case State.STOPPED:
            return f"Stopped{': ' + run.reason if run.reason else '.'}{best} {then}"
        case _:
            return f"{_ENDED[run.state]}: {run.reason}{best} {then}"


def has_results(run: Run) -> bool:
    """Whether something came of a finished run: not where all of its photos failed."""
    facts = run.facts
    return not (isinstance(facts, PredictFacts) and facts.images and facts.failed == facts.images)


def _failures(facts: RunFacts) -> str:
    """How many photos failed, where any did; the end of a sentence."""
    match facts:
        case PredictFacts(images=images, failed=failed) if images and failed == images:
            return f", but none of the {counted(images, 'photo')} could be read: see the reasons in the results"
        case PredictFacts(images=images, failed=failed) if images and failed:
            return f": {failed:,} of {counted(images, 'photo')} could not be read"
        case TrainFacts(damaged_images=damaged) if damaged:
            return f": {counted(damaged, 'damaged photo was', 'damaged photos were')} replaced by others of their class"
        case _:
            return ""
