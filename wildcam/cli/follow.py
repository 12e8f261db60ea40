"""Watch a run from the terminal until it ends."""

import sys
import time
from collections.abc import Mapping

from wildcam.cli.output import print_facts, progress_bar
from wildcam.errors import RunError
from wildcam.runs.run import Run
from wildcam.runs.states import State
from wildcam.runs.store import SYSTEM_PREFIX, RunStore

LOOK_SECONDS = 0.5
LAST_LINES = 3
"""So much of the log of a run that failed is shown with its reason."""


def follow(store: RunStore, run: Run, *, as_json: bool) -> None:
    """Show progress until the run ends, then its figures. Ctrl-C asks it to stop; a second one leaves it alone.

    Raises `RunError` where it did not end well.
    """
    try:
        run = watch(store, run)
    except KeyboardInterrupt:
        print("Stopping soon; what is done so far is kept (Ctrl-C again: leave it).", file=sys.stderr)
        store.request_stop(run.id)
        run = watch(store, run)
    if run.state in (State.FAILED, State.MISSED_ANIMAL):
        last_words = f"It ends: {run.log_tail(LAST_LINES)}" if run.log_tail(LAST_LINES).strip() else ""
        raise RunError(f"Run {run.name} ({run.id[:8]}) {run.state}: {run.reason} Its log: {run.log_path} {last_words}")
    print_facts(run_facts(run), as_json=as_json)


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
    facts |= {name: round(value, 4) for name, value in sorted(figures.items())}
    facts |= {
        key: run.tags[key]
        for key in ("best_epoch", "measured", "findings", "images", "failed", "labels", "accuracy", "macro_f1")
        if key in run.tags
    }
    return facts


def describe_tags(tags: Mapping[str, str]) -> list[str]:
    """Each as `name` or `name=value`."""
    return [f"{name}={value}" if value else name for name, value in sorted(tags.items())]


def watch(store: RunStore, run: Run) -> Run:
    """Show progress until the run ends."""
    with progress_bar(run.name) as bar:
        while run.state.is_live:
            progress = run.progress
            what = f"epoch {progress.epoch} of {progress.epochs}" if progress.epoch else progress.phase
            bar.show(progress.step, progress.steps, f"{run.name}: {what}")
            time.sleep(LOOK_SECONDS)
            run = store.get(run.id)
    return run
