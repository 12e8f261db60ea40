"""From a study and a size to a stored result."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType

from wildcam.architectures.presets import Task
from wildcam.errors import UsageError
from wildcam.runs.store import RunStore
from wildcam.studies import imbalance, look_closer, loss_gap, pixels, split, tta, two_stage
from wildcam.studies.catalog import command, find_study
from wildcam.studies.context import StudyContext, Wait
from wildcam.studies.result import FOLDER, Findings, StudyResult, StudySize

RUNNERS: Mapping[str, Callable[[StudyContext], Findings]] = MappingProxyType(
    {
        "loss_gap": loss_gap.run,
        "tta": tta.run,
        "two_stage": two_stage.run,
        "pixels": pixels.run,
        "split": split.run,
        "imbalance": imbalance.run,
        "look_closer": look_closer.run,
    }
)


def run_study(store: RunStore, name: str, size: StudySize, wait: Wait) -> StudyResult:
    """Train what is not there yet, evaluate, and keep the result in the home. Raises a `WildcamError`."""
    study, begun = find_study(name), time.monotonic()
    if size.task is not Task.SPECIES and not study.any_task:
        raise UsageError(f"The study {name} has the task species, received {size.task}: leave the task out.")
    context = StudyContext(store, name, size, wait)
    found = RUNNERS[name](context)
    result = StudyResult(
        study=name,
        size=size,
        found=found,
        runs=tuple(context.runs),
        trained=sum(context.runs.values()),
        command=command(name, size),
        made_at=datetime.now(UTC),
        minutes=(time.monotonic() - begun) / 60,
        versions=context.versions(),
    )
    result.write(store.settings.home / FOLDER)
    return result
