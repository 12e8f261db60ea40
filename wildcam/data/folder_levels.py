"""What the folders of photos stand for: the camera's own, dates, subsets, locations and labels.

A camera writes numbered folders below DCIM and begins the next when one is full (`100RECNX`, `101RECNX`): these are
nobody's names. The levels that are left are told apart by their names and by what they hold.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wildcam.choice import Choice
from wildcam.data.animal_words import are_labels
from wildcam.data.splits import GIVEN_SUBSETS

Parts = tuple[str, ...]
"""Folders of a photo, the outermost first."""

MOST_SHOWN = 3
"""Names of a level that are shown as its examples."""


class FolderLevel(Choice):
    """What a level of folders stands for."""

    LABEL = "label", "Label"
    LOCATION = "location", "Location"
    SUBSET = "split", "Subset (train, test)"
    DATE = "date", "Date or visit: not used"
    UNUSED = "unused", "Not used"


@dataclass(frozen=True)
class LevelGuess:
    """A level of folders: some of its names, what it is taken for, and whether another reading is as likely."""

    names: Parts
    level: FolderLevel
    doubtful: bool = False


@dataclass(frozen=True)
class FolderLayout:
    """What every level stands for; the camera's own folders are no level."""

    levels: tuple[LevelGuess, ...]
    kept: dict[str, Parts]  # folder → its parts without the camera's own

    def values(self, folder: str, level: FolderLevel) -> str | None:
        """The folder's value of a kind: its names of that kind, joined by `/`; None where it has none."""
        pairs = zip(self.kept[folder], self.levels, strict=False)
        names = [
            _without_date(name) if level is FolderLevel.LOCATION else name for name, one in pairs if one.level is level
        ]
        return "/".join(names) or None


_COPY = r"(?:[ _-]*(?:\(\d+\)|copy|kopie|copie|copia)(?: ?\(?\d+\)?)?)?"
_MAKERS = (
    r"RECNX|EK\d{3}|MEDIA|_?BTCF|BTC\w{0,3}|MFCAM|DSCIM|IMAGE|_?CANON|EOS\w{0,3}|NIKON|NCD\w{2}|ND\w{3}|MSDCF|_?FUJI|_?PANA|"
    r"OLYMP|APPLE|CLOUD|ANDRO|GOPRO|CASIO|KODAK|PENTX|RICOH|SAMSU|SSCAM|LEICA|SIGMA|STLTH|_?CUDDY|BMC\w{0,2}|SYFW\w?|PHOTO|"
    r"SPYPT|UOVSN|BOLYG?|LTL\w{0,2}|HPIMG|PRIME|WLDGM|MOULT|DICAM|SUNPL|VIDEO|SNAPS|HP\d{3}|RCNX\w?|CFVNP"
)
_KNOWN = re.compile(rf"(?:DCIM|PRIVATE|AVCHD|[1-9]\d\d(?:{_MAKERS})){_COPY}", re.IGNORECASE)
_DCF = re.compile(rf"[1-9]\d\d(?P<letters>(?=\w*[A-Z_])[A-Z0-9_]{{5}}){_COPY}", re.IGNORECASE)
"""Three digits and five free characters, as the Design rule for Camera File systems has it (JEITA CP-3461)."""

_MONTH = (
    r"(?:jan(?:uary|uar|uari|vier)?|feb(?:ruary|ruar|ruari)?|f[ée]v(?:rier|ereiro)?|mar(?:ch|s|zo|[çc]o)?|m[äa]rz|mrt|maart|apr(?:il|ile)?|"
    r"avr(?:il)?|abr(?:il)?|may|mai|mei|maj|mayo|maio|maggio|jun[ei]?|juin|junio|junho|giugno|jul[iy]?|juillet|julio|julho|luglio|"
    r"aug(?:ust|usti|ustus)?|ao[uû]t|ago(?:sto)?|sept?(?:ember)?|septembre|septiembre|setembro|settembre|oct(?:ober|obre|ubre)?|"
    r"okt(?:ober)?|outubro|ottobre|nov(?:ember|embre|iembre|embro)?|dec(?:ember|embre)?|dez(?:ember|embro)?|d[ée]c(?:embre)?|"
    r"dic(?:iembre|embre)?|enero|ene|janeiro|gennaio|febrero|febbraio)\.?"
)
_YEAR = r"(?:19|20)\d\d"
_DATE = (
    rf"(?:{_YEAR}(?:[-_. ]?[01]?\d(?:[-_. ]?[0-3]?\d)?)?|[0-3]?\d[-_. ][01]?\d[-_. ](?:{_YEAR}|\d\d)|"
    rf"(?:[0-3]?\d[-_. ]?)?{_MONTH}[-_. ]*(?:[0-3]?\d[-_., ]+)?(?:{_YEAR})?|{_YEAR}[-_. ]*{_MONTH}(?:[-_. ]*[0-3]?\d)?)"
)
_DATE_FOLDER = re.compile(rf"{_DATE}(?:\s*(?:-|–|_|to|bis|au)\s*{_DATE})?", re.IGNORECASE)
_VISIT = re.compile(
    r"(?:visit|check|(?:sd[ _-]?)?card|sd|retrieval|pick[ _-]?up|session|batch|round|week|download|collection|service)"
    r"[ _-]?\d*",
    re.IGNORECASE,
)
_DATED_NAME = re.compile(r"(?P<name>.*?[^\s_-])[\s_-]+(?:(?:19|20)\d\d[-_.]?[01]\d[-_.]?[0-3]\d)$")

