"""Identify: photographs that were taken together answer together."""

import pandas as pd
import streamlit as st

from pages.parts.identify.answer import Answer
from wildcam.data.sequences import GAP_SECONDS
from wildcam.serving.bursts import BurstVerdict, decide_burst, group_bursts


def draw_bursts(answers: list[Answer]) -> None:
    """A row for each burst of two photographs or more; nothing where every photograph stands alone."""
    with st.container(border=True):
        st.markdown("**Bursts**")
        gap = st.slider(
            "Seconds between two photographs of one burst, at most", 1, 600, GAP_SECONDS, key="identify_gap",
            bind="query-params", help="Of the same folder, by the time in their files (EXIF).",
        )  # fmt: skip
        numbers = group_bursts(
            [answer.taken_at for answer in answers], [answer.photograph.incoming.folder for answer in answers], gap
        )
        rows = _rows(answers, numbers)
        if not rows:
            st.caption(
                "None: no two photographs of a folder were taken so close together, or their files don't say when they were taken."
            )
            return
        st.caption(
            "An animal that is seen in any frame makes the burst one with an animal (of five frames or more: in two); the species that "
            "most frames name wins. Each photograph's own answer stays as it is above."
        )
        st.dataframe(pd.DataFrame(rows), hide_index=True, key="identify_bursts")


def _rows(answers: list[Answer], numbers: list[int]) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for number in dict.fromkeys(numbers):
        own = [answer for answer, of in zip(answers, numbers, strict=True) if of == number]
        if len(own) > 1:
            verdict: BurstVerdict = decide_burst(
                [answer.verdict.label for answer in own], [answer.verdict.confidence for answer in own]
            )
            rows.append(
                {
                    "From": own[0].taken_at, "Photographs": len(own), "The burst shows": verdict.sentence(),
                    "Each photograph": ", ".join(answer.verdict.label for answer in own),
                    "Files": ", ".join(answer.photograph.name for answer in own),
                }
            )  # fmt: skip
    return rows
