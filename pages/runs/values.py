"""Names and their values in a table."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from pages.widgets.markdown import literal


def draw_values(values: Mapping[str, str], empty: str) -> None:
    """The table, or the sentence where there is nothing in it."""
    if values:
        st.dataframe(pd.DataFrame(values.items(), columns=["Field", "Value"]), hide_index=True)
    else:
        st.caption(literal(empty))
