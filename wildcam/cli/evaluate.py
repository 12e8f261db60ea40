"""`evaluate`: a batch of predictions against the ground truth of its data set."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from wildcam import atomic
from wildcam.cli.output import AsJson, print_facts, print_json, print_line
from wildcam.data.catalog import Dataset, open_dataset
from wildcam.errors import UsageError
from wildcam.evaluation.bootstrap import ConfidenceInterval
from wildcam.evaluation.end_to_end import Difference, by_class, by_location, compare, confusions
from wildcam.evaluation.inspection import ReviewReason, review_queue
from wildcam.evaluation.protocol import train_sizes
from wildcam.evaluation.summary import Summary, Unit, check_same_task, default_unit, score_by, summarise
from wildcam.predictions.batches import Batch, open_batch
from wildcam.reports.html_report import html_report
from wildcam.reports.model_card import model_card
from wildcam.runs.store import RunStore
from wildcam.settings import load_settings
from wildcam.spreadsheet import to_csv

LISTED = 10


def evaluate(
    run: Annotated[str, typer.Argument(metavar="RUN", help="A batch of predictions of a data set: see `predict`.")],
    per: Annotated[
        Unit | None,
        typer.Option(help="Evaluate per photo (image) or per burst; without it, as the labels were given."),
    ] = None,
    against: Annotated[str | None, typer.Option(help="Another batch of the same data set to compare with.")] = None,
    report: Annotated[Path | None, typer.Option(help="Write a report: one HTML file that opens offline.")] = None,
    card: Annotated[Path | None, typer.Option(help="Write a model card with these scores, as Markdown.")] = None,
    labels: Annotated[
        Path | None, typer.Option(help="Write the suspected label errors as CSV, the most suspected first.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Evaluate a batch against its labels. Accuracy and macro-F1 have a 95 % CI (bootstrap by location)."""
    store = RunStore(load_settings())
    batch, dataset, scored, unit = _open(store, run, per)
    summary = summarise(scored, batch.metadata, dataset, batch.request.subset, batch.request.split_spec, unit)
    if report:
        atomic.write_bytes(report, html_report(summary, scored).encode())
    if card:
        atomic.write_bytes(card, model_card(summary, batch.metadata.cards).encode())
    if labels:
        suspected = review_queue(scored, ReviewReason.LABEL_ERROR, two_stages=batch.metadata.has_two_stages)
        atomic.write_bytes(labels, to_csv(suspected).encode())
    difference = _compare(store, batch, scored, against, unit) if against else None
    if as_json:
        sizes = train_sizes(dataset, summary.subset, batch.request.split_spec)
        tables = {
            "classes": by_class(scored, sizes),
            "confusions": confusions(scored),
            "locations": by_location(scored),
        }
        rows = {name: table.to_dict("records") for name, table in tables.items()}
        print_json(summary.model_dump(mode="json") | ({"difference": asdict(difference)} if difference else {}) | rows)
        return
    print_facts(_lines(summary, difference), as_json=False)
    for row in confusions(scored).head(LISTED).to_dict("records"):
        print_line(f"{row['images']:>6,} × {row['ground_truth']} predicted as {row['label']}")


def _open(store: RunStore, run: str, per: Unit | None) -> tuple[Batch, Dataset, pd.DataFrame, Unit]:
    batch = open_batch(store, run)
    name = batch.run.params.get("dataset", "")
    if not name:
        raise UsageError(
            f"Batch {batch.run.name} is of files without labels, and an evaluation needs labels: predict a data set."
        )
    dataset = open_dataset(store.settings.datasets_dir, name)
    unit = per or default_unit(dataset)
    return batch, dataset, score_by(unit, batch.table(), dataset, batch.metadata.task), unit


def _compare(store: RunStore, batch: Batch, scored: pd.DataFrame, against: str, per: Unit) -> Difference:
    other, dataset, scored_other, _ = _open(store, against, per)
    if dataset.name != batch.request.dataset:
        raise UsageError(
            f"Batch {other.run.name} is of the data set {dataset.name}, {batch.run.name} of {batch.request.dataset}: "
            "choose a batch of the same data set to compare with."
        )
    check_same_task(batch.metadata, other.metadata)
    return compare(scored, scored_other)


def _lines(summary: Summary, difference: Difference | None) -> dict[str, str]:
    """What a person reads first, by title; of a difference the scores alone."""
    scores = summary.scores
    unit = summary.unit.display
    values: dict[str, ConfidenceInterval | float | int | str | None] = {
        summary.unit.plural: scores.images,
        "locations": scores.location_counts.describe(unit),
        "accuracy": scores.accuracy,
        "macro-F1": scores.macro_f1,
        "balanced accuracy": scores.balanced_accuracy,
        "top-5 accuracy": scores.top_5,
        "missed animals": scores.missed_animals,
        "blank recall": scores.blank_recall,
        **{f"outcome, {outcome.display}": count for outcome, count in scores.outcomes.items()},
        **{f"baseline, {baseline.title}": baseline.accuracy for baseline in scores.baselines},
        "expected calibration error": summary.calibration_error,
        "AUROC of stage 1": summary.empty_filter.auroc if summary.empty_filter else None,
        **{f"macro-F1, {row.band}": row.f1 for row in summary.bands},
        "difference in accuracy": difference.accuracy if difference else None,
        "difference in macro-F1": difference.macro_f1 if difference else None,
        "settings": summary.settings or None,
        "note": summary.leakage or None,
    }
    return {title: _format(value) for title, value in values.items() if value is not None}


def _format(value: ConfidenceInterval | float | int | str) -> str:
    if isinstance(value, ConfidenceInterval):
        return f"{value.value:.3f} (95 % CI {value.low:.3f} to {value.high:.3f})"
    return f"{value:.3f}" if isinstance(value, float) else str(value)
