"""What the columns of a table are, by their names and by what they hold."""

import dataclasses
import re
import unicodedata

import pandas as pd

from wildcam.data.animal_words import are_labels
from wildcam.data.catalog import Mend
from wildcam.data.importers.contract import ColumnMap, Remarks
from wildcam.data.importers.dates import taken_at
from wildcam.data.photo_walk import IMAGE_SUFFIXES
from wildcam.errors import DataError

COMMON_NAMES = {
    "path": (
        *("path", "filepath", "imagepath", "photopath", "relativefilepath", "filename", "file", "image", "imagename"),
        *("imagefile", "photo", "sourcefile", "rawpath", "fullpath", "imageurl", "photourl"),
        *("datei", "dateiname", "bild", "bilddatei", "foto", "fichier", "archivo", "imagen", "arquivo", "imagem"),
        *("bestand", "bestandsnaam", "immagine", "plik", "fil", "filnamn", "absolutepath"),
    ),
    "label": (
        *(
            "label",
            "scientificname",
            "species",
            "commonname",
            "categoryname",
            "category",
            "classname",
            "taxon",
            "animal",
        ),
        *("speciesname", "vernacularname", "class", "categoryid", "prediction"),
        *("art", "tierart", "espece", "especie", "soort", "specie", "gatunek"),
    ),
    "second_label": ("secondlabel", "secondspecies", "otherspecies"),
    "empty": ("empty", "isempty", "blank", "isblank", "noanimal", "emptyimage"),
    "location": (
        *("location", "locationid", "locationname", "placename", "site", "siteid", "station", "stationid"),
        *("cameralocation", "standort", "standplaats", "lieu", "sitio", "local", "luogo", "stanowisko", "plats"),
        *("deployment", "deploymentid", "camera", "cameraid", "kamera", "camara"),
    ),
    "datetime": (
        *("datetime", "takenat", "timestamp", "datetimeoriginal", "datecaptured", "photodatetime", "capturedat"),
        *("timeobservedat", "observedon", "createdate", "date"),
        *("aufnahmezeit", "datum", "fecha", "data", "dataora", "fechahora"),
    ),
    "image_id": ("imageid", "id", "mediaid", "photoid", "uuid"),
    "sequence": ("sequence", "sequenceid", "seqid", "event", "eventid", "burst", "burstid"),
    "split": ("split", "givensplit", "subset", "fold", "partition"),
    "folder": ("relativepath", "directory", "folder", "dir"),
    "time": ("time", "uhrzeit", "zeit", "heure", "hora", "ora", "tijd", "tid"),
    "frame": ("frame", "framenum", "seqframenum", "framenumber"),
    "width": ("width", "imagewidth"),
    "height": ("height", "imageheight"),
}
"""What tables call their columns, without case and punctuation, the best first."""

MOST_LISTED = 12
"""Columns that an error names."""

CLOCK_SAMPLE = 200
"""Values of a time column that are read for dates."""

FEW_PHOTOS = 8
"""With fewer photos, each may have been taken at a location of its own."""

SCIENTIFIC_NAME = "genus + species"
"""The column that is added where a table has the two parts of a scientific name apart."""

_NUMBERED = re.compile(r"(?P<base>species|label|taxon|animal|scientificname|commonname|speciesname)(?P<number>\d+)")
_NO_LOCATION = rf"(?i)(?:{'|'.join(re.escape(suffix) for suffix in IMAGE_SUFFIXES)})$|^[a-z][a-z0-9+.-]+://"
"""Names of files, and addresses: the column tells where the file lies, not where the camera stood."""

_ENDING = r"\.[A-Za-z0-9]{1,5}(?:\?.*)?$"
LEAST_FILES = 0.5
"""Share of the values of a column of photos that end as files do; the others may be folders, or nothing."""

_COORDINATES = r"^-?\d{1,3}[.,]\d+\s*[,;/ ]\s*-?\d{1,3}[.,]\d+$"
_FLAG = r"(?i)^(?:true|false|[01]|yes|no|y|n|x|ja|nein|oui|non|s[ií]|wahr|falsch|vrai|faux)$"


