"""Wait for what another process does."""

import time
from collections.abc import Callable

from wildcam.runs.run import Run
from wildcam.runs.states import State
from wildcam.runs.store import RunStore


def process_of(run: Run) -> int:
    """The worker's number, as it says itself."""
    wait(lambda: "process" in run.log_tail(), run)
    return int(run.log_tail().split("process ")[-1].split()[0])


def wait(condition: Callable[[], object], run: Run, *, seconds: float = 60) -> None:
    """Until the condition holds; the test fails where that takes longer."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"{run.name} after {seconds} s, {run.progress}: {run.log_tail()}"
        time.sleep(0.02)


def wait_for(store: RunStore, run: Run, state: State, **limits: float) -> list[State]:
    """Wait until the run has this state; every state that was seen on the way."""
    seen: list[State] = []

    def arrived() -> bool:
        now = store.get(run.id).state
        if now not in seen:
            seen.append(now)
        return now is state

    wait(arrived, run, **limits)
    return seen
