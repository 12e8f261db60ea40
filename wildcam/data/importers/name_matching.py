"""Names that nearly match: the one rule by which a path in a table, or in a detector's file, is found among others.

In order, and only where one alone fits: the same path; the same but for capital and small letters, Unicode's normal
form and blanks; a path that ends with the whole other one, as when two programs started from different folders.
"""

import unicodedata

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Rows = NDArray[np.int64]


def rows_of_names(paths: pd.Series, wanted: pd.Series) -> Rows:
    """The position in `paths` that each wanted path means; -1 for none, or several. int, (N,)

    Both are text with `/`. Two different wanted paths that would mean one are both left without.
    """
    rows = exact_rows(paths, wanted)
    left = np.flatnonzero((rows < 0) & wanted.notna().to_numpy())
    if not len(left):
        return rows
    free = np.setdiff1d(np.arange(len(paths)), rows)
    codes, names = pd.factorize(wanted.iloc[left])
    near = _near_rows(folded(paths.iloc[free]), folded(pd.Series(names, dtype="string")))
    rows[left] = np.append(free, -1)[near][codes]
    return rows


def exact_rows(paths: pd.Series, wanted: pd.Series) -> Rows:
    """The position of the equal path; -1 where there is none, or several."""
    paths = paths.reset_index(drop=True)
    single = paths[paths.notna() & ~paths.duplicated(keep=False)]
    positions = pd.Index(single).get_indexer(pd.Index(wanted))
    return np.append(single.index.to_numpy(), -1)[positions].astype(np.int64, copy=True)


def folded(paths: pd.Series) -> pd.Series:
    """Paths as they compare: one normal form, no capitals, no blanks around a part."""
    plain = paths.astype("string").reset_index(drop=True)
    if not plain.str.isascii().fillna(True).all():
        plain = plain.map(lambda path: unicodedata.normalize("NFC", path), na_action="ignore").astype("string")
        plain = plain.map(str.casefold, na_action="ignore").astype("string")
    return plain.str.lower().str.replace(r"\s*/\s*", "/", regex=True).str.strip()


def _near_rows(paths: pd.Series, wanted: pd.Series) -> Rows:
    rows = _only_once(exact_rows(paths, wanted))
    path_lengths, wanted_lengths = (names.str.count("/").fillna(-1).to_numpy(int) + 1 for names in (paths, wanted))
    for length in range(min(path_lengths.max(initial=0), wanted_lengths.max(initial=0)), 0, -1):
        left = np.flatnonzero(rows < 0)
        if not len(left):
            break
        ends = _end(wanted.iloc[left], length)
        found = exact_rows(_end(paths, length), ends)
        # One of both is whole: only then is nothing of it contradicted by the other.
        whole = (wanted_lengths[left] == length) | (np.append(path_lengths, -1)[found] == length)
        found = np.where(whole & ~np.isin(found, rows[rows >= 0]), found, -1)
        rows[left] = _only_once(found)
    return rows


def _only_once(rows: Rows) -> Rows:
    """Without those that occur twice: two names of one file cannot both be meant."""
    return np.where(pd.Series(rows).duplicated(keep=False).to_numpy(), -1, rows)


def _end(names: pd.Series, length: int) -> pd.Series:
    """The last so many parts of a path; missing where it has fewer."""
    return names.str.extract(rf"((?:[^/]*/){{{length - 1}}}[^/]*)$", expand=False)
