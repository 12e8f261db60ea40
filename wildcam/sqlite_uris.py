"""The addresses of SQLite files, for SQLite and for SQLAlchemy: both decode `%`, and end a path at `?`."""

from pathlib import Path
from urllib.parse import quote, unquote

_SQLALCHEMY = "sqlite+pysqlite:///"
"""With the driver, since MLflow makes a folder of the quoted name where an address begins with `sqlite:///`."""


def sqlalchemy_uri(path: Path) -> str:
    """The address under which SQLAlchemy, and with it MLflow, opens a file."""
    return f"{_SQLALCHEMY}{quote(str(path.absolute()))}"


def is_sqlite(uri: str) -> bool:
    """Whether SQLAlchemy opens a SQLite file there, as somebody may write it: with the driver or without."""
    return uri.startswith(("sqlite:///", _SQLALCHEMY))


def path_of(uri: str) -> Path:
    """The file of such an address."""
    return Path(unquote(uri.partition(":///")[2]))


def uri_to_read(path: Path, *, refused: bool) -> str:
    """The address under which SQLite reads a file.

    `mode=rw`: SQLite itself opens a file that it must not write to read alone; one that may be written it first takes
    back to where it was before a killed process began to write, which it could not do under `mode=ro`. A file with a
    write-ahead log asks for its index beside it. Where the disk refuses that, the file is read as it lies there; unless
    a writer has left a log or a journal.
    """
    left = (Path(f"{path}-{kind}") for kind in ("wal", "journal"))
    is_alone = not any(one.exists() and one.stat().st_size for one in left)
    return f"{path.absolute().as_uri()}?{'immutable=1' if refused and is_alone else 'mode=rw'}"


def sqlalchemy_uri_to_read(path: Path) -> str:
    """As `uri_to_read` where the disk refuses, for SQLAlchemy, which decodes the address before SQLite does."""
    address, _, options = uri_to_read(path, refused=True).partition("?")
    return f"{_SQLALCHEMY}{quote(address, safe='/:')}?{options}&uri=true"
