"""What a Camtrap DP's observations say of its images: labels, events and boxes.

An observation is of one media file, or of an event: of all media of its deployment from `eventStart` to `eventEnd`.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wildcam.data.catalog import DETECTION_COLUMNS
from wildcam.data.importers.camtrap_package import Package
from wildcam.data.importers.contract import Remarks
from wildcam.data.importers.dates import on_one_clock
from wildcam.data.importers.detector_boxes import ANIMAL
from wildcam.data.importers.joining import rows_of_ids
from wildcam.data.importers.labels_of_images import labels_of_images
from wildcam.errors import DataError

OBSERVATIONS = ("deploymentID", "observationType")
BOX = {"x": "bboxX", "y": "bboxY", "width": "bboxWidth", "height": "bboxHeight"}
MORE_OF_OBSERVATIONS = (
    "observationLevel",
    "mediaID",
    "eventID",
    "eventStart",
    "eventEnd",
    "scientificName",
    "classificationMethod",
    "classificationProbability",
    *BOX.values(),
)

LABELS = {"blank": "empty", "human": "human", "vehicle": "vehicle", "unknown": "unknown"}
"""Labels of observations that name no species."""

UNCLASSIFIED = "unclassified"
TIME_LAPSE = "timeLapse"
BOXED = {"animal": ANIMAL, "human": "person", "vehicle": "vehicle"}
"""A detector's words for the types."""

MOST_PAIRS = 20_000_000
"""Observations of events, times the images of each: more would fill the memory."""

Positions = NDArray[np.int64]
Pairs = tuple[Positions, Positions]
"""Rows of images and of the observations that are made of them."""


def read_observations(package: Package, media_ids: pd.Series, remarks: Remarks) -> pd.DataFrame:
    """The observations' columns with `label` (missing where none is given), `of_event` and `by_machine`."""
    if not package.has("observations"):
        remarks.add("observations.csv is not in the package: the photos are unlabelled", 1)
        table = pd.DataFrame(columns=[*OBSERVATIONS, *MORE_OF_OBSERVATIONS], dtype="string")
    else:
        table = package.table("observations", OBSERVATIONS, MORE_OF_OBSERVATIONS, remarks)
    level, ids = table["observationLevel"].str.lower(), table["mediaID"]
    table["of_event"] = (level == "event").fillna(ids.isna()).astype(bool)
    listed = media_ids.dropna().drop_duplicates()
    rows = rows_of_ids(listed, ids.mask(table["of_event"]), remarks, "observation")
    table["mediaID"] = pd.Series(listed.array.take(rows, allow_fill=True)).fillna(ids)
    unlisted = ~table["of_event"] & pd.Series(rows < 0)
    remarks.note("observation of an unlisted media file: left out", unlisted, ids)
    table["label"] = _labels(table, remarks)
    table["by_machine"] = (table["classificationMethod"].str.lower() == "machine").fillna(False).astype(bool)
    return table[~unlisted].reset_index(drop=True)


def _labels(table: pd.DataFrame, remarks: Remarks) -> pd.Series:
    kind = table["observationType"].str.lower()
    is_animal = (kind == ANIMAL).fillna(False).astype(bool)
    species = table["scientificName"]
    observed = table["mediaID"].fillna(table["eventID"])
    remarks.note("animal without a scientific name: labelled animal", is_animal & species.isna(), observed)
    labels = kind.map(LABELS).astype("string").where(~is_animal, species.fillna(ANIMAL))
    other = labels.isna() & (kind != UNCLASSIFIED).fillna(True).astype(bool)
    remarks.note("observation of an unknown type: no label", other, table["observationType"])
    return labels


