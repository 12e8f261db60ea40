"""Counts before nouns, in agreement: "1 photo", "2,000 photos", "3 classes"."""

_ES = ("s", "x", "ch", "sh")


def counted(count: int, singular: str, plural: str = "") -> str:
    """The count with thousands separators, then `singular` for exactly 1, else `plural`.

    Without one, `singular` takes an s or es. Both may go on beyond the noun, where a verb agrees as well:
    `counted(n, "photo is", "photos are")`.
    """
    return f"{count:,} {singular if count == 1 else plural or singular + ('es' if singular.endswith(_ES) else 's')}"
