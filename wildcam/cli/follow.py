"""Follow a run in the terminal until it ends."""

import time
from collections.abc import Mapping

from wildcam.cli.output import print_facts, print_note, progress_bar
from wildcam.errors import RunError
from wildcam.runs.describe import describe_progress
from wildcam.runs.facts import CheckFacts, LRFinderFacts, PredictFacts, RunFacts, TrainFacts
from wildcam.runs.metric_names import SYSTEM_PREFIX
from wildcam.runs.run import Run
from wildcam.runs.score import score_of
from wildcam.runs.states import Kind, State
from wildcam.runs.store import RunStore

POLL_SECONDS = 0.5
LAST_LINES = 3
"""Lines of a failed run's log that are shown with its reason."""


_MOST_COUNTS = 40


def follow(store: RunStore, run: Run, *, as_json: bool) -> None:
    """Show progress until the run ends, then its scores. Ctrl-C stops the run; a second one leaves it running.

    Raises `RunError` where it did not end well.
    """
    try:
        run = watch(store, run)
    except KeyboardInterrupt:
        print_note("Stopping; results so far are kept (Ctrl-C again: leave it running).")
        store.request_stop(run.id)
        run = watch(store, run)
    if run.state in (State.FAILED, State.LOST):
        tail = run.log_tail(LAST_LINES).strip()
        end = f" Last lines:\n{tail}" if tail else ""
        raise RunError(f"Run {run.name} ({run.id[:8]}) {run.state.display}: {run.reason} Log: {run.log_path}{end}")
    print_run(run, as_json=as_json)


def print_run(run: Run, *, as_json: bool) -> None:
    """A line a fact, or one JSON object."""
    facts = run_facts(run)
    print_facts(facts if as_json else {name: _line(value) for name, value in facts.items()}, as_json=as_json)


def _line(value: object) -> object:
    if isinstance(value, Mapping):
        return _counts(value)
    return " ".join(f"{sentence}." for sentence in value) if isinstance(value, tuple) else value


def run_facts(run: Run) -> dict[str, object]:
    """A run in a few lines."""
    facts: dict[str, object] = {"run": run.id, "name": run.name, "state": str(run.state)}
    if run.reason:
        facts["reason"] = run.reason
    facts |= {key: run.params[key] for key in ("dataset", "preset", "task", "split") if key in run.params}
    if run.note:
        facts["note"] = run.note
    if run.user_tags:
        facts["tags"] = ", ".join(describe_tags(run.user_tags))
    figures = {name: value for name, value in run.metrics.items() if not name.startswith(SYSTEM_PREFIX)}
    if figures:
        facts["last_epoch" if run.kind is Kind.TRAIN else "last"] = {
            k: significant(v) for k, v in sorted(figures.items())
        }
    if score := score_of(run):
        facts |= {
            "scored_on": str(score.subset),
            "accuracy": significant(score.scores.accuracy),
            "majority_class_accuracy": significant(score.scores.majority_class_accuracy),
            "macro_f1": significant(score.scores.macro_f1),
        }
    return facts | _shown(run.facts)


def _shown(facts: RunFacts) -> dict[str, object]:
    """What a run found, as far as it is known."""
    fields: dict[str, object]
    match facts:
        case TrainFacts():
            fields = {"best_epoch": facts.best_epoch, "images": facts.images}
        case LRFinderFacts():
            fields = {
                "suggested_learning_rate": facts.suggested_learning_rate,
                "seconds_per_step": facts.seconds_per_step,
                "learning_rate_note": facts.learning_rate_note,
            }
        case CheckFacts():
            fields = {"images": facts.images, "measured": facts.measured, "findings": facts.findings}
        case PredictFacts():
            fields = {
                "images": facts.images,
                "failed": facts.failed,
                "labels": facts.labels,
                "photos_without_time": facts.without_time,
                "accuracy": facts.accuracy,
                "macro_f1": facts.macro_f1,
                "remarks": facts.remarks,
            }
    return {name: value for name, value in fields.items() if value not in (None, "", {}, ())}


def _counts(counts: Mapping[str, float]) -> str:
    """Each as `name=number`; a long list is cut, and `runs show --json` has the whole."""
    shown = [f"{name}={count}" for name, count in counts.items()][:_MOST_COUNTS]
    return ", ".join([*shown, "…"] if len(counts) > _MOST_COUNTS else shown)


def significant(value: float) -> float:
    """Four significant digits: a learning rate of 4e-5 stays one."""
    return float(f"{value:.4g}")


def describe_tags(tags: Mapping[str, str]) -> list[str]:
    """Each as `name` or `name=value`."""
    return [f"{name}={value}" if value else name for name, value in sorted(tags.items())]


def watch(store: RunStore, run: Run) -> Run:
    """Show progress until the run ends."""
    with progress_bar(run.name) as bar:
        while run.state.is_live:
            progress = run.progress
            what = describe_progress(progress)
            bar.show(round(100 * progress.fraction), 100, f"{run.name}: {what}")
            time.sleep(POLL_SECONDS)
            run = store.get(run.id)
    return run
