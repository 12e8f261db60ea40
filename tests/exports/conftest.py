"""Predictions with everything that formats stumble over."""

from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from wildcam.predictions.metadata import BatchMetadata
from wildcam.predictions.table import ImageRecord, Prediction, predictions_table
from wildcam.serving.two_stage import Ranked, Verdict, VerdictSource, ViewVote, failed

VIEWS = (ViewVote(0.1, False),) * 4
HOSTILE = ("../up..jpg", "~/50%25.jpg", "cam 1/=cmd().jpg", 'cam 1/a,b\n"c".jpg', "cam 1/<b>é.jpg", "cam 1/'+1.jpg")


def verdict(label: str, source: VerdictSource, confidence: float, p_empty: float, *top: tuple[str, float]) -> Verdict:
    return Verdict(label, source, confidence, 3, VIEWS, p_empty=p_empty, top=tuple(Ranked(*item) for item in top))


@pytest.fixture(autouse=True)
def a_home_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which photos show people is asked of the home."""
    monkeypatch.setenv("WILDCAM_HOME", str(tmp_path / "home"))


@pytest.fixture
def table() -> pd.DataFrame:
    taken = datetime(2024, 6, 1, 12, 30, 5)
    rows = [
        (
            ImageRecord("a", "north/a.jpg", "north", "s1", taken, 1024, 747),
            verdict("ocelot", VerdictSource.STAGE_2, 0.62, 0.1, ("ocelot", 0.62), ("puma", 0.3)),
        ),
        (
            ImageRecord("b", "north/b.jpg", "north", "s1", taken.replace(second=9), 1024, 747),
            verdict("empty", VerdictSource.STAGE_1, 0.9, 0.9),
        ),
        (
            ImageRecord("c", "south/c.png", "south", "", taken.replace(day=2)),
            verdict("unknown", VerdictSource.ABSTENTION, 0.3, 0.85, ("puma", 0.3), ("ocelot", 0.29)),
        ),
        (
            ImageRecord("d", "south/d.jpg", "south", "", taken.replace(day=3)),
            failed("d.jpg is damaged: copy it again."),
        ),
        # the majority's species is not the likeliest by the mean
        (
            ImageRecord("e", "south/e.jpg", "south", "", taken.replace(day=4)),
            verdict("puma", VerdictSource.STAGE_2, 0.4, 0.2, ("ocelot", 0.45), ("puma", 0.4)),
        ),
        (
            ImageRecord("f", "south/f.jpg", "south", "", taken.replace(day=5)),
            verdict("human", VerdictSource.STAGE_2, 0.8, 0.1, ("human", 0.8), ("ocelot", 0.1)),
        ),
        *(
            (
                ImageRecord(path, path, "cam 1", "", taken),
                verdict("<i>=fox", VerdictSource.STAGE_2, 0.5, 0.3, ("<i>=fox", 0.5)),
            )
            for path in HOSTILE
        ),
    ]
    return predictions_table(Prediction(records, given) for records, given in rows)


@pytest.fixture
def metadata(tmp_path: Path) -> BatchMetadata:
    return BatchMetadata(
        root=tmp_path / "photos",
        source="reserve",
        empty_model="park-empty",
        species_model="park-species",
        classes=("ocelot", "puma"),
        is_demo=False,
        views=4,
        aggregation="majority_vote",
        empty_threshold=0.5,
        unknown_threshold=0.4,
        run_id="0123456789abcdef",
        created_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    )
