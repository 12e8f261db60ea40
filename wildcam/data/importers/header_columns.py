"""What the headers of files say, as columns of the catalog: time, camera, burst and size."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pandas as pd

from wildcam.data.importers import cleaning
from wildcam.data.importers.contract import Remarks
from wildcam.data.importers.dates import taken_at, utc_offsets
from wildcam.data.importers.exif import read_header, read_headers
from wildcam.data.importers.impossible_times import set_aside

COPY_MARK = (
    r"(?i)^(?P<start>.*?)[ _]?(?:\((?P<number>\d+)\)|- (?:copy|kopie|copie|copia|kopia)(?: \(\d+\))?)"
    r"(?P<end>\.[^.]+)$"
)
"""`IMG_0001 (2).JPG`, `IMG_0001 - Copy.JPG`: what systems make of a name that is taken already."""


def columns_of_headers(
    root: Path, paths: Iterable[str], remarks: Remarks, *, times: pd.Series | None = None
) -> pd.DataFrame:
    """Columns `taken_at`, `utc_offset`, `camera`, `sequence_id`, `width` and `height`, a row a path.

    `times`: text, for files whose header has none.
    """
    path = pd.Series(list(paths), dtype="string")
    headers = read_headers(root, path)
    written = headers["taken_at"] if times is None else headers["taken_at"].fillna(times)
    taken = taken_at(written, remarks)
    camera = cameras(path, headers["camera"], taken)
    return pd.DataFrame(
        {
            "taken_at": taken,
            "utc_offset": utc_offsets(written),
            "camera": camera,
            "sequence_id": (camera.fillna("") + " " + headers["event"]).str.strip(),
            "width": cleaning.sizes(headers["width"], remarks, "width"),
            "height": cleaning.sizes(headers["height"], remarks, "height"),
        }
    )


def cameras(paths: pd.Series, bodies: pd.Series, times: pd.Series) -> pd.Series:
    """The camera of each file, text: its body, and where names of a folder repeat with a mark of copies, the mark.

    A camera never gives a name twice to one card, so that the file with the mark is from another card; unless both
    bodies are known, or it was taken at the same time, which makes it a copy of the same file.
    """
    bodies = bodies.astype("string").reset_index(drop=True)
    parts = paths.str.extract(COPY_MARK)
    marked = parts["end"].notna()
    if not marked.any():
        return bodies
    own = pd.Series(paths.index, index=paths).loc[lambda rows: ~rows.index.duplicated()]
    originals = (parts["start"] + parts["end"]).map(own)
    apart = marked & originals.notna()
    of_original = originals[apart].astype("int64")
    same = times.take(of_original).to_numpy() == times[apart].to_numpy()
    known = bodies.take(of_original).notna().to_numpy() & bodies[apart].notna().to_numpy()
    apart[apart[apart].index[same | known]] = False
    mark = "card " + parts["number"].fillna("2")
    return bodies.where(~apart, (bodies.fillna("") + " " + mark).str.strip())


@dataclass(frozen=True)
class Shot:
    """When and by which camera an upload was taken, as far as its header says."""

    taken_at: datetime | None = None
    utc_offset: int | None = None  # minutes east of UTC
    camera: str = ""  # model and serial number of the body
    sequence_id: str = ""  # the trigger that the camera counted


def shot_of(content: bytes) -> Shot:
    """From the header of an upload."""
    header = read_header(content)
    written = pd.Series([header.taken_at], dtype="string")
    index = pd.DataFrame({"taken_at": taken_at(written, Remarks()), "location": "", "path": ""})
    time, offset = set_aside(index, Remarks())["taken_at"].iloc[0], utc_offsets(written).iloc[0]
    return Shot(
        taken_at=None if pd.isna(time) else time.to_pydatetime(),
        utc_offset=None if pd.isna(offset) else int(offset),
        camera=header.camera or "",
        sequence_id=f"{header.camera or ''} {header.event}".strip() if header.event else "",
    )


def cameras_of_uploads(names: pd.Series, shots: Sequence[Shot]) -> pd.Series:
    """The camera of each upload, "" where unknown. A name (with its folders) that comes again is of another card."""
    bodies = pd.Series([shot.camera or None for shot in shots], dtype="string")
    times = pd.Series(pd.to_datetime([shot.taken_at for shot in shots]), dtype="datetime64[ms]")
    again = names.reset_index(drop=True).groupby(names.to_numpy()).cumcount()
    marked = cameras(names.astype("string").reset_index(drop=True), bodies, times)
    return marked.where(again == 0, (marked.fillna("") + " card " + (again + 1).astype("string")).str.strip()).fillna(
        ""
    )
