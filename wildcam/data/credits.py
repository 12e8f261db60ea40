"""Where the photos of a data set come from: sources with their licences, kept with the data set as `credits.json`."""

import csv
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from wildcam import atomic
from wildcam.data.catalog import Dataset
from wildcam.errors import DataError

FILE = "credits.json"


class Credit(BaseModel):
    """The photos of one folder of a data set."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    folder: str  # the first part of the path of its photos
    source: str  # the collection; several folders may be of one
    locations: int = Field(ge=0, description="Locations that are known to be different; 0 where none is a further one.")
    licence: str  # SPDX
    url: str = ""


_CREDITS = TypeAdapter(tuple[Credit, ...])


def read_credits(path: Path) -> tuple[Credit, ...]:
    """A CSV with the columns of a `Credit`. Raises `DataError` for another file, with the line that does not fit."""
    credits = []
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, ValueError) as error:
        raise DataError(f"{path} cannot be read ({error}): expected a CSV in UTF-8.") from error
    for number, row in enumerate(csv.DictReader(lines), start=2):
        try:
            credits.append(Credit.model_validate(row))
        except ValidationError as error:
            first = error.errors()[0]
            raise DataError(
                f"{path.name}, line {number}: {first['loc'][0]}: {first['msg']}. The columns are "
                f"{', '.join(Credit.model_fields)}."
            ) from error
    return tuple(credits)


def save_credits(dataset: Dataset, credits: Sequence[Credit]) -> None:
    """Keep them with the data set. Raises `DataError` for a folder that holds no photo of it."""
    folders = set(dataset.index["path"].str.split("/").str[0])
    for credit in credits:
        if credit.folder not in folders:
            raise DataError(
                f"No photo of the data set {dataset.name} is in a folder {credit.folder!r}; its folders are "
                f"{', '.join(sorted(folders)[:10])}."
            )
    atomic.write_bytes(dataset.folder / FILE, _CREDITS.dump_json(tuple(credits), indent=1))


def load_credits(dataset: Dataset) -> tuple[Credit, ...]:
    """The data set's; none where none were given. Raises `DataError` where the file is damaged."""
    path = dataset.folder / FILE
    if not path.is_file():
        return ()
    try:
        return _CREDITS.validate_json(path.read_bytes())
    except ValidationError as error:
        raise DataError(f"{path} is damaged: give the sources again (data credits).") from error
