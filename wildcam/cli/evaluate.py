"""`evaluate`: a batch of predictions against the labels of its data set."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from wildcam import atomic
from wildcam.cli.output import AsJson, print_facts, print_json
from wildcam.data.catalog import Dataset, open_dataset
from wildcam.errors import UsageError
from wildcam.evaluation.bootstrap import ConfidenceInterval
from wildcam.evaluation.end_to_end import by_class, by_location, compare, confusions
from wildcam.evaluation.inspection import ReviewReason, inspect
from wildcam.evaluation.protocol import train_sizes
from wildcam.evaluation.summary import Summary, Unit, check_same_task, score_by, summarise
from wildcam.predictions.batches import Batch, open_batch
from wildcam.reports.report import model_card, report_html
from wildcam.runs.store import RunStore
from wildcam.settings import load_settings

LISTED = 10


def evaluate(
    run: Annotated[str, typer.Argument(metavar="RUN", help="A batch of predictions of a data set: see `predict`.")],
    per: Annotated[Unit, typer.Option(help="Judge each photo, or each burst as one.")] = Unit.IMAGE,
    against: Annotated[str | None, typer.Option(help="Another batch of the same data set, to compare with.")] = None,
    report: Annotated[Path | None, typer.Option(help="Write a report: one HTML file that opens offline.")] = None,
    card: Annotated[Path | None, typer.Option(help="Write a model card with these figures, as Markdown.")] = None,
    labels: Annotated[
        Path | None, typer.Option(help="Write the labels in doubt as CSV, the most suspected first.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """How many images get the right final answer, where the errors come from, and how sure that is."""
    store = RunStore(load_settings())
    batch, dataset, scored = _open(store, run, per)
    summary = summarise(scored, batch.metadata, dataset, batch.request.subset, batch.request.split_spec, per)
    if report:
        atomic.write_bytes(report, report_html(summary, scored).encode())
    if card:
        atomic.write_bytes(card, model_card(summary, batch.metadata.cards).encode())
    if labels:
        doubtful = inspect(scored, ReviewReason.LABEL, two_stages=batch.metadata.has_two_stages)
        atomic.write_bytes(labels, doubtful.to_csv(index=False).encode())
    difference = _difference(store, batch, scored, against, per) if against else {}
    if as_json:
        sizes = train_sizes(dataset, summary.subset, batch.request.split_spec)
        tables = {
            "classes": by_class(scored, sizes),
            "confusions": confusions(scored),
            "locations": by_location(scored),
        }
        rows = {name: table.to_dict("records") for name, table in tables.items()}
        print_json(summary.model_dump(mode="json") | difference | rows)
        return
    print_facts({name: _words(value) for name, value in _lines(summary, difference).items()}, as_json=False)
    for row in confusions(scored).head(LISTED).to_dict("records"):
        print(f"{row['images']:>6,} × {row['ground_truth']} called {row['label']}")


def _open(store: RunStore, run: str, per: Unit) -> tuple[Batch, Dataset, pd.DataFrame]:
    batch = open_batch(store, run)
    name = batch.run.params.get("dataset", "")
    if not name:
        raise UsageError(f"{batch.run.name} looked at files without labels: predict a data set to judge it.")
    dataset = open_dataset(store.settings.datasets_dir, name)
    return batch, dataset, score_by(per, batch.table(), dataset, batch.metadata.task)


def _difference(store: RunStore, batch: Batch, scored: pd.DataFrame, against: str, per: Unit) -> dict[str, Any]:
    other, dataset, its_judged = _open(store, against, per)
    if dataset.name != batch.request.dataset:
        raise UsageError(f"{other.run.name} looked at another data set: only batches of one data set can be compared.")
    check_same_task(batch.metadata, other.metadata)
    return {"difference": asdict(compare(scored, its_judged))}


def _lines(summary: Summary, difference: dict[str, Any]) -> dict[str, Any]:
    """The figures that a person reads first; of a difference the figure alone."""
    scores = vars(summary.scores)
    lines = {
        name: value for name, value in scores.items() if name not in ("outcomes", "baselines") and value is not None
    }
    lines |= scores["outcomes"] | scores["baselines"] | {"calibration error": summary.calibration_error}
    if summary.empty_filter:
        lines |= {"AUROC of stage 1": summary.empty_filter.auroc}
    for row in summary.bands:
        lines[f"mean F1 of the {row['band']}"] = row["f1"]
    if difference:
        for name, title in (("accuracy", "accuracy"), ("macro_f1", "macro-F1")):
            lines[f"difference in {title}"] = ConfidenceInterval(**difference["difference"][name])
    return lines | ({"note": summary.training_saw} if summary.training_saw else {})


def _words(value: object) -> str:
    if isinstance(value, ConfidenceInterval):
        return f"{value.value:.3f} ({value.low:.3f} to {value.high:.3f})"
    return f"{value:.3f}" if isinstance(value, float) else str(value)
