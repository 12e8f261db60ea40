"""COCO Camera Traps JSON: images, categories, an annotation an image.

https://github.com/agentmorris/MegaDetector/blob/main/megadetector/data_management/README.md.
Each annotation carries its probability as `score`, COCO's own name for it in results. An image that could not be read
is `corrupt` and has none.
"""

from pathlib import Path
from typing import Any

import msgspec
import pandas as pd

from wildcam import atomic
from wildcam.data.importers.json_file import read_json
from wildcam.errors import DataError
from wildcam.exports.deployment_table import DeploymentTable
from wildcam.exports.labels import read_again, reviewed_fields
from wildcam.exports.options import ExportOptions
from wildcam.predictions.metadata import BatchMetadata
from wildcam.predictions.table import as_table
from wildcam.serving.card import EMPTY
from wildcam.serving.two_stage import FAILED

DIGITS = 4


def write_coco(
    table: pd.DataFrame, metadata: BatchMetadata, path: Path, options: ExportOptions = ExportOptions()
) -> None:
    """`empty` is category 0, as the format requires; an animal without a name has the category `unknown`.

    The format has no field for coordinates: an image has `latitude` and `longitude` beside its `location`, where a
    table of deployments gives them.
    """
    deployments = DeploymentTable.read(options.deployments)
    names = [EMPTY, *sorted(set(table["label"]) - {EMPTY, FAILED})]
    numbers = {name: number for number, name in enumerate(names)}
    answered = table[table["label"] != FAILED]
    content = {
        "info": {
            "version": "1.0",
            "description": f"Predictions of {metadata.classifier} on {metadata.source}",
            "year": metadata.created_at.year,
            "date_created": metadata.created_at.date().isoformat(),
        },
        "categories": [{"id": number, "name": name} for name, number in numbers.items()],
        "images": [msgspec.Raw(msgspec.json.encode(_image(row, deployments))) for row in table.itertuples()],
        "annotations": [
            {
                "id": f"{row.image_id}#0",
                "image_id": row.image_id,
                "category_id": numbers[row.label],
                "score": round(float(row.confidence), DIGITS),
                "sequence_level_annotation": False,
            }
            | reviewed_fields(row)
            for row in answered.itertuples()
        ],
    }
    atomic.write_bytes(path, msgspec.json.encode(content))


def _image(row: Any, deployments: DeploymentTable) -> dict[str, Any]:
    image: dict[str, Any] = {"id": row.image_id, "file_name": row.path}
    if row.width and row.height:
        image |= {"width": int(row.width), "height": int(row.height)}
    if row.location:
        image["location"] = row.location
        if point := deployments.of(row.location).point:
            image["latitude"], image["longitude"] = point
    if row.sequence_id:
        image["seq_id"] = row.sequence_id
    if not pd.isna(row.taken_at):
        image["datetime"] = row.taken_at.strftime("%Y-%m-%d %H:%M:%S")
    if row.label == FAILED:
        image |= {"corrupt": True, "failure": row.failure}
    return image


def read_coco(path: Path) -> pd.DataFrame:
    """What `write_coco` wrote: images, labels and confidences; views and ranked species are not carried."""
    content = read_json(path, dict[str, Any], "COCO Camera Traps, an object with `images` and `annotations`")
    try:
        names = {category["id"]: category["name"] for category in content["categories"]}
        answers = {entry["image_id"]: entry for entry in content["annotations"]}
        return as_table([_row(image, answers.get(image["id"]), names) for image in content["images"]])
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(
            f"{path.name} holds no predictions in COCO Camera Traps ({error}): expected annotations with a `score`."
        ) from error


def _row(image: dict[str, Any], answer: dict[str, Any] | None, names: dict[int, str]) -> dict[str, object]:
    label, score = (names[answer["category_id"]], answer["score"]) if answer else (FAILED, 0.0)
    return read_again(
        image_id=image["id"],
        path=image["file_name"],
        label=label,
        location=image.get("location", ""),
        sequence_id=image.get("seq_id", ""),
        taken_at=pd.Timestamp(image["datetime"]).to_pydatetime() if "datetime" in image else None,
        width=image.get("width", 0),
        height=image.get("height", 0),
        confidence=float(score),
        p_empty=float(score) if label == EMPTY else None,
        failure=image.get("failure", "corrupt") if label == FAILED else "",
        review=answer or {},
    )
