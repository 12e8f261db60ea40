"""The table of observations of a Camtrap DP: a row an image, and a row an event.

Most readers (camtraptor, camtrapdp's `write_dwc`, camtrapR, GBIF) keep the rows of events alone.
"""

from datetime import UTC
from functools import partial

import numpy as np
import pandas as pd
from pandas.api.typing import NaTType

from wildcam.data.label_words import Meaning, meaning_of
from wildcam.data.sequences import known_bursts
from wildcam.data.species_names import SpeciesNames
from wildcam.exports.camtrap_dp.columns import OBSERVATIONS
from wildcam.exports.labels import Subject, setup_of, species, subject_of
from wildcam.exports.scientific_names import scientific_name
from wildcam.predictions.metadata import BatchMetadata
from wildcam.serving.bursts import decide_burst
from wildcam.serving.card import EMPTY
from wildcam.serving.two_stage import FAILED, UNKNOWN

MEDIA_LEVEL, EVENT_LEVEL = "media", "event"
LABEL_TAG = "label:"
"""Before a label that no type or name of the format stands for."""

_TYPES = {
    Subject.ANIMAL: "animal",
    Subject.PERSON: "human",
    Subject.VEHICLE: "vehicle",
    Subject.NOTHING: "blank",
    Subject.FAILED: "unclassified",
}


def with_events(timed: pd.DataFrame) -> pd.DataFrame:
    """The table with `event`, `event_start` and `event_end`: the bursts that the product counts, source's ids kept.

    A burst without an id of the source has that of its first image. Within a deployment each id is of one burst.
    """
    burst = known_bursts(timed)
    first = timed["image_id"].groupby([timed["deployment"], burst]).transform("first")
    name = timed["sequence_id"].where(timed["sequence_id"] != "", first)
    places = timed["deployment"] + "\n" + name
    again = burst.groupby(places).transform(lambda numbers: pd.factorize(numbers)[0])
    event = name.where(again == 0, name + "-" + (again + 1).astype("str"))
    stamps = timed.assign(event=event).sort_values("instant", kind="stable")
    groups = stamps.groupby(["deployment", "event"], sort=False)["timestamp"]
    return timed.assign(event=event, event_start=groups.transform("first"), event_end=groups.transform("last"))


def observations_table(timed: pd.DataFrame, names: SpeciesNames, metadata: BatchMetadata) -> pd.DataFrame:
    """`columns.OBSERVATIONS` of images with events: of each image, then of each event."""
    rows = pd.concat([_of_media(timed), _of_events(timed)], ignore_index=True)
    labels = rows["label"].astype("category")  # one lookup a label
    answered = rows["label"] != FAILED
    by_person = rows["reviewed_at"].notna()
    when = metadata.created_at.astimezone(UTC).isoformat(timespec="seconds")
    by = f"{metadata.classifier} (batch {metadata.run_id[:8]})"
    return pd.DataFrame(
        {
            "observationID": rows["observation"],
            "deploymentID": rows["deployment"],
            "mediaID": rows["media"],
            "eventID": rows["event"],
            "eventStart": rows["event_start"],
            "eventEnd": rows["event_end"],
            "observationLevel": rows["level"],
            "observationType": labels.map(type_of),
            "cameraSetupType": labels.map(setup_of),
            "scientificName": labels.map(partial(scientific_name, names)),
            "classificationMethod": answered.map({True: "machine", False: ""}).mask(by_person, "human"),
            "classifiedBy": answered.map({True: by, False: ""}).mask(by_person, rows["reviewed_by"]),
            "classificationTimestamp": answered.map({True: when, False: ""}).mask(by_person, _utc(rows["reviewed_at"])),
            "classificationProbability": rows["confidence"].round(4).where(answered & ~by_person),
            "observationTags": labels.map(lambda label: _tag(label, names)),
            "observationComments": rows["comment"],
        }
    ).reindex(columns=list(OBSERVATIONS))


def _of_media(timed: pd.DataFrame) -> pd.DataFrame:
    return timed.assign(
        observation=timed["image_id"] + "_1",
        media=timed["image_id"],
        level=MEDIA_LEVEL,
        comment=timed["label"].map({UNKNOWN: "Animal of unknown species: below the model's threshold."}).fillna(""),
    )


def _of_events(timed: pd.DataFrame) -> pd.DataFrame:
    """One verdict an event, by the vote of its images."""
    groups = timed.groupby(["deployment", "event"], sort=False)
    first = groups.head(1).copy()
    verdicts = [
        decide_burst(own["label"].tolist(), own["confidence"].tolist(), own["reviewed_at"].notna().tolist())
        for _, own in groups
    ]
    reviews = [_review_of(own, verdict.label) for (_, own), verdict in zip(groups, verdicts, strict=True)]
    taken = set(timed["image_id"] + "_1")
    ids = [_free(f"{event}_event", taken) for event in first["event"]]
    return first.assign(
        observation=ids,
        media="",
        level=EVENT_LEVEL,
        label=[verdict.label for verdict in verdicts],
        confidence=np.array([verdict.confidence for verdict in verdicts], dtype=np.float32),
        reviewed_at=pd.to_datetime([when for when, _ in reviews]),
        reviewed_by=[by for _, by in reviews],
        comment=[f"Vote of the photos: {verdict.agreement} of {verdict.voters}." for verdict in verdicts],
    )


def _review_of(own: pd.DataFrame, label: str) -> tuple[pd.Timestamp | NaTType, str]:
    """When and by whom an event's label was given; no time where models gave it, for one photo of these at least."""
    voters = own[own["label"] == label]
    if voters.empty or voters["reviewed_at"].isna().any():
        return pd.NaT, ""
    return voters["reviewed_at"].max(), ", ".join(sorted(set(filter(None, voters["reviewed_by"]))))


def _utc(times: pd.Series) -> pd.Series:
    return times.dt.strftime("%Y-%m-%dT%H:%M:%S+00:00")


def _free(name: str, taken: set[str]) -> str:
    """A name that no other observation has; events of two deployments may have one id."""
    number, free = 2, name
    while free in taken:
        number, free = number + 1, f"{name}-{number}"
    taken.add(free)
    return free


def type_of(label: str) -> str:
    """The format's type of an observation with this label."""
    if label == UNKNOWN:
        return "animal"
    meaning = meaning_of(label)
    if meaning is Meaning.NOT_SEEN:
        return "unknown"
    return "unclassified" if meaning in (Meaning.SETUP, Meaning.BROKEN) else _TYPES[subject_of(label)]


def _tag(label: str, names: SpeciesNames) -> str:
    """The label, where neither type nor name brings it back."""
    carried = scientific_name(names, label) == label if species(label) else label in (EMPTY, UNKNOWN, FAILED)
    return "" if carried else LABEL_TAG + label
