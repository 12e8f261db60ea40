"""Writes the epochs' metrics as event files, which TensorBoard draws; Keras has a callback of its own for that."""

import time
from collections.abc import Mapping
from pathlib import Path

from fastai.callback.core import Callback
from tensorboard.compat.proto.event_pb2 import Event, SessionLog  # type: ignore[attr-defined]
from tensorboard.compat.proto.summary_pb2 import Summary  # type: ignore[attr-defined]
from tensorboard.summary.writer.record_writer import RecordWriter


class EventLog(Callback):
    """A curve for each metric of the run, under its name; steps count epochs. Follows `Reporting`.

    The files are written here because torch's `SummaryWriter` loads TensorFlow where it is installed. An epoch that is
    trained again after a stop replaces the one before: TensorBoard drops what came from `START` on.
    """

    order, run_train = 82.5, False

    def __init__(self, folder: Path, done: int) -> None:
        super().__init__()
        self._folder = folder
        self._done = done
        self._path: Path | None = None

    def after_validate(self) -> None:
        """Append the epoch."""
        if self._path is None:
            self._path = self._begin()
        _append(self._path, _scalars(self.epochs.number, self.reporting.of_epoch))

    def _begin(self) -> Path:
        """A new file of this process, which replaces the steps of earlier files that it will write again."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"events.out.tfevents.{time.time_ns() // 1000}"
        _append(path, Event(wall_time=time.time(), file_version="brain.Event:2"))
        if self._done:
            restart = SessionLog(status=SessionLog.START)
            _append(path, Event(wall_time=time.time(), step=self._done + 1, session_log=restart))
        return path


def _scalars(step: int, metrics: Mapping[str, float]) -> Event:
    values = [Summary.Value(tag=name, simple_value=value) for name, value in metrics.items()]
    return Event(wall_time=time.time(), step=step, summary=Summary(value=values))


def _append(path: Path, event: Event) -> None:
    with path.open("ab") as file:
        RecordWriter(file).write(event.SerializeToString())
