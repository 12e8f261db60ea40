"""Which photo of a batch each answer of another program is of."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wildcam.counting import counted
from wildcam.data.importers.contract import Remarks
from wildcam.data.importers.name_matching import exact_rows, rows_of_names
from wildcam.errors import DataError
from wildcam.predictions.external.answers import ExternalResults
from wildcam.predictions.table import ImageRecord


def rows_of_answers(records: Sequence[ImageRecord], results: ExternalResults, remarks: Remarks) -> NDArray[np.int64]:
    """The position among the records of each answer's photo, by its path or its id; -1 for none. int, (N,)

    Of two answers on one photo the first counts. Raises `DataError` where no answer is of any of these photos.
    """
    named = pd.Series([answer.photo for answer in results.answers], dtype="string")
    paths = pd.Series([record.path for record in records], dtype="string")
    rows = exact_rows(pd.Series([record.image_id for record in records], dtype="string"), named)
    rows = np.where(rows < 0, rows_of_names(paths, named), rows)
    if (rows < 0).all():
        first = f", such as {named.iloc[0]!r}" if len(named) else ""
        raise DataError(
            f"The results name {counted(len(named), 'photo')}{first}, and none is among the {len(records):,} asked "
            f"for, such as {paths.iloc[0]!r}: choose the data set that they are of."
        )
    remarks.note("result of a photo that is not among those asked for: left out", pd.Series(rows < 0), named)
    repeated = pd.Series(rows).duplicated().to_numpy() & (rows >= 0)
    remarks.note("second result of one photo: only the first counts", pd.Series(repeated), named)
    rows = np.where(repeated, -1, rows)
    without = ~np.isin(np.arange(len(records)), rows)
    remarks.note("photo without a result: it has no prediction", pd.Series(without), paths)
    return rows
