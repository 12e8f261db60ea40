"""Identify: verdicts as a table, and one of them with all that it rests on."""

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from pages.parts.identify.answer import Answer
from pages.parts.identify.uploads import Photograph
from pages.parts.markdown import literal
from wildcam.charts.votes import top_species
from wildcam.images import load_rgb
from wildcam.serving.tta import View
from wildcam.serving.two_stage import Source, Took, Verdict, ViewVote
from wildcam.serving.words import describe_votes

SHOWN_SIDE = 1024
"""Longest side of the photograph on the page, px."""

SOURCE_WORDS = {
    Source.STAGE_1: "Decided by stage 1",
    Source.STAGE_2: "Decided by stage 2",
    Source.ABSTENTION: "Left open by stage 2",
    Source.FAILURE: "Not looked at",
}
ICONS = {Source.STAGE_1: "landscape", Source.STAGE_2: "pets", Source.ABSTENTION: "question_mark"}


def draw_table(answers: list[Answer], place: DeltaGenerator | None = None) -> None:
    """A row for each photograph."""
    verdicts = [answer.verdict for answer in answers]
    table = pd.DataFrame(
        {
            "Photograph": [answer.photograph.name for answer in answers],
            "Folder": [answer.photograph.incoming.folder for answer in answers],
            "Verdict": [verdict.sentence() for verdict in verdicts],
            "Empty": [verdict.p_empty for verdict in verdicts],
            "Sure": [None if verdict.source is Source.FAILURE else verdict.confidence for verdict in verdicts],
            "How": [SOURCE_WORDS[verdict.source] for verdict in verdicts],
        }
    )
    if not table["Folder"].any():
        table = table.drop(columns="Folder")
    table[["Empty", "Sure"]] = table[["Empty", "Sure"]].astype(float) * 100
    columns = {
        "Photograph": st.column_config.TextColumn(width="medium"),
        "Empty": st.column_config.NumberColumn(
            format="%.0f%%", help="Stage 1's mean probability of an empty photograph."
        ),
        "Sure": st.column_config.NumberColumn(format="%.0f%%", help="Mean probability of the answer."),
    }
    (place or st).dataframe(table, hide_index=True, column_config=columns)


def draw_failure(photograph: Photograph, verdict: Verdict) -> None:
    """Why there is no answer."""
    st.error(literal(f"{photograph.name}: {verdict.sentence()}"), icon=":material/error:")


def draw_verdict(photograph: Photograph, content: bytes, verdict: Verdict) -> None:
    """The answer in words, the photograph, both stages' probabilities and the likeliest species."""
    st.subheader(f":material/{ICONS[verdict.source]}: {literal(verdict.sentence())}", anchor=False)
    left, right = st.columns(2)
    image = load_rgb(content, image_size=SHOWN_SIDE // 2)
    image.thumbnail((SHOWN_SIDE, SHOWN_SIDE))
    left.image(image, width="stretch", alt=photograph.name)
    if photograph.truth:
        left.text(f"The data set says: {photograph.truth}")
    with right:
        st.badge(SOURCE_WORDS[verdict.source], icon=":material/gavel:")
        _draw_stages(verdict)
        for sentence in describe_votes(verdict):
            st.text(sentence)
        if verdict.took:
            st.caption(_took_words(verdict.took))
        if verdict.top:
            st.caption("Likeliest species, mean over the views")
            ranked = [(item.label, item.probability) for item in verdict.top]
            st.plotly_chart(top_species(ranked), key="identify_top", config={"displayModeBar": False})


def draw_views(verdict: Verdict, views: tuple[View, ...], pictures: NDArray[np.uint8]) -> None:
    """Every view as the models saw it, with its own votes. `pictures`: uint8, (V, S, S, 3)."""
    st.subheader("How each view voted", anchor=False)
    cards = st.grid(4, min_column_width=140, border=True)
    for number, (view, vote, picture) in enumerate(zip(views, verdict.views, pictures, strict=True), start=1):
        with cards.cell():
            st.image(picture, width="stretch", alt=f"View {number}")
            st.caption(f"View {number}: {view.describe()}")
            st.markdown(_vote_words(vote))


def _draw_stages(verdict: Verdict) -> None:
    stages = st.columns(2)
    stages[0].metric("Stage 1: empty", f"{verdict.p_empty:.0%}", border=True, help="Mean probability over the views.")
    likeliest = verdict.top[0] if verdict.top else None
    stages[1].metric(
        f"Stage 2: {literal(likeliest.label)}" if likeliest else "Stage 2",
        f"{likeliest.probability:.0%}" if likeliest else "not asked",
        border=True, help="Mean probability over the views of the species that comes first.",
    )  # fmt: skip


def _vote_words(vote: ViewVote) -> str:
    stage_1 = f"Stage 1: **{'empty' if vote.votes_empty else 'animal'}** (empty {vote.p_empty:.0%})"
    if vote.species is None:
        return stage_1
    return f"{stage_1}  \nStage 2: **{literal(vote.species)}** {vote.p_species:.0%}"


def _took_words(took: Took) -> str:
    stage_2 = f", stage 2 {took.stage_2:.0f} ms" if took.stage_2 else ""
    return f"Reading took {took.reading:.0f} ms, stage 1 {took.stage_1:.0f} ms{stage_2}."
