"""Which photo of a batch each answer of another program is of."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wildcam.data.importers import cleaning
from wildcam.data.importers.contract import Remarks
from wildcam.data.importers.result_matching import rows_of_results
from wildcam.predictions.external.answers import ExternalResults
from wildcam.predictions.request import PredictionRequest
from wildcam.predictions.table import ImageRecord


def rows_of_answers(
    records: Sequence[ImageRecord], results: ExternalResults, request: PredictionRequest, remarks: Remarks
) -> NDArray[np.int64]:
    """The position among the records of each answer's photo, by its id or its path; -1 for none. int, (N,)

    Raises `DataError` where no answer is of any of these photos.
    """
    images = pd.DataFrame(
        {"image_id": [each.image_id for each in records], "path": [each.path for each in records]}, dtype="string"
    )
    answers = pd.DataFrame(
        {
            "image_id": cleaning.ids([answer.photo.image_id for answer in results.answers]),
            "path": pd.Series([answer.photo.path for answer in results.answers], dtype="string"),
        }
    )
    rows = rows_of_results(
        images, answers, remarks, source=request.results, what="result", among=f"the photos of {request.source}"
    )
    without = ~np.isin(np.arange(len(records)), rows)
    remarks.note("photo without a result: it has no prediction", pd.Series(without), images["path"])
    return rows