def labels_of(media: pd.DataFrame, observations: pd.DataFrame, remarks: Remarks) -> pd.DataFrame:
    """Columns `label`, `second_label`, `label_of_sequence` and `sequence_id`, a row an image of `media`.

    What is observed of the image itself comes before what is observed of its event, which not every image
    of it shows; then what a person says before what a machine says; then the earlier row.
    """
    own = _applied(_of_media(media, observations), observations)
    events = media["eventID"].fillna(_first(own, "eventID", len(media)))
    of_event = _applied(_of_events(media.assign(eventID=events), observations, remarks), observations)
    events = events.fillna(_first(of_event, "eventID", len(media)))

    own, of_event = own[own["label"].notna()], of_event[of_event["label"].notna()]
    of_event = of_event[~of_event["row"].isin(own["row"])]
    applied = pd.concat([own, of_event], ignore_index=True)
    table, counts = labels_of_images(applied["row"].to_numpy(), applied["label"], media["mediaID"], remarks)
    by_event = pd.Series(counts >= len(own))
    remarks.note("photo without an observation of its own: labelled as its event", by_event, media["mediaID"])
    of_sequence = by_event.astype("boolean").mask(counts < 0)
    alone = events.isna() & (media["captureMethod"] == TIME_LAPSE).fillna(False)  # the clock triggered it alone
    sequences = _sequences(media["deploymentID"], events).mask(alone, media["mediaID"])
    return table.assign(label_of_sequence=of_sequence, sequence_id=sequences)


def boxes_of(observations: pd.DataFrame, remarks: Remarks) -> pd.DataFrame:
    """`DETECTION_COLUMNS` of the boxes of media. The confidence is a machine's probability; a box that a person
    drew, or agreed to, is certain.
    """
    sides = pd.DataFrame({side: _numbers(observations[name]) for side, name in BOX.items()})
    table = sides.assign(
        image_id=observations["mediaID"],
        category=observations["observationType"].str.lower().map(BOXED).astype("string"),
        confidence=_numbers(observations["classificationProbability"]).where(observations["by_machine"], 1.0),
    )
    given = sides.notna().any(axis="columns") & ~observations["of_event"]
    fits = sides.ge(0).all(axis="columns") & sides[["width", "height"]].gt(0).all(axis="columns")
    fits &= sides.le(1).all(axis="columns") & table["confidence"].between(0, 1) & table["category"].notna()
    remarks.note(
        "box that is not relative, of an unknown category, or of a machine without a probability: left out",
        given & ~fits,
        table["image_id"],
    )
    return table.loc[given & fits, list(DETECTION_COLUMNS)].reset_index(drop=True)


def _of_media(media: pd.DataFrame, observations: pd.DataFrame) -> Pairs:
    observed = np.flatnonzero(~observations["of_event"])
    rows = pd.Index(media["mediaID"]).get_indexer(pd.Index(observations["mediaID"].take(observed)))
    return rows[rows >= 0], observed[rows >= 0]


def _of_events(media: pd.DataFrame, observations: pd.DataFrame, remarks: Remarks) -> Pairs:
    """By the event's id where the image has one that is observed, else by deployment and time."""
    observed = np.flatnonzero(observations["of_event"])
    events = observations.take(observed)
    rows, positions = _by_id(media, events)
    others = np.setdiff1d(np.arange(len(media)), rows)
    more_rows, more_positions = _without_time_lapse(_by_time(media.take(others), events), media.take(others), remarks)
    rows, positions = np.append(rows, others[more_rows]), np.append(positions, more_positions)
    fits = np.isin(np.arange(len(events)), positions)
    remarks.note("observation of an event without photos: left out", pd.Series(~fits), events["eventID"])
    return rows, observed[positions]


def _by_id(media: pd.DataFrame, events: pd.DataFrame) -> Pairs:
    keys, codes = _codes(*(table["deploymentID"] + "\n" + table["eventID"] for table in (media, events)))
    rows, positions = np.flatnonzero(keys >= 0), np.flatnonzero(codes >= 0)
    found_rows, found_positions = _within(keys[rows], codes[positions], codes[positions])
    return rows[found_rows], positions[found_positions]


