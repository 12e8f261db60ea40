"""Time and size of an image from its header; no pixel is decoded."""

import io
import warnings
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
from PIL import Image

import wildcam.images  # noqa: F401 (lifts PIL's own limit of size, which warns)
from wildcam.data.importers import dates
from wildcam.data.importers.contract import Remarks

EXIF_IFD = 0x8769
DATE_TIME_ORIGINAL = 0x9003
DATE_TIME = 0x0132

THREADS = 4


def read_headers(root: Path, paths: Iterable[str]) -> pd.DataFrame:
    """Columns `taken_at` (text, as the camera wrote it), `width` and `height`; missing where a header is unreadable."""
    with warnings.catch_warnings(), ThreadPoolExecutor(THREADS) as pool:
        warnings.simplefilter("ignore")  # PIL warns of each damaged header; the check of files reports them
        rows = list(pool.map(lambda path: _header(root / path), paths, chunksize=64))
    table = pd.DataFrame(rows, columns=["taken_at", "width", "height"])
    return table.assign(taken_at=table["taken_at"].astype("string"))


def taken_at(content: bytes) -> datetime | None:
    """When an upload was taken, by its camera's clock; None where its header does not say."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        written, _, _ = _header(io.BytesIO(content))
    time = dates.taken_at(pd.Series([written], dtype="string"), Remarks()).iloc[0]
    return None if pd.isna(time) else time.to_pydatetime()


def _header(path: Any) -> tuple[str | None, int | None, int | None]:
    try:
        with Image.open(path) as image:
            exif = image.getexif()
            written = exif.get_ifd(EXIF_IFD).get(DATE_TIME_ORIGINAL) or exif.get(DATE_TIME)
            return _clean(written), image.width, image.height
    except (OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, EOFError, OverflowError):
        return None, None, None


def _clean(written: object) -> str | None:
    """The text up to its first NUL; cameras without a clock write blanks or zeros."""
    text = str(written or "").split("\x00")[0].strip(" :0")
    return str(written).split("\x00")[0].strip() if text else None
