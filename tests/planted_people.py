"""Answers of a batch that call photos people, without a worker."""

from datetime import UTC, datetime
from pathlib import Path

from wildcam.predictions.metadata import BatchMetadata
from wildcam.predictions.parts import PartWriter
from wildcam.predictions.table import ImageRecord, Prediction
from wildcam.serving.two_stage import Verdict, VerdictSource


def write_answers(run_folder: Path, root: Path, **labels: str) -> BatchMetadata:
    """One more part: the photo `NAME.jpg` below `root` is answered with its label."""
    metadata = BatchMetadata(
        root=root,
        source=str(root),
        empty_model="tiny-empty",
        species_model="tiny-species",
        classes=("deer", "fox", "human"),
        is_demo=False,
        views=1,
        aggregation="majority_vote",
        empty_threshold=0.5,
        unknown_threshold=0.4,
        run_id=run_folder.name,
        created_at=datetime.now(UTC),
    )
    writer = PartWriter(run_folder)
    writer.write_metadata(metadata)
    for name, label in labels.items():
        verdict = Verdict(label, VerdictSource.STAGE_2, 0.9, 1, ())
        writer.add(Prediction(ImageRecord(name, f"{name}.jpg"), verdict))
    writer.flush()
    return metadata
