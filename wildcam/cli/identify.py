"""`identify`: verdicts on images."""

import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from wildcam.cli.output import AsJson, print_json, progress_bar
from wildcam.errors import DataError
from wildcam.serving.bundle import choose_pair
from wildcam.serving.classifier import load_two_stage
from wildcam.serving.tta import MAX_VIEWS
from wildcam.serving.two_stage import VerdictSource
from wildcam.settings import load_settings


def identify(
    images: Annotated[list[Path], typer.Argument(metavar="PHOTO...", help="Files to look at.")],
    empty_model: Annotated[str | None, typer.Option(help="Stage 1: empty or animal.")] = None,
    species_model: Annotated[str | None, typer.Option(help="Stage 2: which species.")] = None,
    views: Annotated[int, typer.Option(min=1, max=MAX_VIEWS, help="Times each photo is looked at.")] = 4,
    as_json: AsJson = False,
) -> None:
    """Say what two models and their votes see in each image."""
    classifier = load_two_stage(*choose_pair(load_settings().models, empty_model, species_model))
    results = {}
    with progress_bar("identifying") as bar:
        for number, path in enumerate(images, start=1):
            results[str(path)] = classifier.identify(path, views=views)
            bar.show(number, len(images))
    if as_json:
        print_json([{"image": name, **dataclasses.asdict(verdict)} for name, verdict in results.items()])
    else:
        for name, verdict in results.items():
            print(f"{name}: {verdict.sentence()}")
    failures = sum(verdict.source is VerdictSource.FAILURE for verdict in results.values())
    if failures == len(results):
        raise DataError(f"None of the {failures} photos could be read.")
