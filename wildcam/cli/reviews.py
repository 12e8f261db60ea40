"""`data reviews`: what people say of a data set's photos, beside its labels."""

from typing import Annotated

import typer

from wildcam import atomic
from wildcam.cli.filled_table import ReadTable, WriteTable
from wildcam.cli.output import AsJson, print_facts
from wildcam.data.catalog import open_dataset
from wildcam.data.reviews import Decision, Reviews
from wildcam.review.table import read_reviews, reviews_table
from wildcam.settings import load_settings
from wildcam.spreadsheet import to_csv


def reviews(
    name: Annotated[str, typer.Argument(help="The data set's name.")],
    write: WriteTable = None,
    read: ReadTable = None,
    as_json: AsJson = False,
) -> None:
    """How many photos were confirmed, corrected and left open; as a table, and from one (path, label)."""
    settings = load_settings()
    dataset = open_dataset(settings.datasets_dir, name)
    stored = len(Reviews(settings.home).add_all(read_reviews(read, dataset))) if read else None
    dataset = open_dataset(settings.datasets_dir, name)
    if write:
        atomic.write_bytes(write, to_csv(reviews_table(dataset)).encode("utf-8-sig"))
    said = list(dataset.reviews.by_path.values())
    facts: dict[str, object] = {"stored": stored} if stored is not None else {}
    facts |= {
        "photos": dataset.info.images,
        "confirmed": sum(review.confirms for review in said),
        "corrected": sum(review.has_label and not review.confirms for review in said),
        "not sure": sum(review.decision == Decision.UNDECIDED for review in said),
        "flagged": sum(review.decision == Decision.FLAG for review in said),
    }
    print_facts(facts | ({"written": str(write)} if write else {}), as_json=as_json)
