"""An image of a batch, small enough for a page."""

from pathlib import Path

import streamlit as st

from wildcam.data.thumbnails import Thumbnails
from wildcam.errors import WildcamError
from wildcam.settings import load_settings


def draw_image(path: Path, side: int) -> None:
    """At most `side` px wide and high; a sentence where it cannot be read."""
    try:
        st.image(Thumbnails(load_settings().cache_dir / "thumbnails").get(path, side), width="stretch", alt="")
    except WildcamError as error:
        st.markdown(":material/broken_image: **No photo**")
        st.text(str(error))
