"""The similarity index of a data set: one file in the cache, made by a job, read by the pages."""

import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet
from numpy.typing import NDArray
from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from wildcam import atomic
from wildcam.data.catalog import Dataset
from wildcam.settings import Settings

_INFO = b"wildcam"


class IndexInfo(BaseModel):
    """What a similarity index was made of."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    backbone: str
    made_at: AwareDatetime
    photos_key: str  # changes when a photo is added or removed
    unreadable: int  # photos that could not be decoded, and are not in it


@dataclass(frozen=True)
class SimilarityIndex:
    """Photos of a data set (N) with their K nearest others."""

    info: IndexInfo
    image_ids: NDArray[np.object_]  # (N,)
    plane: NDArray[np.float32]  # (N, 2), see `neighbours.plane`
    group: NDArray[np.int32]  # (N,), see `neighbours.groups`
    neighbours: NDArray[np.int32]  # (N, K), positions, the nearest first
    similarities: NDArray[np.float32]  # (N, K), cosines

    @cached_property
    def position(self) -> pd.Series:
        """The position of each photo, by its id."""
        return pd.Series(np.arange(len(self.image_ids)), index=self.image_ids)

    def like(self, image_id: str) -> pd.DataFrame:
        """`image_id` and `similarity` of the photos most like one, the nearest first; none where it is unknown."""
        found = self.position.get(image_id)
        if found is None:
            return pd.DataFrame({"image_id": [], "similarity": []})
        return pd.DataFrame(
            {"image_id": self.image_ids[self.neighbours[found]], "similarity": self.similarities[found]}
        )

    def is_of(self, dataset: Dataset) -> bool:
        """Whether the data set still has the photos that it was made of."""
        return self.info.photos_key == photos_key(dataset)


def photos_key(dataset: Dataset) -> str:
    """Sixteen hex digits that change when a photo is added, removed or moved."""
    index = dataset.unreviewed
    digest = hashlib.sha256()
    for name in ("image_id", "path"):
        digest.update("\n".join(index[name].astype(str)).encode())
    return digest.hexdigest()[:16]


def index_path(settings: Settings, dataset_name: str) -> Path:
    """The file of a data set."""
    return settings.cache_dir / "similarity" / f"{dataset_name}.parquet"


def write_index(path: Path, index: SimilarityIndex) -> None:
    """Complete or not at all."""
    count = index.neighbours.shape[1]
    table = pa.table(
        {
            "image_id": pa.array(index.image_ids.astype(str)),
            "x": index.plane[:, 0],
            "y": index.plane[:, 1],
            "group": index.group,
            "neighbours": pa.FixedSizeListArray.from_arrays(index.neighbours.ravel(), count),
            "similarities": pa.FixedSizeListArray.from_arrays(index.similarities.ravel(), count),
        }
    ).replace_schema_metadata({_INFO: index.info.model_dump_json()})
    content = io.BytesIO()
    pa.parquet.write_table(table, content)
    atomic.write_bytes(path, content.getvalue())


def read_index(path: Path) -> SimilarityIndex | None:
    """None where there is none, or one that cannot be read: it is made anew."""
    try:
        table = pa.parquet.read_table(path)
        info = IndexInfo.model_validate_json(table.schema.metadata[_INFO])
        return SimilarityIndex(
            info,
            table["image_id"].to_numpy().astype(object),
            np.column_stack([table["x"].to_numpy(), table["y"].to_numpy()]),
            table["group"].to_numpy(),
            _lists(table["neighbours"]),
            _lists(table["similarities"]),
        )
    except (OSError, pa.ArrowException, ValidationError, KeyError, TypeError, ValueError):
        return None


def make_index(
    dataset: Dataset,
    image_ids: Iterable[str],
    *,
    backbone: str,
    unreadable: int,
    plane: NDArray[np.float32],
    group: NDArray[np.int32],
    nearest: tuple[NDArray[np.int32], NDArray[np.float32]],
) -> SimilarityIndex:
    """The index of what was computed just now."""
    info = IndexInfo(
        backbone=backbone, made_at=datetime.now(UTC), photos_key=photos_key(dataset), unreadable=unreadable
    )
    return SimilarityIndex(info, np.array(list(image_ids), dtype=object), plane, group, *nearest)


def _lists(column: Any) -> NDArray[Any]:
    """A column of lists of one length as an array with a row each."""
    combined = column.combine_chunks()
    values = combined.flatten().to_numpy()
    return values.reshape(len(combined), -1) if len(combined) else values.reshape(0, 0)
