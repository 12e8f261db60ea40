"""Add data: what the levels of a folder of photos stand for."""

from pathlib import Path

import streamlit as st

from pages.add.files import SourceFile
from pages.widgets.markdown import literal
from wildcam.data.folder_levels import FolderLevel, LevelGuess
from wildcam.data.importers import preview


def choose_levels(source: SourceFile) -> tuple[FolderLevel, ...]:
    """Draw a selector for every level of folders, preset with the guess."""
    guesses = _guess(source.path, source.stamp)
    if not guesses:
        return ()
    st.markdown("**Folders.** Check what each level stands for. Folders that the camera made itself are left out.")
    if any(guess.doubtful for guess in guesses):
        st.warning("The names of these folders do not tell what they stand for.", icon=":material/help:")
    grid = st.grid(3, min_column_width=200)
    return tuple(
        grid.selectbox(
            f"Level {number}: {literal(', '.join(guess.names))}",
            list(FolderLevel),
            list(FolderLevel).index(guess.level),
            format_func=lambda level: level.display,
            key=f"add_level_{number}_{source.path}_{source.stamp}",
        )
        or guess.level
        for number, guess in enumerate(guesses, start=1)
    )


@st.cache_data(max_entries=20, ttl="10m", show_spinner="Reading the folders …")
def _guess(path: Path, stamp: tuple[int, int]) -> tuple[LevelGuess, ...]:
    return preview(path, "folders").levels
