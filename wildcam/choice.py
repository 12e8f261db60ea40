"""Choices with two faces: a slug that is stored, typed and linked to, and a title that people read."""

from enum import StrEnum
from typing import Self


class Choice(StrEnum):
    """A `StrEnum` with members written `NAME = "slug", "Title"`: the value is the slug, `display` is for people."""

    display: str

    def __new__(cls, slug: str, display: str = "") -> Self:  # noqa: D102 (a member always has one; a look-up has none)
        member = str.__new__(cls, slug)
        member._value_ = slug
        member.display = display
        return member
