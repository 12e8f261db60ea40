"""Common names that a source has beside its labels stay with the data set."""

import json
from pathlib import Path

import pytest

from wildcam.data.importers import import_dataset
from wildcam.data.species_names import SpeciesName

LATIN = "Aepyceros melampus"


def coco(folder: Path) -> Path:
    path = folder / "coco.json"
    categories = [{"id": 1, "name": LATIN, "common_name": "impala"}, {"id": 2, "name": "fox"}]
    images = [{"id": "1", "file_name": "1.jpg"}]
    path.write_text(json.dumps({"images": images, "annotations": [], "categories": categories}))
    return path


def wildlife_insights(folder: Path) -> Path:
    path = folder / "images.csv"
    path.write_text(
        "deployment_id,image_id,filename,timestamp,is_blank,common_name,genus,species\n"
        "d,1,1.jpg,2021-01-01 10:00:00,0,impala,Aepyceros,melampus\n"
        "d,2,2.jpg,2021-01-01 10:00:00,1,Blank,,\n"
    )
    return path


def camtrap_dp(folder: Path) -> Path:
    taxa = [{"scientificName": LATIN, "vernacularNames": {"nld": "impala (nl)", "eng": "impala"}}, "odd", {}]
    (folder / "datapackage.json").write_text(json.dumps({"resources": [], "taxonomic": taxa}))
    (folder / "deployments.csv").write_text("deploymentID\nd\n")
    (folder / "media.csv").write_text("mediaID,deploymentID,timestamp,filePath\n1,d,2021-01-01T10:00:00+00:00,1.jpg\n")
    (folder / "observations.csv").write_text(
        f"deploymentID,mediaID,observationType,scientificName\nd,1,animal,{LATIN}\n"
    )
    return folder


def table(folder: Path) -> Path:
    path = folder / "table.csv"
    path.write_text(f"file,label,common_name\n1.jpg,{LATIN},impala\n2.jpg,empty,\n")
    return path


@pytest.mark.parametrize("write", [coco, wildlife_insights, camtrap_dp, table])
def test_the_common_name_of_the_source_is_kept(tmp_path: Path, write) -> None:
    (tmp_path / "source").mkdir()
    dataset = import_dataset(tmp_path / "datasets", write(tmp_path / "source"), name="d")
    names = dataset.info.names
    assert names.of(LATIN).common == "impala"
    assert names.title(LATIN) == f"impala, {LATIN}"
    assert names.of("empty") == names.of("fox") == SpeciesName()
