"""`identify`: verdicts on photos, at once and in this process."""

import dataclasses
import glob
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from wildcam.cli.inference_options import EmptyThreshold, Quick, UnknownThreshold, ViewAggregation, Views
from wildcam.cli.output import AsJson, print_json, progress_bar
from wildcam.data.importers.files import images_under
from wildcam.errors import DataError, UsageError
from wildcam.serving.batch_inference import classify_images
from wildcam.serving.bundle import default_pair
from wildcam.serving.classifier import InferenceOptions, load_two_stage
from wildcam.serving.tta import DEFAULT_VIEWS
from wildcam.serving.two_stage import Aggregation, Thresholds, VerdictSource
from wildcam.settings import load_settings


def identify(
    photos: Annotated[
        list[str], typer.Argument(metavar="PHOTO...", help="Files, folders (with subfolders) and glob patterns.")
    ],
    empty_model: Annotated[str | None, typer.Option(help="Stage 1: empty or animal.")] = None,
    species_model: Annotated[str | None, typer.Option(help="Stage 2: which species.")] = None,
    views: Views = DEFAULT_VIEWS,
    quick: Quick = False,
    aggregation: ViewAggregation = Aggregation.VOTE,
    empty_threshold: EmptyThreshold = None,
    unknown_threshold: UnknownThreshold = None,
    as_json: AsJson = False,
) -> None:
    """Classify photos: empty, or which species. Thousands of photos are better a batch: see `predict`."""
    paths = _unique(path for given in photos for path in _expand(given))
    classifier = load_two_stage(*default_pair(load_settings(), empty_model, species_model))
    own = classifier.thresholds
    thresholds = Thresholds(
        own.empty if empty_threshold is None else empty_threshold,
        own.unknown if unknown_threshold is None else unknown_threshold,
    )
    options = InferenceOptions(views, aggregation, thresholds, quick)
    verdicts = classify_images(partial(classifier.identify, options=options), ((path, None) for path in paths))
    rows, failures = [], 0
    with progress_bar("identifying") as bar:
        for number, (path, verdict) in enumerate(zip(paths, verdicts, strict=True), start=1):
            bar.show(number, len(paths))
            failures += verdict.source is VerdictSource.FAILURE
            if as_json:
                rows.append({"photograph": path, **dataclasses.asdict(verdict)})  # the key that other programs read
            else:
                print(f"{path}: {verdict.sentence()}")
    if as_json:
        print_json(rows)
    if failures:
        raise DataError(f"{failures:,} of {len(paths):,} photos could not be read: their rows give the reason.")


def _expand(given: str) -> Iterator[str]:
    """The files that an argument stands for. Raises `UsageError` for a folder or pattern without any."""
    if Path(given).is_dir():
        files = [str(Path(given, path)) for path in images_under(Path(given))]
        if not files:
            raise UsageError(f"The folder {given} has no photos: expected JPEG, PNG, TIFF, WebP, GIF or BMP files.")
        yield from files
    elif glob.has_magic(given) and not Path(given).exists():
        matches = sorted(glob.glob(given, recursive=True))
        if not matches:
            raise UsageError(f"No file matches {given!r}: check the pattern.")
        for match in matches:
            yield from _expand(match)
    else:
        yield given


def _unique(paths: Iterator[str]) -> list[str]:
    """Each file once, by its first path; the others are reported on standard error."""
    first: dict[Path, str] = {}
    for path in paths:
        file = Path(path).resolve()
        if file in first:
            print(f"{path} is given twice: it is identified once, as {first[file]}.", file=sys.stderr)
        first.setdefault(file, path)
    return list(first.values())
