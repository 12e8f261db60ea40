"""Which photos the field models learn from: those whose licence permits it, with one name for each species.

    python models/field_photos.py PHOTOS field.csv

PHOTOS is a folder with `labels.csv` (path, label, datetime, licence); no photo is copied. `field/sources.csv` says
which folders are of one source, and `field/labels.csv` which labels are one species. The location in `field.csv` is
the source: folds of the cross-validation then leave whole sources out.
"""

import csv
import re
import sys
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent / "field"

PERMITTED = re.compile(r"\b(MIT|Apache-2\.0|CC0|CC[ -]BY|CDLA-permissive)\b", re.IGNORECASE)
RESTRICTED = re.compile(r"GPL|none stated|\b(NC|ND|SA)\b", re.IGNORECASE)

VALIDATION_SOURCE = "speciesnet_tests"
"""Too small and too odd to learn from (cut off, without colour, upside down), so it is the validation subset."""


def is_permitted(licence: str) -> bool:
    """Whether a model that ships may learn from photos under what the column `licence` says."""
    return bool(PERMITTED.search(licence)) and not RESTRICTED.search(licence)


def main(photos: Path, target: Path) -> None:
    """Write the table of the photos that may be used, and say what was left out and why."""
    sources = {row["folder"]: row["source"] for row in _rows(HERE / "sources.csv")}
    species = {row["label"]: row["species"] for row in _rows(HERE / "labels.csv")}
    rows = _rows(photos / "labels.csv")
    left_out: Counter[str] = Counter()
    used: Counter[str] = Counter()
    with target.open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["path", "label", "location", "datetime", "split"])
        for row in rows:
            folder = row["path"].split("/")[0]
            label = species.get(row["label"], row["label"])
            if not is_permitted(row["licence"]):
                left_out["their licence does not permit it"] += 1
            elif folder not in sources:
                left_out[f"field/sources.csv does not list their folder ({folder})"] += 1
            elif not label:
                left_out["they have no label of one species"] += 1
            else:
                source = sources[folder]
                used[source] += 1
                subset = "val" if source == VALIDATION_SOURCE else "train"
                table.writerow([row["path"], label, source, row["datetime"], subset])
    print(
        f"{used.total():,} of {len(rows):,} photos are used: {', '.join(f'{s} {n}' for s, n in sorted(used.items()))}"
    )
    for reason, count in left_out.most_common():
        print(f"{count:,} are left out: {reason}")


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
