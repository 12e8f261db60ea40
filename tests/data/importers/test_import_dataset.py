"""From a source to a stored catalog: complete or not at all."""

from collections.abc import Callable
from pathlib import Path

import pytest

from wildcam.data.catalog import list_datasets, open_dataset
from wildcam.data.importers import ImportOptions, import_dataset
from wildcam.data.labels import LabelPolicy
from wildcam.errors import DataError, UsageError
from wildcam.quality.scan import scan

Write = Callable[..., Path]


@pytest.fixture
def datasets_dir(tmp_path: Path) -> Path:
    return tmp_path / "home" / "datasets"


def test_a_source_becomes_a_data_set(
    write_coco: Write, write_json: Write, datasets_dir: Path, image: Callable[..., bytes]
) -> None:
    source = write_coco()
    (source.parent / "one").mkdir()
    (source.parent / "one/a.jpg").write_bytes(image(90, 120, 60))
    detector = write_json(
        {"images": [{"id": "a", "detections": [{"category": "1", "conf": 0.8, "bbox": [0, 0, 1, 1]}]}]}, "detector.json"
    )
    steps: list[tuple[str, float]] = []
    import_dataset(
        datasets_dir,
        source,
        name="reserve",
        options=ImportOptions(detector=detector),
        progress=lambda step, fraction: steps.append((step, fraction)),
    )
    dataset = open_dataset(datasets_dir, "reserve")
    assert dataset.index["status"].tolist() == ["ok", "missing", "missing"]
    assert dataset.index["role"].tolist() == ["animal", "animal", "empty"]
    assert dataset.info.labels == LabelPolicy(empty=("empty",), other=("human",))  # listed, though no image has it
    assert (dataset.info.format, dataset.info.source) == ("coco", str(source))
    assert dataset.detections["image_id"].tolist() == ["a"]
    assert [remark.count for remark in dataset.info.warnings] == [2]
    assert [fraction for _, fraction in steps] == sorted(fraction for _, fraction in steps)
    assert steps[-1][1] == 1.0


def test_a_taken_or_impossible_name_is_refused_before_anything_is_read(
    write_coco: Write, datasets_dir: Path, tmp_path: Path
) -> None:
    import_dataset(datasets_dir, write_coco(), name="reserve")
    with pytest.raises(UsageError, match="'reserve' exists"):
        import_dataset(datasets_dir, tmp_path / "nowhere.json", name="reserve")
    with pytest.raises(UsageError, match="cannot be a name"):
        import_dataset(datasets_dir, tmp_path / "nowhere.json", name="../reserve")


def test_a_replacement_that_cannot_be_read_leaves_the_old_data_set(write_coco: Write, datasets_dir: Path) -> None:
    source = write_coco()
    import_dataset(datasets_dir, source, name="reserve")
    source.write_bytes(source.read_bytes()[:200])
    with pytest.raises(DataError, match="is not valid JSON"):
        import_dataset(datasets_dir, source, name="reserve", replace=True)
    assert len(open_dataset(datasets_dir, "reserve").index) == 3
    assert [info.name for info in list_datasets(datasets_dir)] == ["reserve"]
    assert len(list(datasets_dir.iterdir())) == 1


@pytest.mark.slow
def test_the_damaged_images_of_the_demo_are_found(demo_source: Path, datasets_dir: Path) -> None:
    dataset = import_dataset(datasets_dir, demo_source, name="demo", is_demo=True)
    assert dataset.info.is_demo
    assert set(dataset.index["status"]) == {"ok"}, "an import looks whether a file is there, a check opens it"
    assert scan(dataset).quality["status"].value_counts()["unreadable"] == 2
