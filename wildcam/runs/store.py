"""Runs and their curves, kept by MLflow: parameters, tags, metrics; files beside it in `runs/<id>/`."""

from pydantic import BaseModel

from wildcam.accounts.acting import actor_name, permit
from wildcam.accounts.roles import Act
from wildcam.data.deletion_plan import refuse_while_deleting
from wildcam.runs.notes import RunNotes
from wildcam.runs.point_log import PointLog
from wildcam.runs.queue import RunQueue
from wildcam.runs.quota import check_disk, check_queued
from wildcam.runs.removal import RunRemoval
from wildcam.runs.run import Run
from wildcam.runs.states import Kind
from wildcam.runs.tags import Tag


class RunStore(RunQueue, PointLog, RunNotes, RunRemoval):
    """All that can be done with stored runs, each job in a module of its own. Many may read; a run has one writer.

    What a user asks for raises `PermissionDenied` for one who may not.
    """

    def create(self, kind: Kind, name: str, params: BaseModel, *, sweep: str = "") -> Run:
        """A new run that `all` lists once `wildcam.runs.local.launch` has given it a worker.

        `sweep`: what it has in common with the other runs of its sweep, and with no other run. Raises `RunError`,
        `QuotaExceeded`.
        """
        permit(act_of(kind), name)
        refuse_while_deleting(self.settings.home)  # asked again by `enqueue`; here before anything is stored
        check_queued(self)
        check_disk(self)
        tags: dict[str, str] = {Tag.KIND: str(kind), "mlflow.source.name": "wildcam", Tag.MADE_BY: actor_name()}
        if sweep:
            tags[Tag.SWEEP] = sweep
        values = {key: str(value) for key, value in params.model_dump(mode="json").items()}
        return self.get(self.tracking.create_run(name, tags, values))


def act_of(kind: Kind) -> Act:
    """What starting or resuming such a run is."""
    return Act.START_TRAINING if kind in (Kind.TRAIN, Kind.LR_FINDER) else Act.START_BATCH
