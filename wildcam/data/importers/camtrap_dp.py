"""Camtrap DP 1.0 (https://camtrap-dp.tdwg.org): deployments, media and observations, in a folder or a zip."""

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd

from wildcam.data.catalog import DETECTION_COLUMNS, build_index
from wildcam.data.importers import cleaning, files
from wildcam.data.importers.camtrap_observations import boxes_of, labels_of, read_observations
from wildcam.data.importers.camtrap_package import Package, open_package
from wildcam.data.importers.coco_camera_traps import usable_rows
from wildcam.data.importers.contract import Imported, ImportOptions, Remarks
from wildcam.data.importers.dates import taken_at, utc_offsets
from wildcam.data.importers.detections import with_best_animal
from wildcam.data.importers.joining import rows_of_ids
from wildcam.data.importers.labels_of_images import take
from wildcam.data.passed_over import VIDEO_NAME

MEDIA = ("mediaID", "deploymentID", "timestamp", "filePath")
MORE_OF_MEDIA = ("captureMethod", "fileName", "fileMediatype", "eventID")
"""`eventID` is none of the format's: some write it."""

ADDRESS = r"^[A-Za-z][A-Za-z0-9+.-]*://"
LAST_PART = r"(?P<name>[^/?#]+\.[A-Za-z0-9]+)(?:[?#].*)?$"
"""The name of a file at the end of an address."""

NO_IMAGE = rf"(?i){VIDEO_NAME}|.*\.(?:wav|mp3|flac)"
"""Names of videos and sounds, for a file without a media type."""


def read(source: Path, options: ImportOptions) -> Imported:
    """The package's images, labelled by observations of their own, else by those of their event."""
    remarks = Remarks()
    with open_package(source) as package:
        root = options.images_dir or package.folder
        inside = package.images
        remarks.add(
            "photo inside the zip: not read, unpack it next to the zip", len(inside), inside[0] if inside else ""
        )
        media, every_id = _media(package, remarks)
        locations, cameras = _locations_and_cameras(package, media["deploymentID"], remarks)
        observations = read_observations(package, every_id, remarks)
    in_utc = media["timestamp"].str.endswith("Z").fillna(False)
    remarks.note("time in UTC (Z): used as the camera's local time", in_utc, media["timestamp"])
    table = pd.DataFrame(
        {
            "image_id": media["mediaID"],
            "path": files.safe_paths(_paths(media, root, remarks), root, remarks),
            "location": locations,
            "camera": cameras,
            "taken_at": taken_at(media["timestamp"], remarks, cameras=locations),
            "utc_offset": utc_offsets(media["timestamp"]),
        }
    )
    table = pd.concat([table, labels_of(media, observations, remarks)], axis="columns")
    boxes = boxes_of(observations, remarks)
    index = build_index(usable_rows(table, source, remarks))
    return _with_boxes(Imported(index, root, categories={}, remarks=remarks.all(), names=package.names), boxes)


def _media(package: Package, remarks: Remarks) -> tuple[pd.DataFrame, pd.Series]:
    """The images, and the ids of all media: what is observed of a video is not an observation of nothing."""
    media = package.table("media", MEDIA, MORE_OF_MEDIA, remarks, may_be_empty=False)
    types, names = media["fileMediatype"], media["fileName"].fillna(media["filePath"])
    is_image = types.str.lower().str.startswith("image/").fillna(~names.str.fullmatch(NO_IMAGE))
    other = ~is_image.fillna(True).astype(bool)
    remarks.note("media file that is not a photo (video, audio): left out", other, names)
    nameless = media["mediaID"].isna() & ~other
    remarks.note("photo without an id: left out", nameless, names)
    repeated = media["mediaID"].duplicated() & ~nameless & ~other
    remarks.note("repeated photo id: only the first is kept", repeated, media["mediaID"])
    return media[~(other | nameless | repeated)].reset_index(drop=True), media["mediaID"]


def _paths(media: pd.DataFrame, root: Path, remarks: Remarks) -> pd.Series:
    """`filePath`. An image at a web address is expected under its file name: in the images' folder, or in
    a folder for each deployment where that is how they lie there, or where the names do not tell them apart.
    """
    paths = media["filePath"]
    remote = paths.str.contains(ADDRESS).fillna(False).astype(bool)
    if not remote.any():
        return paths
    remarks.note("photo at a web address: expected in the photo folder under its file name", remote, paths)
    names = media["fileName"]
    if names.isna().any():
        names = names.fillna(paths.str.extract(LAST_PART)["name"]).fillna(media["mediaID"] + ".jpg")
    flat, apart = names[remote], (media["deploymentID"] + "/" + names).fillna(names)[remote]
    layouts = (apart, flat) if flat.duplicated().any() else (flat, apart)
    return paths.where(~remote, max(layouts, key=lambda layout: files.number_there(layout, root)))


def _locations_and_cameras(package: Package, deployments: pd.Series, remarks: Remarks) -> tuple[pd.Series, pd.Series]:
    """Of each image's deployment the location (its id, else its name, else the deployment itself) and the camera."""
    unknown = pd.Series(pd.NA, index=deployments.index, dtype="string")
    if not package.has("deployments"):
        remarks.add("deployments.csv is not in the package: each deployment is used as a location", 1)
        return cleaning.names(deployments), unknown
    table = package.table("deployments", ("deploymentID",), ("locationID", "locationName", "cameraID"), remarks)
    repeated = table["deploymentID"].duplicated() | table["deploymentID"].isna()
    remarks.note("missing or repeated deployment id: left out", repeated, table["deploymentID"])
    table = table[~repeated].reset_index(drop=True)
    rows = rows_of_ids(table["deploymentID"], deployments, remarks, "deployment")
    unlisted = pd.Series(rows < 0) & deployments.notna()
    remarks.note("photo of an unlisted deployment: the deployment is used as its location", unlisted, deployments)
    location = take(table["locationID"].fillna(table["locationName"]), rows)
    return cleaning.names(location.fillna(deployments)), take(table["cameraID"], rows)


def _with_boxes(imported: Imported, boxes: pd.DataFrame) -> Imported:
    """Add the boxes. A package does not say on which images a detector found nothing, so that
    one without a box of an animal has no detector's confidence.
    """
    row = pd.Index(imported.index["image_id"]).get_indexer(pd.Index(boxes["image_id"]))
    boxes = boxes.assign(row=row)[row >= 0].reset_index(drop=True)
    if boxes.empty:
        return imported
    index = with_best_animal(imported.index, np.array([], dtype=np.int64), boxes)
    return dataclasses.replace(imported, index=index, detections=boxes[list(DETECTION_COLUMNS)])
