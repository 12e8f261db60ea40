"""Files with wrong bytes, cut or not, before every reader: each answers, or refuses in one sentence."""

import contextlib
import io
import json
import random
import tempfile
import time
import traceback
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

import pandas as pd
from PIL import Image

from wildcam.data.catalog import build_index, list_datasets, open_dataset, save_dataset
from wildcam.data.importers import try_import
from wildcam.data.importers.contract import Remarks
from wildcam.data.importers.exif import read_header
from wildcam.data.importers.names_table import read_names
from wildcam.data.labels import LabelPolicy
from wildcam.errors import WildcamError
from wildcam.exports.deployment_table import DeploymentTable
from wildcam.exports.load import load_predictions
from wildcam.images import load_rgb, stored_size
from wildcam.predictions.external.results_file import read_results
from wildcam.quality.measure import measure
from wildcam.serving.uploads import read_uploads

Read = Callable[[Path], object]

MOST_BYTES_CHANGED = 8
CUT_SHARE = 0.3


def _read_dataset(path: Path) -> None:
    """`path`: one of the two files of a data set."""
    for info in list_datasets(path.parent.parent):
        _ = open_dataset(path.parent.parent, info.name).index


def _read_as_upload(path: Path) -> None:
    for file in read_uploads([(path.name, io.BytesIO(path.read_bytes()))]):
        if not file.failure:
            file.content()


IMAGES: tuple[Read, ...] = (
    lambda path: read_header(path.read_bytes()),
    measure,
    stored_size,
    load_rgb,
    _read_as_upload,
)
TABLES: tuple[Read, ...] = (try_import, load_predictions)
RESULTS: tuple[Read, ...] = (*TABLES, lambda path: read_results(path, Remarks()))
READERS: Mapping[str, tuple[Read, ...]] = MappingProxyType(
    {
        "x.jpeg": IMAGES,
        "x.png": IMAGES,
        "x.tiff": IMAGES,
        "x.webp": IMAGES,
        "x.gif": IMAGES,
        "x.zip": (*TABLES, _read_as_upload),
        "camtrap.zip": TABLES,
        "coco.json": RESULTS,
        "megadetector.json": RESULTS,
        "speciesnet.json": RESULTS,
        "x.csv": (*TABLES, DeploymentTable.read, read_names),
        "deployments.csv": (DeploymentTable.read,),
        "names.csv": (read_names,),
        "dataset.json": (_read_dataset,),
        "index.parquet": (_read_dataset,),
    }
)
"""What reads a file of that name."""


@cache
def sound_files() -> Mapping[str, bytes]:
    """A sound file for each name of `READERS`."""
    return MappingProxyType(_images() | _tables() | _dataset())


def damage(content: bytes, dice: random.Random) -> bytes:
    """Some bytes changed, and in some cases the end cut off."""
    damaged = bytearray(content)
    for _ in range(dice.randint(1, MOST_BYTES_CHANGED)):
        damaged[dice.randrange(len(damaged))] = dice.randrange(256)
    return bytes(damaged[: dice.randrange(1, len(damaged))] if dice.random() < CUT_SHARE else damaged)


def read_damaged(name: str, number: int, folder: Path) -> None:
    """The damaged file of that number before every reader of its name; what is no `WildcamError` is raised."""
    content = damage(sound_files()[name], random.Random(f"{name} {number}"))
    if name in ("dataset.json", "index.parquet"):
        for other in ("dataset.json", "index.parquet"):
            (folder / other).write_bytes(sound_files()[other])
    path = folder / name
    path.write_bytes(content)
    for read in READERS[name]:
        with contextlib.suppress(WildcamError), warnings.catch_warnings(action="ignore"):
            read(path)


