"""A CSV for spreadsheets and R: a row an image, every column but those of the heat map and the closer look."""

from pathlib import Path

import numpy as np
import pandas as pd

from wildcam import atomic
from wildcam.errors import DataError
from wildcam.exports.deployment_table import DeploymentTable
from wildcam.exports.options import ExportOptions
from wildcam.predictions.looking_columns import LOOKING_COLUMNS
from wildcam.predictions.table import SCHEMA, as_table
from wildcam.spreadsheet import to_csv, unguarded

TOP = 5
TOP_COLUMNS = tuple(f"top{rank}{part}" for rank in range(1, TOP + 1) for part in ("", "_probability"))
PLACE = ("latitude", "longitude", "deploymentGroups")
"""Columns of the table of deployments, where one is given."""

TEXT = ("image_id", "path", "location", "sequence_id", "label", "failure", "camera", "reviewed_by", *TOP_COLUMNS[::2])
"""Columns whose text comes from outside: names of files, locations and species."""

_LATER = ("camera", "utc_offset", "reviewed_at", "reviewed_by")
"""Columns that files of earlier versions have not."""


def write_csv(table: pd.DataFrame, path: Path, options: ExportOptions = ExportOptions()) -> None:
    """UTF-8 with a header, and with a byte-order mark where it is asked for."""
    flat = table.drop(columns=["top_labels", "top_probabilities", *LOOKING_COLUMNS], errors="ignore")
    for rank in range(TOP):
        flat[f"top{rank + 1}"] = [labels[rank] if rank < len(labels) else "" for labels in table["top_labels"]]
        probabilities = [values[rank] if rank < len(values) else np.nan for values in table["top_probabilities"]]
        flat[f"top{rank + 1}_probability"] = np.array(probabilities, np.float32)  # written no longer than they are
    for side in ("width", "height"):  # 0 is unknown, and no size
        flat[side] = flat[side].astype("Int32").mask(flat[side] == 0)
    for name in ("camera", "reviewed_by"):
        flat[name] = flat[name].fillna("")
    names = TEXT
    if options.deployments:
        known = DeploymentTable.read(options.deployments)
        for name in PLACE:
            flat[name] = flat["location"].map(lambda location, name=name: known.of(location).values.get(name, ""))
        names = (*TEXT, PLACE[-1])
    for name in names:
        flat[name] = flat[name].astype(str)
    encoding = "utf-8-sig" if options.byte_order_mark else "utf-8"
    atomic.write_bytes(path, to_csv(flat).encode(encoding))


def read_csv(path: Path) -> pd.DataFrame:
    """What `write_csv` wrote, as a table of predictions. Raises `DataError` for another CSV."""
    try:
        return _table(path)
    except (OSError, ValueError) as error:  # of pandas, of Arrow, of the encoding
        raise DataError(f"{path.name} cannot be read as a table of predictions ({error}): export it again.") from error


def _table(path: Path) -> pd.DataFrame:
    flat = pd.read_csv(
        path,
        dtype=dict.fromkeys((*TEXT, "source", "ties"), "str"),
        keep_default_na=False,
        na_values={"taken_at": [""]},
        encoding="utf-8-sig",
    )
    kept = (name for name in SCHEMA.names if not name.startswith("top_") and name not in LOOKING_COLUMNS)
    expected = [*kept, *TOP_COLUMNS]
    flat = flat.drop(columns=[name for name in PLACE if name in flat])
    flat = flat.assign(**dict.fromkeys(set(_LATER) - set(flat), ""))
    if sorted(flat.columns) != sorted(expected):
        raise DataError(f"{path.name} is not a table of predictions: expected the columns {', '.join(expected[:6])}, …")
    for name in TEXT:
        flat[name] = flat[name].map(unguarded)
    rows = flat.to_dict("records")
    for row in rows:
        ranked = [(row.pop(f"top{k}"), row.pop(f"top{k}_probability")) for k in range(1, TOP + 1)]
        row["top_labels"] = [label for label, _ in ranked if label]
        row["top_probabilities"] = [float(value) for label, value in ranked if label]
        for name in ("taken_at", "reviewed_at"):
            row[name] = pd.Timestamp(row[name]).to_pydatetime() if row[name] and not pd.isna(row[name]) else None
        row |= {side: int(float(row[side] or 0)) for side in ("width", "height")}
        row["utc_offset"] = int(float(row["utc_offset"])) if row["utc_offset"] != "" else None
        row["p_empty"] = float(row["p_empty"]) if row["p_empty"] != "" else None
    return as_table(rows)
