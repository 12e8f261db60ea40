"""`data import --dry-run`: what would come in, as the page previews it."""

import dataclasses
from collections.abc import Iterable

from wildcam.cli.output import print_json, print_line, print_rows
from wildcam.counting import counted
from wildcam.data.catalog import Remark, Status
from wildcam.data.importers import ColumnMap, Imported, Preview
from wildcam.data.labels import LabelPolicy

SHOWN_ROWS = 10
SHOWN_COLUMNS = ("path", "label", "second_label", "location", "taken_at", "sequence_id", "given_split", "status")


def print_dry_run(preview: Preview, imported: Imported, *, as_json: bool) -> None:
    """The format, what columns or levels of folders are taken for, figures, labels with roles, first rows, remarks."""
    index = imported.index
    labels = {str(label): int(count) for label, count in index["label"].value_counts().items() if count}
    missing = int((index["status"] == Status.MISSING).sum())
    columns = dataclasses.asdict(preview.columns) if isinstance(preview.columns, ColumnMap) else {}
    columns = {field: name for field, name in columns.items() if name}
    shown = index[[name for name in SHOWN_COLUMNS if index[name].notna().any()]].head(SHOWN_ROWS).astype("string")
    rows = shown.astype("object").where(shown.notna(), None).to_dict("records")
    if as_json:
        levels = [{"names": level.names, "level": str(level.level)} for level in preview.levels]
        facts: dict[str, object] = {"stored": False, "format": preview.format, "images": len(index), "missing": missing}
        figures = {"locations": int(index["location"].nunique()), "labels": labels}
        warnings = [remark.model_dump(mode="json") for remark in imported.remarks]
        print_json(facts | figures | {"columns": columns, "levels": levels, "rows": rows, "warnings": warnings})
        return
    print_line(f"{counted(len(index), 'photo')} would come in, format {preview.format}. Nothing is stored.")
    for field, name in columns.items():
        print_line(f"  {field}: column {name!r}")
    for number, level in enumerate(preview.levels, start=1):
        doubt = " (in doubt: choose with --levels)" if level.doubtful else ""
        print_line(
            f"  level {number} of the folders ({', '.join(level.names)}, …): {level.level.display.lower()}{doubt}"
        )
    policy = LabelPolicy.suggest(labels)
    print_line(f"  locations: {index['location'].nunique():,}; missing files: {missing:,}")
    for label, count in labels.items():
        print_line(f"  {count:,} × {label} ({policy.role(label)})")
    print_rows([{str(name): value for name, value in row.items()} for row in rows], as_json=False, empty="")
    print_remarks(imported.remarks)


def print_remarks(remarks: Iterable[Remark]) -> None:
    """What an importer repaired or skipped: how often, and the first."""
    for remark in remarks:
        print_line(f"  {remark.count:,} × {remark.what}" + (f" (first: {remark.example})" if remark.example else ""))
