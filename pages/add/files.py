"""Add data: one file or folder, by its path on the server or uploaded. Paths are kept in the address."""

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from pages.widgets.url_state import url_value
from pages.widgets.visitor_paths import visitor_roots
from wildcam.data.uploads import stage
from wildcam.errors import DataError, WildcamError
from wildcam.runs.quota import check_disk
from wildcam.runs.store import RunStore
from wildcam.settings import load_settings

MOST_UPLOAD_MB = 500
TYPES = ["json", "csv", "tsv", "txt", "zip"]


@dataclass(frozen=True)
class SourceFile:
    """A file or folder that can be read, with its stamp when it was chosen."""

    path: Path
    name: str  # the original name
    stamp: tuple[int, int]  # size in bytes, time of the last change in ns: a changed one is read again
    staged: Path | None = None  # the temporary folder that an uploaded one lies in
    with_photos: bool = False  # whether the photos were uploaded with it

    def sentence(self, error: WildcamError | str) -> str:
        """An error about it, with the name that its owner knows."""
        return str(error).replace(str(self.path), self.name) if self.staged else str(error)


def choose_path(label: str, name: str, *, help: str, placeholder: str = "", forget: tuple[str, ...] = ()) -> str:
    """Draw the field of a path, kept in the address as `?name=PATH`; its text, without quotes.

    What a link brings stops the page until a click: whoever made the link did not choose for this visitor.
    """
    bound = url_value(name, "", str, forget=forget)
    binding = {"key": bound["key"], "on_change": _typed, "args": (bound,)}
    text = st.text_input(label, help=help, placeholder=placeholder, **binding)
    if text and text not in _chosen():
        st.info("This path comes from a link: nothing is read before a click on Preview.", icon=":material/link:")
        st.button("Preview", key=f"add_preview_{name}", icon=":material/visibility:", on_click=_choose_linked)
        st.stop()
    return text.strip().strip("\"'")


def _chosen() -> set[str]:
    """The texts that the visitor has typed, or taken from a link by a click."""
    return st.session_state.setdefault("add_chosen", set())


def _typed(bound: dict[str, Any]) -> None:
    _chosen().add(st.session_state[bound["key"]])
    bound["on_change"](*bound["args"])


def _choose_linked() -> None:
    """Everything that the address names is shown again, and read, with the source."""
    _chosen().update(st.query_params.to_dict().values())


def source_file(text: str) -> SourceFile:
    """The file or folder at a typed path. Raises `DataError` where there is none that a visitor may read."""
    return _found(visitor_roots().path(text), text)


def _found(path: Path, text: str) -> SourceFile:
    try:
        found = path.stat()
    except FileNotFoundError as error:
        raise DataError(f"{text[:200]} is missing: expected a file or a folder. Check the path.") from error
    except (OSError, ValueError) as error:  # ValueError: no name of a file
        reason = getattr(error, "strerror", None) or error
        raise DataError(f"{text[:200]} cannot be read ({reason}). Check the path.") from error
    return SourceFile(path, path.name, (found.st_size, found.st_mtime_ns))


def choose_upload(label: str, name: str, *, help: str, forget: tuple[str, ...] = ()) -> list[SourceFile]:
    """Draw an uploader; the uploaded files, in a temporary folder. A zip may hold several.

    Raises `DataError` for a zip that cannot be used, `QuotaExceeded`.
    """
    upload = st.file_uploader(
        label,
        TYPES,
        key=f"add_{name}",
        max_upload_size=MOST_UPLOAD_MB,
        help=help,
        on_change=forget_params,
        args=(forget,),
    )
    if upload is None:
        return []
    check_disk(RunStore(load_settings()), upload.size)
    files = stage(load_settings().home, upload.file_id, upload.name, upload.getbuffer())
    return [dataclasses.replace(_found(path, path.name), staged=path.parent) for path in files]


def whole_upload(files: list[SourceFile], name: str) -> SourceFile:
    """The temporary folder of the files that one zip held, as a source by itself."""
    folder = files[0].path.parent
    sizes, times = zip(*(file.stamp for file in files), strict=True)
    return SourceFile(folder, name, (sum(sizes), max(times)), folder)


def forget_params(names: tuple[str, ...]) -> None:
    """Take these out of the address: they belong to another file."""
    for name in names:
        st.query_params.pop(name, None)
