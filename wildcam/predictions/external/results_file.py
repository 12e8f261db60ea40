"""Another program's file of results, recognised by what is in it."""

from pathlib import Path
from typing import Any, TypeVar

import msgspec

from wildcam.data.importers.contract import Remarks
from wildcam.data.importers.detector_boxes import Struck
from wildcam.data.importers.json_file import read_json
from wildcam.errors import DataError
from wildcam.predictions.external import megadetector, speciesnet
from wildcam.predictions.external.answers import ExternalAnswer, ExternalResults, PhotoName

EXPECTED = (
    "another program's results: MegaDetector's format, an object with the list `images`, which AddaxAI and WildCam "
    "write too, or SpeciesNet's, with the list `predictions`"
)


NOT_THERE = msgspec.Raw(b"")


class _File(msgspec.Struct):
    images: list[msgspec.Raw] | None = None
    predictions: list[msgspec.Raw] | None = None
    detection_categories: dict[str, str] | None = None
    classification_categories: dict[str, str] | None = None
    classification_category_descriptions: dict[str, str] | None = None
    annotations: msgspec.Raw = NOT_THERE  # a data set has them
    info: megadetector.Info | None = None


def read_results(path: Path, remarks: Remarks) -> ExternalResults:
    """Every photo's answer; an entry that cannot be read is a photo that failed, a box that does not count a remark.

    Raises `DataError` for another file.
    """
    file = read_json(path, _File, EXPECTED)
    if file.predictions is not None:
        return speciesnet.read_speciesnet([_entry(raw, speciesnet.Entry) for raw in file.predictions])
    if file.images is None or file.annotations != NOT_THERE:
        raise DataError(f"{path.name} has no results: expected {EXPECTED}.")
    names = megadetector.Names(
        file.detection_categories, file.classification_categories, file.classification_category_descriptions
    )
    entries = [_entry(raw, megadetector.Entry) for raw in file.images]
    struck = Struck()
    results = megadetector.read_megadetector(entries, file.info or megadetector.Info(), names, struck)
    struck.note(remarks)
    return results


Entry = TypeVar("Entry")


def _entry(raw: msgspec.Raw, type: type[Entry]) -> Entry | ExternalAnswer:
    try:
        return msgspec.json.decode(raw, type=type)
    except msgspec.ValidationError as error:
        loose: Any = msgspec.json.decode(raw)
        known = loose if isinstance(loose, dict) else {}
        photo = PhotoName.of(known.get("filepath") or known.get("file"), known.get("id"))
        return ExternalAnswer(photo, failure=f"its entry in the file cannot be read ({error})")
