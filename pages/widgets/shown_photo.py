"""The one way from a photo's file to a page: photos that show people are blurred for those who may not see them."""

from pathlib import Path
from typing import NamedTuple

import streamlit as st

from wildcam.accounts.acting import actor
from wildcam.accounts.login_mode import login_mode
from wildcam.accounts.roles import Act
from wildcam.data.thumbnails import Thumbnails
from wildcam.data_roots import is_loopback
from wildcam.predictions.people import known_people
from wildcam.settings import BlurPeople, LoginMode, load_settings

PERSON_BLURRED = "A person is in this photo: blurred for viewers"


class ShownPhoto(NamedTuple):
    """A photo as this visitor sees it."""

    jpeg: bytes
    is_blurred: bool


class ShownPhotos:
    """The photos of one part of a page. Who asks, and which photos show people, is found out once for all of them."""

    def __init__(self) -> None:
        settings = load_settings()
        self._people = None if sees_people() else known_people(settings)
        self._thumbnails = Thumbnails(settings.cache_dir / "thumbnails")

    def get(self, path: Path, side: int) -> ShownPhoto:
        """The photo, its longest side at most `side` px. Raises `ImageError` where it cannot be read."""
        is_blurred = self.is_blurred(path)
        return ShownPhoto(self._thumbnails.get(path, side, blurred=is_blurred), is_blurred)

    def is_blurred(self, path: Path) -> bool:
        """Whether this visitor may see the photo only blurred."""
        return self._people is not None and self._people.shows(path)

    def trim(self) -> None:
        """Keep the bound of the small copies on the disk; to be called after the last one."""
        self._thumbnails.trim()


def sees_people() -> bool:
    """Whether this visitor sees people clearly: one whose role may correct labels, and whoever is alone with the app.

    Without a login, whoever reaches a server that others reach is nobody in particular, and does not.
    """
    settings = load_settings()
    if settings.blur_people is BlurPeople.EVERYBODY:
        return False
    if login_mode(settings) is LoginMode.NONE:
        return is_loopback(st.get_option("server.address"))
    now = actor()
    return now is not None and now.may(Act.SEE_PEOPLE)
