"""Numbers with their noun: one class, two classes."""

_ES = ("s", "x", "ch", "sh")


def counted(number: int, noun: str) -> str:
    """`1 class`, `2 classes`, `1,200 photos`; the noun is given in the singular."""
    if number == 1:
        return f"1 {noun}"
    return f"{number:,} {noun}{'es' if noun.endswith(_ES) else 's'}"