def main(files: int) -> None:
    """`files`: how many, of all kinds in turn."""
    kinds: Counter[str] = Counter()
    first: dict[str, str] = {}
    begun, names = time.perf_counter(), list(READERS)
    with tempfile.TemporaryDirectory() as top:
        folder = Path(top, "mine")
        folder.mkdir()
        for number in range(files):
            name = names[number % len(names)]
            try:
                read_damaged(name, number, folder)
            except Exception as error:
                place = traceback.extract_tb(error.__traceback__)[-1]
                kind = f"{type(error).__name__} in {place.filename}:{place.lineno}"
                kinds[kind] += 1
                first.setdefault(kind, f"{name} {number}: {error}")
    print(
        f"{files:,} damaged files in {time.perf_counter() - begun:,.0f} s, {sum(kinds.values())} raised something else"
    )
    for kind, count in kinds.most_common():
        print(f"  {count:5d} × {kind}; the first: {first[kind][:300]}")


def _images() -> dict[str, bytes]:
    exif, noise = Image.Exif(), Image.effect_noise((40, 30), 50).convert("RGB")
    exif[0x0112], exif[0x0132] = 6, "2024:06:01 12:00:00"
    found = {}
    for format in ("JPEG", "PNG", "TIFF", "WEBP", "GIF"):
        content = io.BytesIO()
        noise.save(content, format, **({} if format == "GIF" else {"exif": exif}))
        found[f"x.{format.lower()}"] = content.getvalue()
    return found


def _tables() -> dict[str, bytes]:
    table = b'file,label,datetime\n"a.jpg",fox,2024-06-01 12:00\nb.jpg,hare,\n'
    resources = [{"name": name, "path": f"{name}.csv"} for name in ("deployments", "media", "observations")]
    camtrap = {
        "datapackage.json": json.dumps({"profile": "camtrap-dp", "resources": resources}),
        "deployments.csv": "deploymentID,locationID,deploymentStart,deploymentEnd\nd,north,2024-06-01T00:00:00Z,\n",
        "media.csv": "mediaID,deploymentID,timestamp,filePath\na,d,2024-06-01T12:00:00Z,a.jpg\n",
        "observations.csv": "observationID,deploymentID,mediaID,observationType,scientificName\n1,d,a,animal,Vulpes\n",
    }
    box = {"category": "1", "conf": 0.9, "bbox": [0.1, 0.1, 0.5, 0.5], "classifications": [["0", 0.8]]}
    megadetector = {
        "images": [{"file": "a.jpg", "detections": [box]}, {"file": "b.jpg", "failure": "unreadable"}],
        "detection_categories": {"1": "animal"},
        "classification_categories": {"0": "fox"},
        "info": {"format_version": "1.3"},
    }
    name = "id;mammalia;carnivora;canidae;vulpes;vulpes;red fox"
    speciesnet = {"predictions": [{"filepath": "a.jpg", "prediction": name, "prediction_score": 0.9, "country": "NLD"}]}
    coco = {"images": [{"id": "a", "file_name": "a.jpg"}], "annotations": [], "categories": []}
    return {
        "x.csv": table,
        "x.zip": _packed({"a.csv": table.decode()}),
        "camtrap.zip": _packed(camtrap),
        "coco.json": json.dumps(coco).encode(),
        "megadetector.json": json.dumps(megadetector).encode(),
        "speciesnet.json": json.dumps(speciesnet).encode(),
        "deployments.csv": b"location,latitude,longitude,start,end\nnorth,52.1,5.2,2024-06-01,2024-07-01\n",
        "names.csv": b"label,scientific_name,common_name\nfox,Vulpes vulpes,red fox\n",
    }


def _packed(members: Mapping[str, str]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_LZMA) as archive:
        for name, text in members.items():
            archive.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_LZMA)
    return content.getvalue()


def _dataset() -> dict[str, bytes]:
    names: Iterable[str] = ("a", "b", "c")
    index: pd.DataFrame = build_index(
        {"image_id": list(names), "path": [f"{name}.jpg" for name in names], "label": ["fox", "hare", None]}
    )
    with tempfile.TemporaryDirectory() as folder:
        saved = save_dataset(
            Path(folder), index, name="mine", source="", root=Path("/photos"), format="csv", labels=LabelPolicy()
        )
        return {name: (saved.folder / name).read_bytes() for name in ("dataset.json", "index.parquet")}
