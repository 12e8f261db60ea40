"""`data names`: the scientific and common names of a data set's labels, shown on every page and used by Camtrap DP."""

from typing import Annotated

import typer

from wildcam import atomic
from wildcam.cli.filled_table import ReadTable, WriteTable, facts_of_others
from wildcam.cli.output import AsJson, print_facts
from wildcam.data import catalog
from wildcam.data.importers.names_table import read_names
from wildcam.settings import load_settings
from wildcam.spreadsheet import to_csv


def names(
    name: Annotated[str, typer.Argument(help="The data set's name.")],
    write: WriteTable = None,
    read: ReadTable = None,
    as_json: AsJson = False,
) -> None:
    """Scientific and common name of each label; without options, how many are stored."""
    dataset = catalog.open_dataset(load_settings().datasets_dir, name)
    if read:
        dataset = catalog.update_names(dataset, read_names(read))
    known = dataset.info.names
    table = known.to_table(dataset.label_sizes.index)
    if write:
        atomic.write_bytes(write, to_csv(table).encode("utf-8-sig"))
    others = known.not_among(table["label"])
    facts: dict[str, object] = {
        "labels": len(table),
        "with a scientific name": int((table["scientific_name"] != "").sum()),
        "with a common name": int((table["common_name"] != "").sum()),
    }
    print_facts(facts | facts_of_others("labels", others, write), as_json=as_json)
