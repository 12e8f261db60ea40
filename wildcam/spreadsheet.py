"""CSV that a spreadsheet opens as text: names of others never become formulas.

https://owasp.org/www-community/attacks/CSV_Injection
"""

import re
from typing import Any

import pandas as pd

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "'", "＝", "＋", "－", "＠")
"""Beginnings that a spreadsheet may take for a formula, also in the wide forms of East Asian keyboards."""

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


def guarded(value: Any) -> Any:
    """A text that a spreadsheet would run gets an apostrophe before it; anything else, and a number, is as it was."""
    is_formula = isinstance(value, str) and value.startswith(_FORMULA) and not _NUMBER.fullmatch(value)
    return f"'{value}" if is_formula else value


def unguarded(text: str) -> str:
    """What `guarded` was given."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text


def unguarded_column(values: pd.Series) -> pd.Series:
    """What `guarded` was given, of a column of text; missing stays missing."""
    marked = values.str.startswith("'").fillna(False).astype(bool)
    return values.mask(marked, values[marked].map(unguarded)) if marked.any() else values


def to_csv(table: pd.DataFrame) -> str:
    """The table without its index as CSV for people, its texts and titles guarded."""
    safe = table.copy(deep=False)
    for position, dtype in enumerate(table.dtypes):
        if isinstance(dtype, pd.CategoricalDtype | pd.StringDtype) or dtype.kind == "O":
            safe.isetitem(position, table.iloc[:, position].astype(object).map(guarded))
    safe.columns = pd.Index([guarded(name) for name in table.columns])
    return safe.to_csv(index=False)
