"""Paths that a visitor of the pages may name: what lies, once links are followed, in one of the data folders.

The command line belongs to the server's own user, who may name any path; its paths do not come through here.
"""

import ipaddress
import json
from dataclasses import dataclass
from pathlib import Path

from wildcam.errors import DataError
from wildcam.settings import Settings


@dataclass(frozen=True)
class DataRoots:
    """The folders in which a visitor may name files; None for everything that the server's user may read."""

    folders: tuple[Path, ...] | None

    @classmethod
    def of_visitors(cls, settings: Settings, address: str | None) -> "DataRoots":
        """`WILDCAM_DATA_ROOTS` and the uploads; without it everything where the server listens on this machine alone,
        and the uploads where others can reach it. `address`: what it listens on, None for every address.
        """
        if not settings.data_roots and is_loopback(address):
            return cls(None)
        return cls.of_settings(settings)

    @classmethod
    def of_settings(cls, settings: Settings) -> "DataRoots":
        """`WILDCAM_DATA_ROOTS` and the uploads."""
        return cls(tuple(folder.resolve() for folder in (*settings.data_roots, settings.home / "uploads")))

    @classmethod
    def of_text(cls, text: str) -> "DataRoots":
        """From `text`, as the parameters of a run keep it."""
        return cls(tuple(map(Path, json.loads(text))) if text else None)

    @property
    def text(self) -> str:
        """The folders as JSON; "" for everything."""
        return "" if self.folders is None else json.dumps(list(map(str, self.folders)))

    def path(self, text: str) -> Path:
        """The absolute path that a visitor has typed, without links where folders are set.

        Raises `DataError` for one outside the folders, whether something lies there or not.
        """
        try:
            path = Path(text).expanduser().absolute()
            return path if self.folders is None else self._inside(path, text)
        except (OSError, ValueError, RuntimeError) as error:  # no path at all, or links that go round
            reason = getattr(error, "strerror", None) or error
            raise DataError(f"{text[:200]} cannot be read ({reason}). Check the path.") from error

    def shown(self, path: str | Path) -> str:
        """A path of the server for the eyes of a visitor: whole where he may name it, else its last part alone."""
        is_known = self.folders is None or any(Path(path).is_relative_to(folder) for folder in self.folders[:-1])
        return str(path) if is_known else Path(path).name

    def _inside(self, path: Path, text: str) -> Path:
        found = path.resolve()
        if not any(found.is_relative_to(folder) for folder in self.folders or ()):
            named = ", ".join(map(str, (self.folders or ())[:-1]))  # the last holds the uploads
            raise DataError(
                f"{text[:200]} is not in a data folder of this server: expected a path in "
                f"{named or 'one, and none is set'}. Who runs the server names them in WILDCAM_DATA_ROOTS."
            )
        return found


def is_loopback(address: str | None) -> bool:
    """Whether a server at this address is reached from its own machine alone."""
    if not address:
        return False
    try:
        return ipaddress.ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return address == "localhost" or address.startswith("unix:")
