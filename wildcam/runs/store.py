"""Runs and their curves, kept by MLflow: parameters, tags, metrics; files beside it in `runs/<id>/`."""

from pydantic import BaseModel

from wildcam.runs.notes import RunNotes
from wildcam.runs.point_log import PointLog
from wildcam.runs.queue import RunQueue
from wildcam.runs.removal import RunRemoval
from wildcam.runs.run import Run
from wildcam.runs.states import Kind
from wildcam.runs.tags import Tag


class RunStore(RunQueue, PointLog, RunNotes, RunRemoval):
    """All that can be done with stored runs, each job in a module of its own. Many may read; a run has one writer."""

    def create(self, kind: Kind, name: str, params: BaseModel) -> Run:
        """A new run that `all` lists once `wildcam.runs.local.launch` has given it a worker. Raises `RunError`."""
        tags: dict[str, str] = {Tag.KIND: str(kind), "mlflow.source.name": "wildcam"}
        values = {key: str(value) for key, value in params.model_dump(mode="json").items()}
        return self.get(self.tracking.create_run(name, tags, values))
