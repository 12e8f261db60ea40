"""The prediction for every validation image after an epoch: a run's `validation.parquet`, `validation_best.parquet`."""

import io
from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wildcam import atomic
from wildcam.stored import read_stored_table

COLUMNS = ("image_id", "target", "prediction", "confidence", "target_probability")
"""`target` and `prediction` are classes by name; `confidence` is the prediction's probability. float32, 0–1."""

_LAST, _BEST = "validation.parquet", "validation_best.parquet"


_MISSED = "The errors of this run cannot be shown; its model, scores and curves are whole. Train again to see errors."


def validation_table(
    image_ids: Sequence[str], targets: NDArray[np.int64], probabilities: NDArray[np.float32], classes: Sequence[str]
) -> pd.DataFrame:
    """A row an image, in the order given. `targets`: (N,), positions in `classes`; `probabilities`: (N, C)."""
    names, rows = np.array(classes, dtype=object), np.arange(len(targets))
    predictions = probabilities.argmax(axis=1)  # (N,)
    table = pd.DataFrame(
        {
            "image_id": list(image_ids),
            "target": names[targets],
            "prediction": names[predictions],
            "confidence": probabilities[rows, predictions].astype(np.float32),
            "target_probability": probabilities[rows, targets].astype(np.float32),
        },
        columns=list(COLUMNS),
    )
    return table.astype({"image_id": "str", "target": "str", "prediction": "str"})


def write_validation(run_folder: Path, table: pd.DataFrame, *, best: bool) -> None:
    """Keep the last epoch's table, and as the best epoch's where it is; each file is the old or the new one, whole."""
    content = io.BytesIO()
    table.to_parquet(content, index=False, compression="zstd")
    for name in (_LAST, _BEST) if best else (_LAST,):
        atomic.write_bytes(run_folder / name, content.getvalue())


def read_validation(run_folder: Path, best: bool = True) -> pd.DataFrame | None:
    """The table (`COLUMNS`) of the best epoch so far or of the last one; None before the first.

    Raises `DamagedFile`.
    """
    try:
        return read_stored_table(run_folder / (_BEST if best else _LAST), _MISSED)
    except FileNotFoundError:
        return None


def remove_images(run_folder: Path, image_ids: Collection[str]) -> None:
    """Take images out of both tables."""
    for name in (_LAST, _BEST):
        path = run_folder / name
        if path.exists():
            table = read_stored_table(path, _MISSED)
            left = table[~table["image_id"].isin(image_ids)]
            atomic.write_bytes(path, left.to_parquet(index=False, compression="zstd"))


def recall_by_class(table: pd.DataFrame) -> pd.DataFrame:
    """`label`, `images`, `recall` (0–1) of every class that has images, the largest class first."""
    found = (table["target"] == table["prediction"]).groupby(table["target"])
    rows = pd.DataFrame({"images": found.size(), "recall": found.mean()}).rename_axis("label").reset_index()
    return rows.sort_values(["images", "label"], ascending=[False, True], ignore_index=True)


def hardest(table: pd.DataFrame, n: int) -> pd.DataFrame:
    """The `n` images whose target has the least probability, the hardest first."""
    return table.sort_values("target_probability", kind="stable", ignore_index=True).head(n)


def high_confidence_errors(table: pd.DataFrame, n: int) -> pd.DataFrame:
    """The `n` wrong predictions with the highest confidence, the highest first."""
    wrong = table[table["target"] != table["prediction"]]
    return wrong.sort_values("confidence", ascending=False, kind="stable", ignore_index=True).head(n)
