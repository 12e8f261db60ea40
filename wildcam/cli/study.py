"""`study`: rerun one of the studies of the experiments' open questions."""

from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from wildcam.architectures.presets import Task
from wildcam.cli.follow import watch
from wildcam.cli.output import AsJson, print_json, print_line, print_note, print_rows
from wildcam.data.splits import SplitPolicy
from wildcam.errors import UsageError
from wildcam.runs.run import Run
from wildcam.runs.store import RunStore
from wildcam.settings import load_settings
from wildcam.studies.catalog import STUDIES
from wildcam.studies.result import Figure, StudySize
from wildcam.studies.run_study import run_study

_SIZE = StudySize()
_HELP = {name: info.description for name, info in StudySize.model_fields.items()}


def study(
    name: Annotated[str, typer.Argument(help=f"One of: {', '.join(STUDIES)}.")],
    dataset: Annotated[str, typer.Option(help=_HELP["dataset"])] = _SIZE.dataset,
    task: Annotated[Task, typer.Option(help=_HELP["task"])] = _SIZE.task,
    split: Annotated[SplitPolicy, typer.Option(help=_HELP["split"])] = _SIZE.split,
    preset: Annotated[str, typer.Option(help=_HELP["preset"])] = _SIZE.preset,
    image_size: Annotated[int, typer.Option(min=32, help=_HELP["image_size"])] = _SIZE.image_size,
    epochs: Annotated[int, typer.Option(min=1, help=_HELP["epochs"])] = _SIZE.epochs,
    images: Annotated[int, typer.Option(min=0, help=_HELP["images"])] = _SIZE.images,
    seeds: Annotated[int, typer.Option(min=1, help=_HELP["seeds"])] = _SIZE.seeds,
    output: Annotated[Path | None, typer.Option(help="Write the result to this folder as well.")] = None,
    as_json: AsJson = False,
) -> None:
    """Run a study: train, evaluate, conclude. Finished trainings are reused."""
    try:
        size = StudySize(
            dataset=dataset,
            task=task,
            split=split,
            preset=preset,
            image_size=image_size,
            epochs=epochs,
            images=images,
            seeds=seeds,
        )
    except ValidationError as error:
        raise UsageError.of(error) from error
    result = run_study(RunStore(load_settings()), name, size, _wait)
    if output:
        result.write(output)
    if as_json:
        print_json(result.model_dump(mode="json"))
        return
    print_rows([_row(figure) for figure in result.found.figures], as_json=False, empty="No figures.")
    for line in (f"Evaluated on {result.found.evaluated_on}.", *result.found.notes, "", result.found.verdict):
        print_line(line)


def _wait(store: RunStore, run: Run) -> Run:
    """Name the run; Ctrl-C stops it, and with it the study, which continues from there when it is started again."""
    print_note(run.name)
    try:
        return watch(store, run)
    except KeyboardInterrupt:
        store.request_stop(run.id)
        raise


def _row(figure: Figure) -> dict[str, object]:
    interval = "" if figure.low is None or figure.high is None else f"{figure.low:.3f} to {figure.high:.3f}"
    return {"score": figure.score, "condition": figure.condition, "value": f"{figure.value:.3f}", "95 % CI": interval}
