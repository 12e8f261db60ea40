"""Names of species: how labels are shown, and the user's table."""

from pathlib import Path

import pandas as pd
import pytest

from wildcam.data.importers.names_table import read_names
from wildcam.data.species_names import SpeciesName, SpeciesNames
from wildcam.errors import DataError

IMPALA = SpeciesName(scientific="Aepyceros melampus", common="impala")


@pytest.mark.parametrize(
    ("label", "name", "title"),
    [
        ("aepyceros melampus", SpeciesName(common="impala"), "impala, aepyceros melampus"),
        ("impala", SpeciesName(scientific="Aepyceros melampus"), "impala, Aepyceros melampus"),
        ("imp", IMPALA, "impala, Aepyceros melampus"),
        ("impala", SpeciesName(common="Impala"), "Impala"),
        ("impala", SpeciesName(), "impala"),
    ],
)
def test_the_common_name_stands_before_the_scientific_one(label: str, name: SpeciesName, title: str) -> None:
    assert SpeciesNames(by_label={label: name}).title(label) == title


def test_a_label_without_names_is_its_own_title() -> None:
    assert SpeciesNames().title("empty") == "empty"


def test_of_several_names_of_a_label_the_most_frequent_is_kept() -> None:
    names = SpeciesNames.of_columns(
        pd.Series(["a", "a", "a", "b", None]), pd.Series([None] * 5), pd.Series(["x", "y", "y", None, "z"])
    )
    assert names.by_label == {"a": SpeciesName(common="y")}


@pytest.mark.parametrize(
    ("content", "names"),
    [
        ("label,scientific_name,common_name\nIMP,Aepyceros melampus,impala\n", {"IMP": IMPALA}),
        ("common name,scientific name\nimpala,Aepyceros melampus\n", {"impala": IMPALA}),
        ("label,common_name\nimp,impala\nfox,\n", {"imp": SpeciesName(common="impala")}),
    ],
)
def test_a_table_names_labels(tmp_path: Path, content: str, names: dict[str, SpeciesName]) -> None:
    path = tmp_path / "names.csv"
    path.write_text(content)
    assert read_names(path).by_label == names


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    names = SpeciesNames(by_label={"imp": IMPALA})
    path = tmp_path / "names.csv"
    names.to_table(["imp", "fox"]).to_csv(path, index=False)
    assert read_names(path) == names


@pytest.mark.parametrize(
    ("content", "sentence"),
    [("a,b\n1,2\n", "expected label, and"), ("label,common_name\nimp,x\nimp,y\n", "names imp twice")],
)
def test_another_table_is_refused(tmp_path: Path, content: str, sentence: str) -> None:
    path = tmp_path / "names.csv"
    path.write_text(content)
    with pytest.raises(DataError, match=sentence):
        read_names(path)
