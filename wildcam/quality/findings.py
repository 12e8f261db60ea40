"""Findings of a check: a pure function of the catalog's index and the quality table."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from wildcam.choice import Choice
from wildcam.data.catalog import Status
from wildcam.quality.copies import Positions, duplicates, near_identical
from wildcam.quality.thresholds import Thresholds

FINDING_COLUMNS = {
    "image_id": "string",
    "path": "string",
    "label": "category",
    "location": "category",
    "finding": "string",  # Finding
    "detail": "string",  # the measure or the reason, for people
    "original": "string",  # of a duplicate or near-identical image: the image_id of the first of its group
}
"""Columns of a table of findings; an image has a row for each finding."""


class Finding(Choice):
    """What a check can find about an image."""

    UNREADABLE = "unreadable", "Unreadable"
    DAMAGED = "damaged", "Damaged, read in part"
    MISSING = "missing", "Missing"
    DUPLICATE = "duplicate", "Duplicate"
    NEAR_IDENTICAL = "near_identical", "Near-identical"
    DARK = "dark", "Dark"
    BLURRED = "blurred", "Blurred"
    TINY = "tiny", "Tiny"

    @property
    def description(self) -> str:
        """One sentence for people."""
        return _DESCRIPTIONS[self]


_DESCRIPTIONS = {
    Finding.UNREADABLE: "The file exists but cannot be decoded completely.",
    Finding.DAMAGED: "A part of the photo is lost: the file is cut off, or filled with zeros or grey.",
    Finding.MISSING: "The file does not exist.",
    Finding.DUPLICATE: "The file has the same bytes as an earlier one.",
    Finding.NEAR_IDENTICAL: "The photo is nearly the same as the previous one at its location.",
    Finding.DARK: "The photo is almost black.",
    Finding.BLURRED: "The photo has no sharp edges: fog, a wet lens, or out of focus.",
    Finding.TINY: "The photo has very few pixels.",
}


@dataclass(frozen=True)
class _Found:
    """The rows of one finding, in the index's order."""

    rows: Positions
    details: list[str]
    first: Positions | None = None


def find(index: pd.DataFrame, quality: pd.DataFrame, thresholds: Thresholds = Thresholds()) -> pd.DataFrame:
    """`FINDING_COLUMNS`, in the order of `Finding`, then of the index; row labels are the index's.

    index: a `Dataset`'s; quality: its `load_quality`. A file that was not scanned yet has no finding.
    """
    all_found = {finding: find_rows(index, quality, thresholds) for finding, find_rows in _FINDERS.items()}
    table = index[["image_id", "path", "label", "location"]].iloc[np.concatenate([f.rows for f in all_found.values()])]
    originals = [
        np.full(len(found.rows), None) if found.first is None else index["image_id"].to_numpy()[found.first]
        for found in all_found.values()
    ]
    return table.assign(
        finding=np.repeat([finding.value for finding in all_found], [len(found.rows) for found in all_found.values()]),
        detail=[detail for found in all_found.values() for detail in found.details],
        original=np.concatenate(originals),
    ).astype(FINDING_COLUMNS)


def count_findings(findings: pd.DataFrame) -> dict[Finding, int]:
    """How many images have each finding; every finding is named."""
    counts = findings["finding"].value_counts()
    return {finding: int(counts.get(finding.value, 0)) for finding in Finding}


def is_infrared(quality: pd.DataFrame, thresholds: Thresholds = Thresholds()) -> pd.Series:
    """Whether each row of a quality table is black and white, boolean; missing where it was not measured."""
    measured = quality["saturation"].notna()
    return (quality["saturation"] < thresholds.infrared_saturation).astype("boolean").where(measured)


def _unreadable(index: pd.DataFrame, quality: pd.DataFrame, thresholds: Thresholds) -> _Found:
    rows = np.flatnonzero(quality["status"] == Status.UNREADABLE)
    return _Found(rows, quality["reason"].iloc[rows].tolist())


def _damaged(index: pd.DataFrame, quality: pd.DataFrame, thresholds: Thresholds) -> _Found:
    rows = np.flatnonzero(quality["status"] == Status.DAMAGED)
    return _Found(rows, quality["reason"].iloc[rows].tolist())


def _missing(index: pd.DataFrame, quality: pd.DataFrame, thresholds: Thresholds) -> _Found:
    rows = np.flatnonzero(quality["status"] == Status.MISSING)
    return _Found(rows, ["file not found"] * len(rows))


def _duplicate(index: pd.DataFrame, quality: pd.DataFrame, thresholds: Thresholds) -> _Found:
    copies = duplicates(quality)
    originals = index["path"].iloc[copies.first].tolist()
    return _Found(copies.rows, [f"same bytes as {path}" for path in originals], copies.first)


def _near_identical(index: pd.DataFrame, quality: pd.DataFrame, thresholds: Thresholds) -> _Found:
    copies = near_identical(index, quality, thresholds.near_identical_bits)
    like = index["path"].iloc[copies.like].tolist()
    details = [
        f"{bits} of 256 hash bits differ from {path}" for bits, path in zip(copies.bits.tolist(), like, strict=True)
    ]
    return _Found(copies.rows, details, copies.first)


def _dark(index: pd.DataFrame, quality: pd.DataFrame, thresholds: Thresholds) -> _Found:
    rows = np.flatnonzero(quality["brightness"] < thresholds.dark_brightness)
    return _Found(rows, [f"brightness {value:.3f}" for value in quality["brightness"].iloc[rows]])


def _blurred(index: pd.DataFrame, quality: pd.DataFrame, thresholds: Thresholds) -> _Found:
    is_lit = quality["brightness"] >= thresholds.dark_brightness
    rows = np.flatnonzero(is_lit & (quality["sharpness"] < thresholds.blurred_sharpness))
    return _Found(rows, [f"sharpness {value:.3f}" for value in quality["sharpness"].iloc[rows]])


def _tiny(index: pd.DataFrame, quality: pd.DataFrame, thresholds: Thresholds) -> _Found:
    sizes = quality[["width", "height"]].to_numpy(np.float64, na_value=np.nan)  # (N, 2)
    rows = np.flatnonzero(sizes.min(axis=1) < thresholds.tiny_px)
    return _Found(rows, [f"{width:.0f} × {height:.0f} px" for width, height in sizes[rows]])


_FINDERS: dict[Finding, Callable[[pd.DataFrame, pd.DataFrame, Thresholds], _Found]] = {
    Finding.UNREADABLE: _unreadable,
    Finding.DAMAGED: _damaged,
    Finding.MISSING: _missing,
    Finding.DUPLICATE: _duplicate,
    Finding.NEAR_IDENTICAL: _near_identical,
    Finding.DARK: _dark,
    Finding.BLURRED: _blurred,
    Finding.TINY: _tiny,
}
