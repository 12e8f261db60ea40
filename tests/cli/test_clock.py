"""`data clock` and `data deployments` from the terminal."""

from pathlib import Path

import pytest

from tests.conftest import CommandLine
from wildcam.cli.clock import seconds_of
from wildcam.errors import UsageError


@pytest.mark.parametrize(
    ("shift", "seconds"),
    [("+01:00", 3600), ("-2d", -172_800), ("1d 03:00:05", 97_205), ("-00:00:07", -7), ("3 d", 259_200)],
)
def test_a_shift_is_a_duration(shift: str, seconds: int) -> None:
    assert seconds_of(shift) == seconds


@pytest.mark.parametrize("shift", ["", "soon", "+", "12", "1:99"])
def test_another_text_is_refused(shift: str) -> None:
    with pytest.raises(UsageError, match="duration"):
        seconds_of(shift)


def test_a_clock_is_corrected_listed_and_put_back(in_process: CommandLine, tmp_path: Path) -> None:
    run = in_process
    rows = ["2021-05-01 10:00:00", "2021-05-02 10:00:00", "2020-05-03 10:00:00", "2020-05-04 10:00:00"]
    lines = [f"IMG_{k}.JPG,fox,Site A,{time}" for k, time in enumerate(rows)]
    (tmp_path / "t.csv").write_text("path,label,location,datetime\n" + "\n".join(lines))
    assert run("data", "import", tmp_path / "t.csv", "--name", "t").returncode == 0
    (proposal,) = run.json("data", "clock", "t")["proposals"]
    assert (proposal["years"], proposal["location"]) == (1, "Site A")
    done = run.json("data", "clock", "t", "--take", "1")
    assert done["corrected_photos"] == done["corrections"][0]["photos"] == 2
    assert done["proposals"] == []
    overview = run.json("data", "profile", "t")["overview"]
    assert (overview["last"][:10], overview["corrected_times"]) == ("2021-05-04", 2)
    bad = run("data", "clock", "t", "--location", "Site B", "--shift", "+01:00")
    assert bad.returncode == 2
    assert "Site A" in bad.stderr
    assert "no change" in run("data", "clock", "t", "--since", "2021-05-01").stderr
    assert run.json("data", "clock", "t", "--remove", "1")["corrected_photos"] == 0

    table = tmp_path / "deployments.csv"
    assert run.json("data", "deployments", "t", "--write", table)["locations"] == 1
    table.write_text("location,latitude,longitude,start,end\nSite A,1,2,2021-05-01,2021-05-11\n")
    facts = run.json("data", "deployments", "t", "--read", table)
    assert (facts["with coordinates"], facts["camera days"]) == (1, 10.0)
    assert "rows of other locations" not in facts
    table.write_text("location,latitude,longitude\nSite A,1,2\nSite a,1,2\n")
    assert run.json("data", "deployments", "t", "--read", table)["rows of other locations"] == "Site a"
