"""`identify`: verdicts on photos, at once and in this process."""

import dataclasses
import glob
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from wildcam.cli.inference_options import (
    Closer,
    CloserWeight,
    EmptyThreshold,
    Quick,
    Set,
    UnknownThreshold,
    ViewAggregation,
    Views,
)
from wildcam.cli.output import AsJson, print_json, print_line, print_note, progress_bar
from wildcam.counting import counted
from wildcam.data.photo_walk import PhotoWalk
from wildcam.errors import DataError, UsageError
from wildcam.serving.batch_inference import classify_images
from wildcam.serving.bundle import choose_pair, missing_default
from wildcam.serving.inference_options import InferenceOptions
from wildcam.serving.look_closer import NO_CLOSER_LOOK
from wildcam.serving.two_stage import Aggregation, Thresholds, VerdictSource
from wildcam.serving.two_stage_classifier import load_two_stage
from wildcam.settings import load_settings


def identify(
    photos: Annotated[
        list[str], typer.Argument(metavar="PHOTO...", help="Files, folders (with subfolders) and glob patterns.")
    ],
    empty_model: Annotated[str | None, typer.Option(help="Stage 1: empty or animal.")] = None,
    species_model: Annotated[str | None, typer.Option(help="Stage 2: which species.")] = None,
    views: Views = None,
    view_set: Set = None,
    closer: Closer = False,
    closer_weight: CloserWeight = None,
    quick: Quick = False,
    aggregation: ViewAggregation = Aggregation.VOTE,
    empty_threshold: EmptyThreshold = None,
    unknown_threshold: UnknownThreshold = None,
    as_json: AsJson = False,
) -> None:
    """Classify photos: empty, or which species. For thousands of photos, use `predict`."""
    paths = _unique(path for given in photos for path in _expand(given))
    model_dirs = load_settings().model_dirs
    print_note(missing_default(model_dirs))
    classifier = load_two_stage(*choose_pair(model_dirs, empty_model, species_model))
    own = classifier.thresholds
    thresholds = Thresholds(
        own.empty if empty_threshold is None else empty_threshold,
        own.unknown if unknown_threshold is None else unknown_threshold,
    )
    if closer and closer_weight is None:
        closer_weight = classifier.species.card.closer_weight
    options = InferenceOptions(views, aggregation, thresholds, quick, view_set, closer_weight or 0.0)
    if options.closer_weight and not classifier.can_look_closer():
        print_note(NO_CLOSER_LOOK)
    verdicts = classify_images(partial(classifier.identify, options=options), ((path, None) for path in paths))
    rows, failures = [], 0
    with progress_bar("identifying") as bar:
        for number, (path, verdict) in enumerate(zip(paths, verdicts, strict=True), start=1):
            bar.show(number, len(paths))
            failures += verdict.source is VerdictSource.FAILURE
            if as_json:
                rows.append({"photograph": path, **dataclasses.asdict(verdict)})  # the key that other programs read
            else:
                print_line(f"{path}: {verdict.sentence()}")
    if as_json:
        print_json(rows)
    if failures:
        sentence = f"{failures:,} of {counted(len(paths), 'photo')} could not be read: their rows give the reason."
        if failures == len(paths):
            raise DataError(sentence)
        print_note(sentence)  # the others are answered


def _expand(given: str) -> Iterator[str]:
    """The files that an argument stands for. Raises `UsageError` for a folder or pattern without any."""
    if Path(given).is_dir():
        walk = PhotoWalk(Path(given))
        files = [str(Path(given, path)) for path in walk]
        for failure in walk.failures:
            print_note(f"{failure.path} in {given} cannot be read ({failure.reason}): its photos are not identified.")
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
            print_note(f"{path} is given twice: it is classified once, as {first[file]}.")
        first.setdefault(file, path)
    return list(first.values())
