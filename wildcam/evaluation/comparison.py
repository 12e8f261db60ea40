"""Runs side by side: a table of what came out, what their recipes differ in, and whether they were judged alike."""

from collections.abc import Sequence

import pandas as pd

from wildcam.runs.run import Run

COMPARISON_COLUMNS = {
    "id": "str",
    "run": "str",
    "what": "str",  # Kind
    "state": "str",
    "preset": "str",
    "dataset": "str",
    "best_epoch": "float64",
    "accuracy": "float64",  # of the exported model on validation, 0–1; before that of the last epoch
    "macro_f1": "float64",
    "gap": "float64",  # accuracy at the same cameras minus accuracy at new cameras
    "trainable_parameters": "float64",
    "total_parameters": "float64",
    "seconds_per_epoch": "float64",
    "milliseconds_per_image": "float64",
    "megabytes": "float64",  # of the exported graph
    "note": "str",
    "submitted": "datetime64[ms, UTC]",
}
"""Columns of a table of runs with their dtypes; NaN for what is not known."""


def comparison(runs: Sequence[Run]) -> pd.DataFrame:
    """A row a run, `COMPARISON_COLUMNS`, in the order given."""
    rows = [_row(run) for run in runs]
    return pd.DataFrame(rows, columns=list(COMPARISON_COLUMNS)).astype(COMPARISON_COLUMNS)


def differences(runs: Sequence[Run]) -> pd.DataFrame:
    """The fields of the recipes (rows) that are not the same in all runs (columns, by name)."""
    fields = list(dict.fromkeys(name for run in runs for name in run.params))
    values = {f"{run.name} ({run.id[:4]})": [run.params.get(field) for field in fields] for run in runs}
    table = pd.DataFrame(values, index=pd.Index(fields, name="field"), dtype="object")
    return table[table.nunique(axis="columns", dropna=False) > 1]


def have_the_same_split(runs: Sequence[Run]) -> bool:
    """Whether all runs were dealt the same images to the same sides, so that their scores may be compared."""
    return len({run.tags.get("split_fingerprint") for run in runs}) <= 1


def _row(run: Run) -> dict[str, object]:
    at_new, at_known = _number(run, "val_accuracy"), _number(run, "id_val_accuracy")
    graph = run.bundle_dir / "model.onnx"
    return {
        "id": run.id,
        "run": run.name,
        "what": str(run.kind),
        "state": str(run.state),
        "preset": run.params.get("preset", ""),
        "dataset": run.params.get("dataset", ""),
        "best_epoch": _number(run, "best_epoch"),
        "accuracy": at_new if at_new is not None else run.metrics.get("val_accuracy"),
        "macro_f1": first if (first := _number(run, "val_macro_f1")) is not None else run.metrics.get("val_macro_f1"),
        "gap": at_known - at_new if at_known is not None and at_new is not None else None,
        "trainable_parameters": _number(run, "trainable_parameters"),
        "total_parameters": _number(run, "total_parameters"),
        "seconds_per_epoch": _number(run, "seconds_per_epoch"),
        "milliseconds_per_image": _number(run, "milliseconds_per_image"),
        "megabytes": graph.stat().st_size / 1e6 if graph.exists() else None,
        "note": run.note,
        "submitted": run.submitted_at,
    }


def _number(run: Run, tag: str) -> float | None:
    try:
        return float(run.tags[tag])
    except (KeyError, ValueError):
        return None
