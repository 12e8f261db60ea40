"""A submission to iWildCam 2020: exactly the ids of the competition's sample file, in its order.

https://www.kaggle.com/competitions/iwildcam-2020-fgvc7. Categories are the source's numbers, 0 is empty.
"""

from pathlib import Path
from typing import Any

import pandas as pd

from wildcam import atomic
from wildcam.counting import counted
from wildcam.errors import DataError, UsageError
from wildcam.exports.options import ExportOptions
from wildcam.serving.card import EMPTY
from wildcam.serving.two_stage import FAILED, UNKNOWN

EMPTY_CATEGORY = 0


def write_kaggle(table: pd.DataFrame, options: ExportOptions, path: Path) -> tuple[int, tuple[str, ...]]:
    """Returns how many images of the sample are answered, and remarks.

    An unknown animal gets its most probable species, a failed or missing image 0: the competition
    scores accuracy and accepts no abstention.

    Photos that the sample does not list are left out. Raises `UsageError` without a sample file, or where it lists
    none of them.
    """
    if options.sample is None:
        raise UsageError("A submission needs the competition's sample_submission.csv: it has the ids and their order.")
    sample = _read_sample(options.sample)
    identifier, answer = sample.columns
    categories = options.categories | {EMPTY: EMPTY_CATEGORY}
    wanted = sample[identifier].map(plain_id)
    rows = table.assign(key=table["image_id"].map(plain_id))
    unlisted = rows[~rows["key"].isin(wanted)]
    if len(unlisted) == len(rows):
        raise UsageError(
            f"The sample file lists none of the {counted(len(rows), 'photo')} (such as {unlisted['image_id'].iloc[0]}):"
            " predict the competition's test photos."
        )
    listed = rows.drop(unlisted.index)
    numbers = {key: _category(row, categories) for key, row in zip(listed["key"], listed.itertuples(), strict=True)}
    submission = sample.assign(**{answer: [numbers.get(key, EMPTY_CATEGORY) for key in wanted]})
    atomic.write_bytes(path, submission.to_csv(index=False).encode())
    again = listed[listed["key"].duplicated(keep="last")]
    missing = int((~wanted.isin(numbers.keys())).sum())
    return len(listed), tuple(
        filter(
            None,
            [
                f"{counted(len(unlisted), 'photo is', 'photos are')} not in the sample file and left out "
                f"(first: {unlisted['image_id'].iloc[0]})."
                if len(unlisted)
                else "",
                f"{counted(len(again), 'photo has', 'photos have')} the id of another photo: only that one's answer is "
                f"written (first: {again['image_id'].iloc[0]})."
                if len(again)
                else "",
                f"{counted(missing, 'photo')} of the sample file without a prediction: written as 0 (empty)."
                if missing
                else "",
            ],
        )
    )


def plain_id(image_id: str) -> str:
    """An id without the folder and the ending that one of the files may have."""
    return image_id.rsplit("/", 1)[-1].removesuffix(".jpg")


def _read_sample(path: Path) -> pd.DataFrame:
    try:
        sample = pd.read_csv(path, dtype="str")
    except (OSError, ValueError) as error:
        raise DataError(f"{path} cannot be read as the sample file: expected a CSV with two columns.") from error
    if len(sample.columns) != 2 or sample.empty:
        raise DataError(
            f"{path.name} is not a sample file: expected two columns, an id and a category, and a row a photo."
        )
    return sample


def _category(row: Any, categories: dict[str, int]) -> int:
    label = row.label
    if label == FAILED:
        return EMPTY_CATEGORY
    if label == UNKNOWN and len(row.top_labels):
        label = row.top_labels[0]
    if label not in categories:
        raise UsageError(
            f"The label {label!r} has no category in the competition: predict with a model that was trained on its "
            "data set."
        )
    return categories[label]
