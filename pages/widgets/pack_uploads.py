"""Many uploads at once: packed in the browser, so that the page stays alive."""

from pathlib import Path

import streamlit as st

_SCRIPT = Path(__file__).with_suffix(".js")


def pack_uploads() -> None:
    """Let the uploaders of the page hand over many files, and dropped folders, as ZIPs with `UPLOAD_COMMENT`.

    Call it before an uploader: it draws the place that says how far the packing is.
    """
    script = _SCRIPT.read_text(encoding="utf-8")
    st.html(f'<div class="wildcam-packing" role="status"></div><script>{script}</script>', unsafe_allow_javascript=True)
