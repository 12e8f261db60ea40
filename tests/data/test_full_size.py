"""iWildCam 2020 at full size, generated for the measurements: the golden figures hold through the whole import."""

from pathlib import Path

import pytest

from bench.full_size import write_full_size
from wildcam.data.importers import import_dataset
from wildcam.data.labels import LabelPolicy
from wildcam.profile import Scope, profile

pytestmark = pytest.mark.slow


def test_the_golden_figures_come_out_of_a_file_of_full_size(tmp_path: Path) -> None:
    source = write_full_size(tmp_path / "source")
    experiments = LabelPolicy(empty=("empty",))
    dataset = import_dataset(tmp_path / "datasets", source.train.parent, name="full", labels=experiments)
    figures = profile(dataset)
    seen, tail = figures.overview, figures.long_tail[Scope.ALL]
    assert (seen.images, seen.labelled, seen.locations) == (217_959 + 62_894, 217_959, 441 + 111)
    assert (seen.empty, seen.labels, seen.species) == (74_217, 216, 215)
    assert f"{seen.empty_share:.2%} {tail.top_10_share:.1%} {tail.rarer_half_share:.2%}" == "34.05% 67.6% 0.50%"
    assert tail.at_most == {1: 13, 5: 39, 10: 68, 20: 91, 50: 121, 100: 138, 1000: 182}
    assert f"{tail.gini:.3f} {tail.effective_classes:.1f}" == "0.899 21.5"
    assert figures.long_tail[Scope.ANIMALS].above_1000 == 33
    by_subset = dataset.index.groupby("given_split", observed=True)["location"].unique()
    assert not set(by_subset["train"]) & set(by_subset["test"])
    assert seen.first.year >= 2010
    assert seen.last.year <= 2020
