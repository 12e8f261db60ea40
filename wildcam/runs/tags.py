"""Names of the tags that WildCam keeps with a run in MLflow."""

from collections.abc import Mapping
from enum import StrEnum

USER_PREFIX = "wildcam.user."
FACT_PREFIX = "wildcam.fact."
NOTE_TAG = "mlflow.note.content"  # what MLflow's own page shows as the run's description


class Tag(StrEnum):
    """Where a run stands. What its worker found out are facts."""

    KIND = "wildcam.kind"
    STATE = "wildcam.state"
    REASON = "wildcam.reason"
    STOP = "wildcam.stop"  # not empty: a stop was requested
    PLACE = "wildcam.place"  # in the queue: the smallest is the next
    SUBMITTED_AT = "wildcam.submitted_at"  # seconds since 1970
    STARTED_AT = "wildcam.started_at"
    LOGGED = (
        "wildcam.logged"  # differs after every write of points: time of the latest, in milliseconds, and a chance word
    )
    RESUMES = "wildcam.resumes"
    SWEEP = "wildcam.sweep"  # the same for all runs that were started as one sweep: what varies, and a chance word
    MADE_BY = "wildcam.made_by"  # a user's name


def named(tags: Mapping[str, str], prefix: str) -> dict[str, str]:
    """The tags with that prefix, without it."""
    return {name.removeprefix(prefix): value for name, value in tags.items() if name.startswith(prefix)}
