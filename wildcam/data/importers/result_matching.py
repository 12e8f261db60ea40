"""Which image each result of another program is of: by its id where it has one, else by its file."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wildcam.counting import counted
from wildcam.data.importers.contract import Remarks
from wildcam.data.importers.joining import rows_of_ids
from wildcam.data.importers.name_matching import rows_of_names
from wildcam.errors import DataError


def rows_of_results(
    images: pd.DataFrame, results: pd.DataFrame, remarks: Remarks, *, source: str, what: str, among: str
) -> NDArray[np.int64]:
    """The position among the images that each result is of; -1 for none. int, (M,)

    `images`: text `image_id` and `path`, (N,). `results`: text `image_id` and `path`, either may be missing, (M,). Of
    several results of one image the first counts. `source`: the file's name; `what`: a result, as in "detector result";
    `among`: what the images are, as in "the data set". Raises `DataError` where no result is of any of the images.
    """
    rows = rows_of_ids(images["image_id"], results["image_id"], remarks, what)
    by_file = results["image_id"].isna().to_numpy()
    if by_file.any():
        rows[by_file] = rows_of_names(images["path"], results["path"][by_file])
    named = results["image_id"].fillna(results["path"])
    if (rows < 0).all():
        first = f", such as {named.iloc[0]!r}" if len(named) else ""
        raise DataError(
            f"{source} names {counted(len(rows), 'photo')}{first}, and none is in {among}: expected {what}s for its "
            f"photos, such as {images['path'].iloc[0]!r}."
        )
    remarks.note(f"{what} of a photo outside {among}: left out", pd.Series(rows < 0), named)
    repeated = pd.Series(rows).duplicated().to_numpy() & (rows >= 0)
    remarks.note(f"repeated {what} of a photo: only the first is kept", pd.Series(repeated), named)
    return np.where(repeated, -1, rows)
