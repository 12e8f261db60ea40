"""MegaDetector's own validators of its format and of COCO Camera Traps, on exports with hundreds of odd names.

They are skipped without the package: `pip install --no-deps megadetector jsonpickle opencv-python-headless tqdm`.
"""

import itertools
from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest

from wildcam.exports.formats import Format, export
from wildcam.predictions.metadata import BatchMetadata
from wildcam.predictions.table import ImageRecord, Prediction, predictions_table
from wildcam.serving.two_stage import Ranked, Verdict, VerdictSource, ViewVote, failed

NOON = datetime(2024, 6, 1, 12)
STEMS = (
    "IMG 1",
    "é",
    "e\u0301",
    "鹿",
    "ß",
    "IMG_1",
    "img_1",
    "%20",
    "=1+1",
    "-x",
    "'q'",
    '"q"',
    "a,b",
    "a;b",
    "😀",
    "..x",
)
FOLDERS = ("", "DCIM/100MEDIA/", "cam 1/", "CON/", "Ärger/", "日本/", "a.b/", "~/")
SUFFIXES = (".jpg", ".JPG", ".png")


def odd_table() -> pd.DataFrame:
    names = [folder + stem + suffix for folder, stem, suffix in itertools.product(FOLDERS, STEMS, SUFFIXES)]
    verdicts = itertools.cycle(
        [
            _verdict("fox", VerdictSource.STAGE_2, 0.9, 0.1),
            _verdict("empty", VerdictSource.STAGE_1, 0.8, 0.8),
            _verdict("unknown", VerdictSource.ABSTENTION, 0.3, 0.2),
            failed("it is damaged: copy it again."),
            _verdict("=cmd()", VerdictSource.STAGE_2, 0.7, 0.2),
            _verdict("human", VerdictSource.STAGE_2, 0.7, 0.2),
        ]
    )
    records = [
        ImageRecord(name, name, name.rpartition("/")[0] or ".", "", None if number % 7 == 0 else NOON, number % 3, 9)
        for number, name in enumerate(names)
    ]
    return predictions_table(map(Prediction, records, verdicts))


def _verdict(label: str, source: VerdictSource, confidence: float, p_empty: float) -> Verdict:
    top = () if label == "empty" else (Ranked(label if label != "unknown" else "fox", confidence), Ranked("hare", 0.01))
    return Verdict(label, source, confidence, 1, (ViewVote(p_empty, label == "empty"),), p_empty=p_empty, top=top)


def test_megadetector_s_validator_passes_odd_names(metadata: BatchMetadata, tmp_path: Path) -> None:
    validator = pytest.importorskip("megadetector.postprocessing.validate_batch_results")
    path = tmp_path / "out.json"
    assert export(Format.MEGADETECTOR, odd_table(), metadata, path).images == 384
    found = validator.validate_batch_results(str(path))["validation_results"]
    assert (found["errors"], found["warnings"]) == ([], [])


def test_the_validator_of_coco_camera_traps_passes_odd_names(metadata: BatchMetadata, tmp_path: Path) -> None:
    validator = pytest.importorskip("megadetector.data_management.integrity_check_json_db")
    path = tmp_path / "out.json"
    export(Format.COCO, odd_table(), metadata, path)
    options = validator.IntegrityCheckOptions()
    options.requireInfo, options.verbose = True, False
    _, data, errors = validator.integrity_check_json_db(str(path), options)
    assert len(data["images"]) == 384
    assert not any(errors.values()), errors
