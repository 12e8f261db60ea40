"""Dates with words: names of months, halves of the day and separators of other languages, brought to digits."""

import re
import unicodedata
from functools import cache

import pandas as pd
from babel.dates import get_month_names

LANGUAGES = (
    "en",
    "de",
    "fr",
    "es",
    "pt",
    "nl",
    "it",
    "pl",
    "sv",
    "da",
    "nb",
    "fi",
    "cs",
    "hu",
    "tr",
    "ro",
    "el",
    "ru",
    "uk",
    "ca",
)
"""Languages whose names of months are known. No name of one is another month's name of another."""

MORE_NAMES = {"sept": 9, "mrz": 3, "maer": 3, "maerz": 3, "jaen": 1, "set": 9, "enero": 1}
"""What cameras and spreadsheets write besides."""

BEFORE_NOON = (
    r"a\.?\s?m\.?",
    r"vorm(?:ittags|\.)?",
    "morgens",
    r"f\.?m\.?",
    r"v\.?m\.?",
    r"π\.?μ\.?",
    "上午",
    "午前",
    "오전",
    "oo",
    "da manha",
    "de la manana",
    "de la madrugada",
    "da madrugada",
    "du matin",
    "di mattina",
    "del mattino",
)
AFTER_NOON = (
    r"p\.?\s?m\.?",
    r"nachm(?:ittags|\.)?",
    "abends",
    r"e\.?m\.?",
    r"n\.?m\.?",
    r"μ\.?μ\.?",
    "下午",
    "午後",
    "오후",
    "os",
    "da tarde",
    "da noite",
    "de la tarde",
    "de la noche",
    "de l'apres-midi",
    "du soir",
    "di sera",
    "del pomeriggio",
)
"""Halves of the day, without case and accents, before or after the clock."""

_WORD = r"[^\W\d_]+"
_CLOCK = r"\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?(?:\s?[ap]m)?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|[ºªo.])?"
_NAME = rf"(?P<month>{_WORD})\.?"
_YEAR = r"(?P<year>\d{4})(?:\s?(?:г|р)\.?)?"
_GAP = r"[\s\-/.,_]*(?:de[l]?\s|d['’])?"
_REST = rf"(?:(?:,|\s|t|at|um|kl|a las|as|alle|om|o)*[\s,.:]*(?P<clock>{_CLOCK}))?"
_WEEKDAY = rf"(?:{_WORD}\.?,?\s+)?"
_FORMS = (
    re.compile(rf"^{_WEEKDAY}{_DAY}{_GAP}{_NAME}{_GAP}{_YEAR}{_REST}$"),
    re.compile(rf"^{_WEEKDAY}{_NAME}{_GAP}{_DAY}{_GAP}{_YEAR}{_REST}$"),
    re.compile(rf"^{_YEAR}{_GAP}{_NAME}{_GAP}{_DAY}{_REST}$"),
    re.compile(rf"^{_WEEKDAY}{_NAME}\s+{_DAY}\s+(?P<clock>{_CLOCK})\s+{_YEAR}$"),
    re.compile(rf"^{_WEEKDAY}{_DAY}{_GAP}{_NAME}{_GAP}(?P<short_year>\d\d){_REST}$"),
)
"""`18-jun-2019`, `oct 29 2013 1:35 pm`, `2013 oct 29`, `tue oct 29 13:35:00 2013`, `18-jun-19`."""

_HALVES = tuple(
    (re.compile(rf"(?<![^\W\d_])(?:{'|'.join(words)})(?![^\W\d_])"), half)
    for half, words in (("am", BEFORE_NOON), ("pm", AFTER_NOON))
)
_ISO_T = re.compile(r"(?<=\d)t(?=\d)")
_EAST_ASIAN = re.compile(r"(\d{4})\s?[年년.]\s?(\d{1,2})\s?[月월.]\s?(\d{1,2})\s?[日일.]")
_LETTER_CLOCK = re.compile(
    r"(?<=[\s,t])(\d{1,2})\s?(?:h|u|시|時|时)\s?(\d\d)(?:\s?(?:m|min|'|분|分)\s?(\d\d)\s?(?:s|\"|초|秒)?)?\b"
)
_DOTTED_CLOCK = re.compile(r"(?<=\s)(\d{1,2})\.(\d\d)(?:\.(\d\d))?(?=\s?(?:[ap]m)?$)")
_DASHED_CLOCK = re.compile(r"^(\d{4}-\d\d-\d\d)[\s_t]+(\d\d)-(\d\d)-(\d\d)$")
_SUFFIX = re.compile(r"\s*(?:uhr|hrs?|h|godz)\.?$")
_PREFIX = re.compile(r"(?<=\s)(?:kl|um|godz|ore|ora|klo)\.?\s*(?=\d)")
_CLOCK_FIRST = re.compile(rf"^({_CLOCK})[,\s]+(.*\d)$")
_WEEKDAY_FIRST = re.compile(rf"^{_WORD}\.?,?\s+(?=\d)")


def in_digits(wall: pd.Series) -> pd.Series:
    """The same times in digits, year, month and day first where a month was named; what has no words stays."""
    return wall.map(_digits, na_action="ignore").astype("string")


def _digits(given: str) -> str:
    written = _folded(given)
    if written == given and not _odd(written):
        return given
    written = _EAST_ASIAN.sub(r"\1-\2-\3 ", _ISO_T.sub(" ", written))
    for pattern, half in _HALVES:
        if pattern.search(written):
            written = f"{pattern.sub(' ', written, count=1)} {half}"
            break
    written = _PREFIX.sub("", _LETTER_CLOCK.sub(_with_colons, " ".join(written.split())))
    written = _DASHED_CLOCK.sub(r"\1 \2:\3:\4", _DOTTED_CLOCK.sub(_with_colons, _SUFFIX.sub("", written)))
    if ends := re.search(r"^(\d{1,2}:\d\d.*?)( [ap]m)$", written):  # the half of a clock that stands first
        written = re.sub(rf"^({_CLOCK})", rf"\1{ends[2]}", ends[1])
    written = _CLOCK_FIRST.sub(r"\2 \1", written)
    return _with_month(written) or _WEEKDAY_FIRST.sub("", written).replace(", ", " ")


def _odd(written: str) -> bool:
    """Whether digits alone stand in an order or with separators that no pattern of digits knows."""
    return bool(
        _DOTTED_CLOCK.search(written)
        or _DASHED_CLOCK.search(written)
        or _CLOCK_FIRST.search(written)
        or ", " in written
        or any(letter.isalpha() for letter in written)
    )


def _with_month(written: str) -> str | None:
    for form in _FORMS:
        found = form.match(written)
        number = _months().get(found["month"]) if found else None
        if found and number:
            parts = found.groupdict()
            year = parts.get("year") or ("20" if parts["short_year"] <= "68" else "19") + parts["short_year"]
            return f"{year}-{number:02}-{int(parts['day']):02} {parts.get('clock') or ''}".strip()
    return None


def _with_colons(found: re.Match[str]) -> str:
    return ":".join(part for part in found.groups() if part)


@cache
def _months() -> dict[str, int]:
    """The number of a month by its folded name."""
    names = {
        _folded(name).strip(". "): number
        for language in LANGUAGES
        for width in ("wide", "abbreviated")
        for context in ("format", "stand-alone")
        for number, name in get_month_names(width, context, locale=language).items()
    }
    return MORE_NAMES | names


def _folded(written: str) -> str:
    """Without case, accents, and blanks of other widths."""
    plain = unicodedata.normalize("NFKD", written.casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", " ".join(plain.split()))
