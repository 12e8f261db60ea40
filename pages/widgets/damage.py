"""A damaged file of the home: a sentence in place of what it would show, while the rest of the page goes on."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from pages.widgets.markdown import literal
from wildcam.errors import DamagedFile


@contextmanager
def damage_shown() -> Iterator[None]:
    """Draw within the block."""
    try:
        yield
    except DamagedFile as error:
        st.error(literal(str(error)), icon=":material/broken_image:")