_STATION_WORD = re.compile(
    r"(?:station|stn|site|location|loc|camera|cam|ct|trap|plot|grid|deployment|dep|point|pt|transect|kamera|standort|standplaats|"
    r"c[áa]mara|sitio|estaci[óo]n|local|pi[èe]ge|appareil|fotofalle|wildkamera|fototrappola|punto)(?:[\s_-].*|\d.*|[A-Z]|)",
    re.IGNORECASE,
)
_CLASS = r"(?:class|species|label|category|taxon|art|klasse)"
_CODE = re.compile(rf"(?!{_CLASS}\b|.*{_CLASS}[ _-]?\d)(?=.*\d)(?=.*[^\W\d_]).*", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")


def layout_of(folders: Iterable[str], chosen: Sequence[FolderLevel] | None = None) -> FolderLayout:
    """The layout of folders, each a path with `/`; `""` is the root. `chosen`: what a person said of the levels."""
    unique = list(dict.fromkeys(folders))
    own = _camera_folders(unique)
    kept, holders = {}, set[Parts]()
    for folder in unique:
        parts = tuple(folder.split("/")) if folder else ()
        is_own = ["/".join(parts[: depth + 1]) in own for depth in range(len(parts))]
        kept[folder] = tuple(part for part, camera in zip(parts, is_own, strict=True) if not camera)
        if any(is_own):
            holders.add(parts[: is_own.index(True)])
    levels = _levels(list(kept.values()), holders)
    if chosen is not None:
        padded = [*chosen, *[FolderLevel.UNUSED] * (len(levels) - len(chosen))]
        levels = tuple(LevelGuess(one.names, level) for one, level in zip(levels, padded, strict=False))
    return FolderLayout(levels, kept)


def without_camera_folders(folder: str) -> str:
    """A folder without the parts that a camera has named: what is left tells where the camera stood."""
    return "/".join(layout_of([folder]).kept[folder])


def _camera_folders(folders: Iterable[str]) -> set[str]:
    """The folders, or their parents, that a camera has named.

    Letters that no maker is known for count where every such folder beside them has the same ones.
    """
    own: set[str] = set()
    unknown: dict[str, dict[str, str]] = defaultdict(dict)  # parent → folder → letters
    seen: set[str] = set()
    for folder in folders:
        parts = folder.split("/") if folder else []
        for depth, name in enumerate(parts):
            path = "/".join(parts[: depth + 1])
            if path in seen:
                continue
            seen.add(path)
            if _KNOWN.fullmatch(name):
                own.add(path)
            elif fit := _DCF.fullmatch(name):
                unknown["/".join(parts[:depth])][path] = fit["letters"].lower()
    for parent, found in unknown.items():
        if len(set(found.values())) == 1 or parent in own:
            own.update(found)
    return own


def _levels(kept: list[Parts], holders: set[Parts]) -> tuple[LevelGuess, ...]:
    depth = max(map(len, kept), default=0)
    names = [tuple(dict.fromkeys(parts[level] for parts in kept if len(parts) > level)) for level in range(depth)]
    found = [_by_names(of_level, level, depth) for level, of_level in enumerate(names)]
    open_levels = [level for level, kind in enumerate(found) if kind is None]
    holding = _holding_level(names, found, holders)
    doubtful = False
    if holding is not None:
        for level in open_levels:
            found[level] = (
                FolderLevel.LOCATION
                if level == holding
                else FolderLevel.LABEL
                if level > holding or are_labels(names[level])
                else FolderLevel.UNUSED
            )
    else:
        doubtful = _by_contents(names, kept, found, open_levels)
    complete = [kind or FolderLevel.UNUSED for kind in found]
    _tell_apart(kept, complete)
    return tuple(
        LevelGuess(of_level[:MOST_SHOWN], kind, doubtful and kind in (FolderLevel.LABEL, FolderLevel.LOCATION))
        for of_level, kind in zip(names, complete, strict=True)
    )


def _by_names(names: Parts, level: int, depth: int) -> FolderLevel | None:
    """What names alone say; None where they do not."""
    if level == 0 and depth > 1 and all(name.lower() in GIVEN_SUBSETS for name in names):
        return FolderLevel.SUBSET
    if all(_DATE_FOLDER.fullmatch(name) or _VISIT.fullmatch(name) for name in names) and not _counts(names, depth):
        return FolderLevel.DATE
    return None


def _counts(names: Parts, depth: int) -> bool:
    """Whether the names may as well be numbers of classes or locations: all bare numbers, and no other level."""
    return depth == 1 and all(_NUMBER.fullmatch(name) for name in names)


def _holding_level(names: list[Parts], found: list[FolderLevel | None], holders: set[Parts]) -> int | None:
    """The level whose folders hold the camera's own, as the one into which whole cards were copied."""
    counted: dict[int, set[str]] = defaultdict(set)
    for parts in holders:
        level = len(parts) - 1
        while level >= 0 and found[level] is not None:
            level -= 1
        if level >= 0:
            counted[level].add(parts[level])
    for level in sorted(counted, reverse=True):
        like = {name for name in names[level] if name in counted[level] or _is_station(name)}
        if 2 * len(like) > len(names[level]):
            return level
    return None


def _by_contents(names: list[Parts], kept: list[Parts], found: list[FolderLevel | None], left: list[int]) -> bool:
    """Tell labels and locations apart in the levels that are left; whether the other reading is as likely."""
    labels = [level for level in left if are_labels(names[level])]
    stations = [level for level in left if level not in labels and all(map(_is_station, names[level]))]
    numbers = [level for level in left if all(map(_NUMBER.fullmatch, names[level]))]
    others = [level for level in left if level not in stations and level not in labels]
    if len(stations) == len(left) > 1 and any(level not in numbers for level in stations):
        labels = [level for level in numbers if level == left[0]]  # numbers of classes above the names of cameras
        stations = [level for level in stations if level not in labels]
        others = []
    elif len(left) == 1 and stations and left == numbers:  # numbers alone may be classes or locations
        labels, stations, others = left, [], []
        found[left[0]] = FolderLevel.LABEL
        return True
    if not labels and others:
        labels = others[:1]
    for level in labels[:1]:
        found[level] = FolderLevel.LABEL
    if not stations and labels and labels[0] not in others and others:
        stations = others[:1]  # beside a level of known labels
    for level in stations[-1:]:
        found[level] = FolderLevel.LOCATION
    plain = len([level for level in others if found[level] is not FolderLevel.LOCATION])
    return plain > 1 and not stations


def _tell_apart(kept: list[Parts], kinds: list[FolderLevel]) -> None:
    """Where one name of a location occurs in several outer folders, they are part of it: `A/Cam1` and `B/Cam1`."""
    locations = [level for level, kind in enumerate(kinds) if kind is FolderLevel.LOCATION]
    if not locations:
        return
    level = locations[-1]
    for outer in range(level - 1, -1, -1):
        if kinds[outer] is not FolderLevel.UNUSED:
            continue
        above: dict[str, set[str]] = defaultdict(set)
        for parts in kept:
            if len(parts) > level:
                above[parts[level]].add(parts[outer])
        if any(len(names) > 1 for names in above.values()):
            kinds[outer] = FolderLevel.LOCATION


def _is_station(name: str) -> bool:
    """Names of locations have numbers or one of the words for it; names of species do not."""
    return bool(_STATION_WORD.fullmatch(name) or _CODE.fullmatch(name) or _NUMBER.fullmatch(name))


def _without_date(name: str) -> str:
    """A location without the date of a visit: `Cam01_2021-05-01` and `Cam01_2021-06-01` are one."""
    dated = _DATED_NAME.fullmatch(name)
    return dated["name"] if dated else name
