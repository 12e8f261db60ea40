"""What folders stand for: the camera's own, dates, subsets, locations and labels."""

import pytest

from wildcam.data.folder_levels import FolderLevel, layout_of

LABEL, LOCATION = FolderLevel.LABEL, FolderLevel.LOCATION

OVERFLOW = (
    *(
        "100RECNX",
        "101EK113",
        "100MEDIA",
        "100_BTCF",
        "100BTCF",
        "100EOS5D",
        "100EOS",
        "101MSDCF",
        "100_FUJI",
        "100CANON",
    ),
    *(
        "100BMC",
        "100STLTH",
        "100DSCIM",
        "101NIKON",
        "100_PANA",
        "100OLYMP",
        "100_0515",
        "102___05",
        "100APPLE",
        "100media",
    ),
    *("100APPLE", "100media", "100RECNX (2)", "100MEDIA - Copy", "999GOPRO", "100ABCDE"),
)


def read(*folders: str) -> dict[str, tuple[str | None, str | None]]:
    """Label and location of each folder."""
    layout = layout_of(folders)
    return {folder: (layout.values(folder, LABEL), layout.values(folder, LOCATION)) for folder in folders}


@pytest.mark.parametrize("name", OVERFLOW)
@pytest.mark.parametrize("above", ["", "DCIM/"])
def test_a_camera_s_own_folder_is_no_label_and_no_location(name: str, above: str) -> None:
    assert read(f"{above}{name}") == {f"{above}{name}": (None, None)}
    folders = (f"Ridge/{above}{name}", f"Bear Creek/{above}{name}")
    assert read(*folders) == {folders[0]: (None, "Ridge"), folders[1]: (None, "Bear Creek")}


def test_numbered_names_of_several_kinds_side_by_side_are_no_camera_s() -> None:
    assert read("100NORTH", "101SOUTH") == {"100NORTH": (None, "100NORTH"), "101SOUTH": (None, "101SOUTH")}


@pytest.mark.parametrize(
    ("folders", "labels", "locations"),
    [
        (("fox", "badger"), ("fox", "badger"), (None, None)),
        (("Cam01", "Cam02"), (None, None), ("Cam01", "Cam02")),
        (("fox/Cam1", "badger/Cam1"), ("fox", "badger"), ("Cam1", "Cam1")),
        (("Cam1/fox", "Cam2/empty", "Cam2"), ("fox", "empty", None), ("Cam1", "Cam2", "Cam2")),
        (("2021-05-01/Cam1", "2021-06-01/Cam1"), (None, None), ("Cam1", "Cam1")),
        (("Cam1/2021-05/fox", "Cam2/2021-06/fox"), ("fox", "fox"), ("Cam1", "Cam2")),
        (("fox/May 2021", "red deer/June 2021"), ("fox", "red deer"), (None, None)),
        (("Bear Creek/fox", "Ridge/deer"), ("fox", "deer"), ("Bear Creek", "Ridge")),
        (("Ridge/blank", "Valley/something"), ("blank", "something"), ("Ridge", "Valley")),
        (("Vulpes vulpes/A1", "Meles meles/A1"), ("Vulpes vulpes", "Meles meles"), ("A1", "A1")),
        (("class 1/Cam1", "class 2/Cam1"), ("class 1", "class 2"), ("Cam1", "Cam1")),
        (("12/cam1", "13/cam1"), ("12", "13"), ("cam1", "cam1")),
        (("North/Cam1/100RECNX", "South/Cam1/100RECNX"), (None, None), ("North/Cam1", "South/Cam1")),
        (("Cam1_2021-05-01", "Cam1_2021-06-01"), (None, None), ("Cam1", "Cam1")),
        (("Cam1/visit 1/DCIM/100MEDIA", "Cam2/visit 2/DCIM/100MEDIA"), (None, None), ("Cam1", "Cam2")),
        (("Cam1/100RECNX/fox", "Cam2/100RECNX/fox"), ("fox", "fox"), ("Cam1", "Cam2")),
        (("marten", "mayfly", "decoy"), ("marten", "mayfly", "decoy"), (None, None, None)),
        (("fox", "unsorted/100MEDIA", "badger"), ("fox", "unsorted", "badger"), (None, None, None)),
    ],
    ids=lambda value: str(value[0]),
)
def test_levels_are_read_by_their_names_and_by_what_they_hold(
    folders: tuple[str, ...], labels: tuple[str | None, ...], locations: tuple[str | None, ...]
) -> None:
    assert tuple(zip(*read(*folders).values(), strict=True)) == (labels, locations)


def test_where_neither_names_nor_contents_tell_the_guess_is_called_doubtful() -> None:
    assert any(level.doubtful for level in layout_of(["Ridge/Alpha", "Valley/Beta"]).levels)
    assert any(level.doubtful for level in layout_of(["1", "2", "3"]).levels)
    assert not any(level.doubtful for level in layout_of(["fox/Cam1", "hare/Cam1"]).levels)


def test_a_person_says_what_a_level_stands_for() -> None:
    layout = layout_of(["Ridge/Alpha/100MEDIA", "Valley/Beta/100MEDIA"], [LOCATION, LABEL])
    assert layout.values("Ridge/Alpha/100MEDIA", LABEL) == "Alpha"
    assert layout.values("Ridge/Alpha/100MEDIA", LOCATION) == "Ridge"


def test_subsets_stand_above_the_labels() -> None:
    layout = layout_of(["train/fox", "val/fox"])
    assert layout.values("val/fox", FolderLevel.SUBSET) == "val"
    assert layout.values("val/fox", LABEL) == "fox"
