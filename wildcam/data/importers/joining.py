"""Rows that belong together by an id, as programs write ids: `1` and `1.0`, `000123` and `123`, `abc` and `abc.jpg`."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wildcam.data.importers.contract import Remarks

SPELLINGS = (
    ("with or without .0", r"^(-?\d+)\.0+$", r"\1"),
    ("with or without zeros before it", r"^0+(?=\d)", ""),
    ("with or without the ending of a file", r"(?i)\.(?:jpe?g|png|tiff?|webp|gif|bmp)$", ""),
)
"""How one id is written in two ways, each on top of those before it; letters in any case come last."""


def rows_of_ids(ids: pd.Series, wanted: pd.Series, remarks: Remarks, what: str) -> NDArray[np.int64]:
    """The row of each wanted id; -1 for none. int, (M,)

    What is not there letter by letter is found in another spelling where one row alone fits, with a remark that names
    it. `ids`: text, (N,), unique where not missing; `what`: what the ids are of, such as "annotation".
    """
    ids, wanted = ids.reset_index(drop=True), wanted.reset_index(drop=True)
    rows = pd.Index(ids).get_indexer(pd.Index(wanted))
    lost = (rows < 0) & wanted.notna().to_numpy()
    if not lost.any() or not len(ids):
        return rows.astype(np.int64)
    plain, sought = ids, wanted[lost]
    for how, pattern, meant in (*SPELLINGS, ("in capital or small letters", "", "")):
        if pattern:
            plain, sought = (names.str.replace(pattern, meant, regex=True) for names in (plain, sought))
        else:
            plain, sought = plain.str.casefold(), sought.str.casefold()
        single = plain[plain.notna() & ~plain.duplicated(keep=False)]
        positions = pd.Index(single).get_indexer(pd.Index(sought))
        found = np.append(single.index.to_numpy(), -1)[positions]
        rows[sought.index.to_numpy()] = found
        hit = pd.Series(False, index=wanted.index)
        hit[sought.index[found >= 0]] = True
        remarks.note(f"id of {what} written in another way ({how}): matched", hit, wanted)
        sought = sought[found < 0]
        if sought.empty:
            break
    return rows.astype(np.int64)
