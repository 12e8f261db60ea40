"""`study`: answer one of the experiments' open questions anew."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from wildcam.architectures.presets import Task
from wildcam.cli.follow import watch
from wildcam.cli.output import AsJson, print_json, print_rows
from wildcam.data.splits import SplitPolicy
from wildcam.errors import UsageError
from wildcam.runs.run import Run
from wildcam.runs.store import RunStore
from wildcam.settings import load_settings
from wildcam.studies.questions import STUDIES
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
    output: Annotated[Path | None, typer.Option(help="Keep the result in this folder, too.")] = None,
    as_json: AsJson = False,
) -> None:
    """Train, judge and say what can be concluded. What is trained already is not trained again."""
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
    for line in (f"Judged on {result.found.evaluated_on}.", *result.found.notes, "", result.found.verdict):
        print(line)


def _wait(store: RunStore, run: Run) -> Run:
    """Tell which run it is; Ctrl-C stops it, and with it the study, which goes on from there another time."""
    print(run.name, file=sys.stderr, flush=True)
    try:
        return watch(store, run)
    except KeyboardInterrupt:
        store.request_stop(run.id)
        raise


def _row(figure: Figure) -> dict[str, object]:
    ranges = "" if figure.low is None or figure.high is None else f"{figure.low:.3f} to {figure.high:.3f}"
    return {"score": figure.score, "condition": figure.condition, "value": f"{figure.value:.3f}", "range": ranges}