def guess_columns(
    header: list[str], given: ColumnMap | None, source: str, rows: pd.DataFrame | None = None
) -> ColumnMap:
    """The given names, completed by common ones that also fit what the `rows` hold; an empty name says that the table
    has no such column.

    Raises `DataError` for a name that the header has not.
    """
    known = {_plain(name): name for name in reversed(header)}
    chosen = {field: name for field, name in dataclasses.asdict(given or ColumnMap()).items() if name is not None}
    given_fields = set(chosen)
    for field, name in chosen.items():
        if name and name not in header:
            raise DataError(f"{source} has no column {name!r} for the {field}. Its columns: {_listed(header)}.")
    if "label" not in chosen and SCIENTIFIC_NAME in header:
        chosen["label"] = SCIENTIFIC_NAME
    for field, names in COMMON_NAMES.items():
        if field not in chosen:
            free = [known[name] for name in names if known.get(name) not in (None, *chosen.values())]
            fitting = [name for name in free if rows is None or _fits(field, rows[name])]
            if field == "path" and not fitting and not any(known.get(name) for name in COMMON_NAMES["folder"]):
                fitting = free  # a person sees what they hold
            if field == "location" and rows is not None:
                fitting = _repeating(fitting, rows, chosen.get("path"))
            chosen |= {field: fitting[0]} if fitting else {}
        if field == "label":
            chosen = _numbered_labels(header, chosen)
        elif field == "time" and "time" not in given_fields and _has_dates_itself(chosen, rows):
            chosen["datetime"] = chosen.pop("time")
    chosen = {field: name for field, name in chosen.items() if name}
    if "path" not in chosen and "folder" in chosen:  # a lone relative path names the file itself
        chosen["path"] = chosen.pop("folder")
    if "path" not in chosen:
        raise DataError(
            f"{source} has no column of photo file names that is recognised; its columns are "
            f"{_listed(header)}. Choose the one with the file names."
        )
    return ColumnMap(**chosen)


def guess_from_rows(rows: pd.DataFrame, source: str) -> ColumnMap:
    """As `guess_columns`, for a person to check: the column of file names is recognised by its values, too.

    `path` is None where no column holds file names.
    """
    header = list(rows)
    try:
        return guess_columns(header, None, source, rows)
    except DataError:
        for name in header:
            values = rows[name].dropna().str.lower()
            if len(values) and values.str.endswith(IMAGE_SUFFIXES).all():
                return guess_columns(header, ColumnMap(path=name), source, rows)
        placeholder = "".join(header) + "?"  # a path that no column is, so that the others are guessed
        return dataclasses.replace(
            guess_columns([*header, placeholder], ColumnMap(path=placeholder), source), path=None
        )


def with_scientific_name(table: pd.DataFrame) -> pd.DataFrame:
    """The table with `SCIENTIFIC_NAME`, where genus and the species' own word have a column each."""
    known = {_plain(name): name for name in reversed(list(table))}
    if not {"genus", "species"} <= set(known) or {"scientificname", "label"} & set(known):
        return table
    genus, word = (table[known[name]].astype("string").str.strip() for name in ("genus", "species"))
    is_word = word.str.fullmatch(r"[a-z-]+(?: [a-z-]+)?").fillna(False).astype(bool)
    both = (genus + " " + word).where(is_word, word).fillna(genus)
    return table.assign(**{SCIENTIFIC_NAME: both.mask(both == "")})


def note_columns(table: pd.DataFrame, columns: ColumnMap, remarks: Remarks) -> None:
    """Say what a reader should know of the choice: a location of its own for each photo, labels of a program, times
    without a date.
    """
    photos = table[columns.path].nunique() if columns.path else 0
    for name in [columns.location] if columns.location else guessed_locations(list(table)):
        if photos >= FEW_PHOTOS and table[name].nunique() >= photos:
            used = "choose another column, or none" if columns.location else "it is not used as the location"
            remarks.add(
                f"column {name!r} has another value for every photo, as no location has: {used}",
                photos,
                mend=Mend.SOURCE,
            )
    if columns.label and _plain(columns.label) == "prediction":
        remarks.add(
            f"labels of the column {columns.label!r} are a program's predictions: to measure a model, use a person's",
            int(table[columns.label].notna().sum()),
            mend=Mend.SOURCE,
        )
    if columns.time and not columns.datetime:
        remarks.add(
            f"column {columns.time!r} has times of the day and no column has the date: no time is kept",
            int(table[columns.time].notna().sum()),
            mend=Mend.SOURCE,
        )