def _by_time(media: pd.DataFrame, events: pd.DataFrame) -> Pairs:
    ends = events["eventEnd"].fillna(events["eventStart"])
    moments = on_one_clock(media["timestamp"], events["eventStart"], ends)
    times, starts, ends = (moment.to_numpy().astype("int64") for moment in moments)
    taken, lasting = moments[0].notna().to_numpy(), (moments[1].notna() & moments[2].notna()).to_numpy()
    keys, codes = _codes(media["deploymentID"], events["deploymentID"])
    rows, positions = np.flatnonzero(taken & (keys >= 0)), np.flatnonzero(lasting & (codes >= 0))
    # Ranks instead of seconds, so that deployment and time fit one number.
    known, ranks = np.unique(np.concatenate([times[rows], starts[positions], ends[positions]]), return_inverse=True)
    times, starts, ends = np.split(ranks, [len(rows), len(rows) + len(positions)])
    keys, codes = keys[rows] * len(known), codes[positions] * len(known)
    found_rows, found_positions = _within(keys + times, codes + starts, codes + ends)
    return rows[found_rows], positions[found_positions]


def _without_time_lapse(pairs: Pairs, media: pd.DataFrame, remarks: Remarks) -> Pairs:
    """Without images of the clock in events of the sensor: one that holds an image of the sensor as well."""
    rows, positions = pairs
    by_clock = (media["captureMethod"] == TIME_LAPSE).fillna(False).to_numpy(dtype=bool)
    of_sensor = np.isin(positions, positions[~by_clock[rows]])
    strange = by_clock[rows] & of_sensor
    apart = pd.Series(np.isin(np.arange(len(media)), rows[strange]))
    remarks.note("time-lapse photo within a burst by motion: not part of it", apart, media["mediaID"])
    return rows[~strange], positions[~strange]


def _within(keys: Positions, lowest: Positions, highest: Positions) -> Pairs:
    """Every pair of a key and a range that holds it, range by range."""
    order = np.argsort(keys, kind="stable")
    first = np.searchsorted(keys[order], lowest, "left")
    counts = np.maximum(np.searchsorted(keys[order], highest, "right") - first, 0)
    if counts.sum() > MOST_PAIRS:
        raise DataError(
            f"The package's events overlap so that {counts.sum():,} observations apply to photos: expected at most "
            f"{MOST_PAIRS:,}. Check eventID, eventStart and eventEnd in its observations."
        )
    ranges = np.repeat(np.arange(len(counts)), counts)
    positions = np.arange(len(ranges)) - np.repeat(np.cumsum(counts) - counts - first, counts)
    return order[positions], ranges


def _codes(*columns: pd.Series) -> list[Positions]:
    """The same number for the same text in every column; -1 for a missing one."""
    codes, _ = pd.factorize(pd.concat(columns, ignore_index=True))
    return np.split(codes.astype(np.int64), np.cumsum([len(column) for column in columns])[:-1])


def _applied(pairs: Pairs, observations: pd.DataFrame) -> pd.DataFrame:
    """`row` of the image with `label` and `eventID` of the observation, a person's before a machine's."""
    rows, positions = pairs
    applied = observations[["label", "eventID", "by_machine"]].take(positions).assign(row=rows)
    return applied.sort_values("by_machine", kind="stable", ignore_index=True)


def _first(applied: pd.DataFrame, name: str, length: int) -> pd.Series:
    """The first value for each image that is not missing."""
    applied = applied[applied[name].notna()].drop_duplicates("row")
    return pd.Series(applied[name].array, index=applied["row"]).reindex(range(length))


def _sequences(deployments: pd.Series, events: pd.Series) -> pd.Series:
    """Events; where one id serves several deployments, with the deployment before it."""
    shared = deployments.groupby(events).transform("nunique") > 1
    return events.where(~shared.fillna(False).astype(bool), deployments + "/" + events)


def _numbers(values: pd.Series) -> pd.Series:
    return pd.to_numeric(values, errors="coerce").astype("float32")
