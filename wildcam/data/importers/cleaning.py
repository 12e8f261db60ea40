"""Columns as sources write them → columns as the catalog holds them, all rows at once.

Every function takes a list or Series and gives a Series on a fresh 0…n-1 index; values that cannot
be used become missing and are counted in the remarks.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from wildcam.data.importers.contract import Remarks

Values = Sequence[Any] | NDArray[Any] | pd.Series

LARGEST_SIDE = 2**31 - 1
LARGEST_FRAME = 2**15 - 1


def raw_text(values: Values) -> pd.Series:
    """Text untouched: numbers become their digits, nothing is stripped."""
    try:
        return pd.Series(pd.array(pa.array(values, type=pa.string()), dtype="string"))
    except pa.ArrowException:  # not text throughout
        return pd.Series(pd.array(values, dtype="string"))


def text(values: Values) -> pd.Series:
    """Text without blanks around it; an empty one is missing."""
    stripped = raw_text(values).str.strip()
    return stripped.mask(stripped == "")


def names(values: Values) -> pd.Series:
    """Names of few things (locations, categories) as text: 267, "267" and 267.0 are one."""
    given = pd.Series(values, dtype="object")
    try:
        codes, known = pd.factorize(given)
    except TypeError:  # a list or an object, which JSON may hold anywhere
        codes, known = pd.factorize(given.map(str, na_action="ignore"))
    clean = text(np.asarray(known)).str.replace(r"^(-?\d+)\.0$", r"\1", regex=True)
    return pd.Series(clean.array.take(codes, allow_fill=True))


def sizes(values: Values, remarks: Remarks, side: str) -> pd.Series:
    """Pixels, at least 1."""
    return _whole(values, 1, LARGEST_SIDE, remarks, f"{side} that is not a positive number: left out")


def frames(values: Values, remarks: Remarks) -> pd.Series:
    """Position in the burst; -1 means unknown in iWildCam's files and needs no remark."""
    number = pd.Series(_numbers(values))
    return _whole(number.mask(number == -1), 0, LARGEST_FRAME, remarks, "frame number that cannot be used: left out")


def whole_numbers(values: Values) -> pd.Series:
    """Int32 where the value is a whole number that fits, else missing."""
    number = pd.Series(_numbers(values))
    return number.where((number % 1 == 0) & (number.abs() <= LARGEST_SIDE)).astype("Int32")


def _whole(values: Values, least: int, most: int, remarks: Remarks, what: str) -> pd.Series:
    number = pd.Series(_numbers(values))
    usable = (number >= least) & (number <= most) & (number % 1 == 0)
    if not usable.all():
        given = pd.Series(values if isinstance(values, list) else np.asarray(values), dtype="object")
        remarks.note(what, ~usable & given.notna() & (given != ""), given)
    return number.where(usable).astype("Int32")


def _numbers(values: Values) -> np.ndarray:
    """float64, (N,), NaN for what is not a number."""
    given = pd.Series(values)
    number = pd.to_numeric(given, errors="coerce")
    if isinstance(given.dtype, pd.StringDtype) and number.isna().any():  # spreadsheets write 4000,0 in many languages
        with_point = given.where(~given.str.fullmatch(r"\s*-?\d+,\d+\s*").fillna(False), given.str.replace(",", "."))
        number = pd.to_numeric(with_point, errors="coerce")
    return number.to_numpy(dtype="float64", na_value=np.nan)