def guessed_locations(header: list[str]) -> list[str]:
    """The columns whose names may be those of locations, the best first."""
    known = {_plain(name): name for name in reversed(header)}
    return [known[name] for name in COMMON_NAMES["location"] if name in known]


def more_label_columns(header: list[str], columns: ColumnMap) -> list[str]:
    """Columns of further species of a photo: beyond the two that are kept."""
    if not columns.label:
        return []
    family = _family(header, _plain(columns.label))
    return [name for name in family if name not in (columns.label, columns.second_label)]


def label_flags(table: pd.DataFrame, columns: ColumnMap) -> list[str]:
    """Columns that hold yes or no and are called as an animal, or as what else a photo shows."""
    taken = set(dataclasses.astuple(columns))
    named = (name for name in table if name not in taken and are_labels([name]))
    return [name for name in named if table[name].notna().any() and _fits("empty", table[name])]


def _numbered_labels(header: list[str], chosen: dict[str, str]) -> dict[str, str]:
    """`Species0` and `Species1`, or `Species` and `Species2`, are the first and the second label."""
    if "label" in chosen:
        family = _family(header, _plain(chosen["label"])) if chosen["label"] else []
    else:
        bases = (found["base"] for found in map(_NUMBERED.fullmatch, map(_plain, header)) if found)
        family = _family(header, next(bases, ""))
        chosen = chosen | ({"label": family[0]} if family else {})
    others = [name for name in family if name != chosen.get("label")]
    return chosen if "second_label" in chosen or not others else chosen | {"second_label": others[0]}


def _family(header: list[str], name: str) -> list[str]:
    """The columns of this name with and without numbers, by number; a repeated header is numbered by its position."""
    found = _NUMBERED.fullmatch(name)
    base = found["base"] if found else name
    found_numbers = {}
    for column in header:
        if base and (fit := re.fullmatch(rf"{re.escape(base)}(\d*)", _plain(column))):
            found_numbers[column] = int(fit[1] or -1)
    return sorted(found_numbers, key=found_numbers.__getitem__)


def _fits(field: str, values: pd.Series) -> bool:
    """Whether the values may be what the column's name says."""
    given = values.dropna().astype("string").str.strip()
    if given.empty:
        return True
    if field == "path":
        return bool(given.str.contains(_ENDING, regex=True).mean() >= LEAST_FILES)
    if field == "empty":
        return bool(given.str.fullmatch(_FLAG).all())
    if field == "location":
        return not given.str.contains(_NO_LOCATION, regex=True).any() and not (
            len(given) > 1 and given.is_unique and given.str.fullmatch(_COORDINATES).all()
        )
    return True


def _has_dates_itself(chosen: dict[str, str], rows: pd.DataFrame | None) -> bool:
    """Whether the time column of a table without a date column holds whole dates: `Zeit` may be either."""
    if rows is None or "time" not in chosen or "datetime" in chosen:
        return False
    written = rows[chosen["time"]].dropna().astype("string").str.strip().head(CLOCK_SAMPLE)
    written = written[written.str.contains(r"\D", regex=True)]
    return bool(len(written)) and bool(taken_at(written, Remarks()).notna().mean() >= LEAST_FILES)


def _repeating(names: list[str], rows: pd.DataFrame, path: str | None) -> list[str]:
    """Without columns that have another value for every photo, where one has fewer or the photos are many."""
    photos = rows[path].nunique() if path else len(rows)
    single = [name for name in names if rows[name].nunique() >= photos > 1]
    repeating = [name for name in names if name not in single and rows[name].notna().any()]
    return repeating or (single if photos < FEW_PHOTOS else []) or [name for name in names if name not in single]


def _plain(name: str) -> str:
    """Small letters and digits, accents dropped."""
    return re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKD", name.lower()))


def _listed(header: list[str]) -> str:
    return ", ".join(header[:MOST_LISTED]) + (", …" if len(header) > MOST_LISTED else "")
