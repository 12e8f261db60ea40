"""`data deployments`: the table of deployments of a data set, filled once and used by Camtrap DP, CSV and COCO."""

from typing import Annotated

import typer

from wildcam import atomic
from wildcam.cli.filled_table import ReadTable, WriteTable, facts_of_others
from wildcam.cli.output import AsJson, print_facts
from wildcam.data import catalog
from wildcam.exports.deployment_table import DeploymentTable, template
from wildcam.settings import load_settings
from wildcam.spreadsheet import to_csv


def deployments(
    name: Annotated[str, typer.Argument(help="The data set's name.")],
    write: WriteTable = None,
    read: ReadTable = None,
    as_json: AsJson = False,
) -> None:
    """Coordinates, camera, groups and effort of each location; without options, what is stored."""
    dataset = catalog.open_dataset(load_settings().datasets_dir, name)
    groups = dataset.index.groupby("location", observed=True)["taken_at"].agg(first="min", last="max").reset_index()
    if read:
        DeploymentTable.read(read)
        catalog.update_deployments(dataset, read.read_bytes())
    if write:
        table = (
            dataset.deployments_path.read_bytes()
            if dataset.deployments_path
            else to_csv(template(groups)).encode("utf-8-sig")
        )
        atomic.write_bytes(write, table)
    known = DeploymentTable.read(dataset.deployments_path)
    listed = [known.of(str(location)) for location in groups["location"]]
    days = [each.days for each in listed]
    others = sorted(set(known.by_location) - set(groups["location"].astype("string")))
    facts: dict[str, object] = {
        "locations": len(groups),
        "with coordinates": sum(each.point is not None for each in listed),
        "with start and end": sum(each is not None for each in days),
        "camera days": round(sum(each for each in days if each is not None), 1),
    }
    print_facts(facts | facts_of_others("locations", others, write), as_json=as_json)
