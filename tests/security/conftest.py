"""A home with models, and a server that others can reach, as an anonymous visitor finds it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
from streamlit import config

from wildcam.predictions.metadata import BatchMetadata
from wildcam.predictions.table import ImageRecord, Prediction, predictions_table
from wildcam.runs.store import RunStore
from wildcam.serving.two_stage import failed
from wildcam.settings import Settings


@pytest.fixture
def store(small_home: Settings) -> RunStore:
    return RunStore(small_home)


@pytest.fixture
def data_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The one folder that visitors may name files in."""
    folder = tmp_path / "data"
    folder.mkdir()
    monkeypatch.setenv("WILDCAM_DATA_ROOTS", str(folder))
    return folder


@pytest.fixture
def open_server() -> Iterator[None]:
    """The server listens on every address."""
    before = config.get_option("server.address")
    config.set_option("server.address", "0.0.0.0")
    yield
    config.set_option("server.address", before)


@pytest.fixture
def batch_of() -> Callable[[Path], tuple[pd.DataFrame, BatchMetadata]]:
    """The answers of a batch of `a.jpg` … `d.jpg` in a new folder."""

    def make(root: Path) -> tuple[pd.DataFrame, BatchMetadata]:
        root.mkdir()
        metadata = BatchMetadata(
            root=root,
            source=str(root),
            empty_model="tiny-empty",
            species_model="tiny-species",
            classes=("deer",),
            is_demo=False,
            views=1,
            aggregation="majority_vote",
            empty_threshold=0.5,
            unknown_threshold=0.4,
            run_id="0123456789abcdef",
            created_at=datetime.now(UTC),
        )
        records = [ImageRecord(name, f"{name}.jpg", "north", "") for name in "abcd"]
        return predictions_table(Prediction(record, failed("it failed.")) for record in records), metadata

    return make
