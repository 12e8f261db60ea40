"""`evaluate`: a batch of predictions against the labels of its data set."""

from dataclasses import asdict
from typing import Annotated, Any

import pandas as pd
import typer

from wildcam.cli.output import AsJson, print_facts, print_json
from wildcam.data.catalog import open_dataset
from wildcam.errors import UsageError
from wildcam.evaluation.bootstrap import Interval
from wildcam.evaluation.end_to_end import by_band, by_class, calibration_error, compare, confusions, end_to_end
from wildcam.evaluation.truth import judge
from wildcam.predictions.batches import Batch, open_batch
from wildcam.runs.store import RunStore
from wildcam.settings import Settings, load_settings

LISTED = 10


def evaluate(
    run: Annotated[str, typer.Argument(metavar="RUN", help="A batch of predictions of a data set: see `predict`.")],
    against: Annotated[str | None, typer.Option(help="Another batch of the same data set, to compare with.")] = None,
    as_json: AsJson = False,
) -> None:
    """How many photographs get the right final answer, where the errors come from, and how sure that is."""
    settings = load_settings()
    store = RunStore(settings)
    batch = open_batch(store, run)
    judged = _judge(batch, settings)
    found, classes = end_to_end(judged), by_class(judged)
    error, _ = calibration_error(judged)
    facts: dict[str, Any] = asdict(found) | {"expected_calibration_error": error}
    if against:
        other = open_batch(store, against)
        if other.run.params.get("dataset") != batch.run.params.get("dataset"):
            raise UsageError(
                f"{other.run.name} looked at another data set: only batches of one data set can be compared."
            )
        facts["difference"] = asdict(compare(judged, _judge(other, settings)))
    if as_json:
        more = {"bands": by_band(classes), "classes": classes, "confusions": confusions(judged)}
        print_json(facts | {name: table.to_dict("records") for name, table in more.items()})
        return
    print_facts({name: _words(getattr(found, name, value)) for name, value in _lines(facts).items()}, as_json=False)
    for row in confusions(judged).head(LISTED).to_dict("records"):
        print(f"{row['photographs']:>6,} × {row['truth']} called {row['label']}")


def _judge(batch: Batch, settings: Settings) -> pd.DataFrame:
    name = batch.run.params.get("dataset", "")
    if not name:
        raise UsageError(f"{batch.run.name} looked at files without labels: predict a data set to judge it.")
    return judge(batch.table(), open_dataset(settings.datasets_dir, name))


def _lines(facts: dict[str, Any]) -> dict[str, Any]:
    """Nested figures side by side; of a difference the figure alone."""
    lines = {}
    for name, value in facts.items():
        if name == "difference":
            lines["difference in accuracy"] = Interval(**value["accuracy"])
        elif name in ("outcomes", "floors"):
            lines |= value
        else:
            lines[name] = value
    return lines


def _words(value: object) -> str:
    if isinstance(value, Interval):
        return f"{value.value:.3f} ({value.low:.3f} to {value.high:.3f})"
    return f"{value:.3f}" if isinstance(value, float) else str(value)
