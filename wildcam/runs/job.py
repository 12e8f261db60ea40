"""A run in the hands of its worker: points, progress and facts go out, requests to stop come in."""

import threading
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress

from mlflow.entities import Metric

from wildcam.runs.exit_record import HEARD_FILE
from wildcam.runs.facts import RunFacts, facts_type
from wildcam.runs.run import Progress, Run
from wildcam.runs.states import State
from wildcam.runs.store import RunStore
from wildcam.runs.system_use import SystemUse
from wildcam.runs.timestamps import MonotonicTimestamps

HEARTBEAT_SECONDS = 1.0
"""How often points and progress are written and requests read."""

FLUSH_SECONDS = 30.0
"""How long a store that refuses points is asked again before the run fails."""

SYSTEM_SECONDS = 5.0
"""How often the machine's use is measured."""


class Stopped(Exception):
    """Raised inside a job to end it because a stop was asked for."""


class Job:
    """What a worker may do with its run. Points and progress leave in the background, at each heartbeat."""

    def __init__(self, store: RunStore, run: Run, now: Callable[[], float] = time.time) -> None:
        self.store = store
        self.run = run
        self.settings = store.settings
        self._progress = Progress(phase="starting")
        self._points: list[Metric] = []
        self._clock = MonotonicTimestamps(store.last_point_time(run.id), now)
        self._guard = threading.Lock()  # of the points and the clock
        self._writing = threading.Lock()  # points are written in their order
        self._stop = threading.Event()
        self._heard = False
        self._computing = False  # a run that waits makes no use of the machine
        self._ended = threading.Event()
        self._heartbeat = threading.Thread(target=self._keep_heartbeat, name="heartbeat", daemon=True)

    def report(
        self,
        *,
        phase: str | None = None,
        epoch: int | None = None,
        epochs: int | None = None,
        step: int | None = None,
        steps: int | None = None,
        seconds_left: float | None = None,
        share: float | None = None,
    ) -> None:
        """Change the progress; what is not given stays, except the time left: it is unknown unless given each time.

        `share`: of the whole run, 0–1.
        """
        last = self._progress
        self._progress = Progress(
            phase=last.phase if phase is None else phase,
            epoch=last.epoch if epoch is None else epoch,
            epochs=last.epochs if epochs is None else epochs,
            step=last.step if step is None else step,
            steps=last.steps if steps is None else steps,
            seconds_left=seconds_left,
            share=last.share if share is None else share,
        )

    def write_facts(self, facts: RunFacts) -> None:
        """Keep what was found, in the log, too; a later value of a field replaces an earlier one."""
        if type(facts) is not facts_type(self.run.kind):
            expected = facts_type(self.run.kind).__name__
            raise TypeError(f"Received {type(facts).__name__} for a run of kind {self.run.kind}: expected {expected}.")
        for name, text in facts.to_tags().items():
            print(f"{name}: {text}", flush=True)
        self.store.write_facts(self.run.id, facts)

    def log(self, step: int, metrics: Mapping[str, float]) -> None:
        """Add a point to each of the curves."""
        with self._guard:
            now = self._clock.read()
            self._points += [Metric(name, float(value), now, step) for name, value in metrics.items()]

    def note_resume(self, *, epoch: int, step: int) -> None:
        """Say that the work goes on from the end of `epoch` (global `step`), before the first point that follows."""
        with self._guard:
            now = self._clock.read()
        self.store.note_resume(self.run.id, epoch=epoch, step=step, at=now / 1000)

    def flush(self) -> None:
        """Store every point so far, now. A checkpoint comes after it: no point that it rests on is ever lost.

        A store that is busy or full is asked for `FLUSH_SECONDS`, then its error is raised.
        """
        deadline = time.monotonic() + FLUSH_SECONDS
        while True:
            try:
                return self._write_points()
            except Exception:
                if time.monotonic() >= deadline:
                    raise
                time.sleep(HEARTBEAT_SECONDS)

    def stop_requested(self) -> bool:
        """Whether to end soon. Cheap: ask after every batch. Who asks has heard: the supervisor grants it time."""
        if self._stop.is_set() and not self._heard:
            self._heard = True
            with suppress(OSError):
                (self.run.folder / HEARD_FILE).touch()
        return self._stop.is_set()

    def begin_computing(self) -> None:
        """It has its slot: it is running from now on."""
        self.store.mark(self.run.id, State.RUNNING)
        self._computing = True

    def request_stop(self) -> None:
        """What a signal does: the same as the button."""
        self._stop.set()

    def start(self) -> None:
        """Begin the heartbeat."""
        self._heartbeat.start()

    def end(self) -> None:
        """End the heartbeat and write the rest."""
        self._ended.set()
        self._heartbeat.join()
        with suppress(OSError):
            self.run.write_progress(self._progress)
        self.flush()

    def _keep_heartbeat(self) -> None:
        use = SystemUse(self.store, self.run)
        measured_at = time.monotonic()
        while not self._ended.wait(HEARTBEAT_SECONDS):
            if self._computing and time.monotonic() - measured_at >= SYSTEM_SECONDS:
                measured_at = time.monotonic()
                self._try(lambda: self.log(*use.measure()))
            self._try(self._write_points)
            self._try(lambda: self.run.write_progress(self._progress))
            self._try(self._look_for_stop)

    def _try(self, act: Callable[[], None]) -> None:
        """A full disk or a busy store may pass; the work goes on."""
        try:
            act()
        except Exception:
            print_traceback()

    def _look_for_stop(self) -> None:
        if self.store.is_stop_requested(self.run.id):
            self._stop.set()

    def _write_points(self) -> None:
        """Write what has gathered. A busy or full store loses no point: it stays for the next heartbeat."""
        with self._writing:
            with self._guard:
                points, self._points = self._points, []
            try:
                self.store.log_points(self.run.id, points)
            except Exception:
                with self._guard:
                    self._points = points + self._points
                raise


def print_traceback() -> None:
    """To the log, as far as it can be written."""
    with suppress(OSError):  # the log may be on the disk that is full
        traceback.print_exc()
