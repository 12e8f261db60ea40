"""Identify: the table of verdicts, and one verdict with all its votes."""

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from pages.identify.answers import Answer
from pages.identify.uploads import UploadedImage
from pages.widgets.glossary import glossary_help
from pages.widgets.markdown import literal
from wildcam.charts.votes import top_species
from wildcam.serving.closer_look import CloserLook
from wildcam.serving.describe_votes import describe_votes
from wildcam.serving.tta import View
from wildcam.serving.two_stage import Timings, Verdict, VerdictSource, ViewVote

ICONS = {VerdictSource.STAGE_1: "landscape", VerdictSource.STAGE_2: "pets", VerdictSource.ABSTENTION: "question_mark"}


def draw_table(answers: list[Answer], place: DeltaGenerator | None = None) -> None:
    """A row for each image."""
    verdicts = [answer.verdict for answer in answers]
    table = pd.DataFrame(
        {
            "Photo": [answer.image.name for answer in answers],
            "Folder": [answer.image.file.folder for answer in answers],
            "Verdict": [verdict.sentence() for verdict in verdicts],
            "Empty": [verdict.p_empty for verdict in verdicts],
            "Confidence": [
                None if verdict.source is VerdictSource.FAILURE else verdict.confidence for verdict in verdicts
            ],
            "Decided by": [verdict.source.display for verdict in verdicts],
        }
    )
    if not table["Folder"].any():
        table = table.drop(columns="Folder")
    table[["Empty", "Confidence"]] = table[["Empty", "Confidence"]].astype(float) * 100
    columns = {
        "Photo": st.column_config.TextColumn(width="medium"),
        "Empty": st.column_config.NumberColumn(format="%.0f%%", help="Mean probability of empty, by stage 1."),
        "Confidence": st.column_config.NumberColumn(format="%.0f%%", help=glossary_help("confidence")),
    }
    (place or st).dataframe(table, hide_index=True, column_config=columns)


def draw_failure(image: UploadedImage, verdict: Verdict) -> None:
    """The reason of a failure."""
    st.error(literal(f"{image.name}: {verdict.sentence()}"), icon=":material/error:")


def draw_verdict(image: UploadedImage, preview: bytes, verdict: Verdict) -> None:
    """The verdict, the image, both stages' probabilities and the most probable species. `preview`: a JPEG."""
    st.subheader(f":material/{ICONS[verdict.source]}: {literal(verdict.sentence())}", anchor=False)
    left, right = st.columns(2)
    left.image(preview, width="stretch", alt=image.name)
    if image.ground_truth:
        left.text(f"Ground truth: {image.ground_truth}")
    with right:
        st.badge(f"Decided by {verdict.source.display}", icon=":material/gavel:")
        _draw_stages(verdict)
        for sentence in describe_votes(verdict):
            st.text(sentence)
        if verdict.timings:
            st.caption(_describe_timings(verdict.timings))
        if verdict.top:
            st.caption("Most probable species, mean over the views")
            ranked = [(item.label, item.probability) for item in verdict.top]
            st.plotly_chart(top_species(ranked), key="identify_top", config={"displayModeBar": False})


def draw_views(verdict: Verdict, views: tuple[View, ...], images: NDArray[np.uint8]) -> None:
    """Every view as the models get it, with its votes. `images`: uint8, (V, S, S, 3)."""
    st.subheader("Votes of the views", anchor=False)
    cards = st.grid(4, min_column_width=140, border=True)
    for number, (view, vote, image) in enumerate(zip(views, verdict.views, images, strict=True), start=1):
        with cards.cell():
            st.image(image, width="stretch", alt=f"View {number}")
            st.caption(f"View {number}: {view.describe()}")
            st.markdown(_describe_vote(vote))


def draw_closer(closer: CloserLook, image: NDArray[np.uint8]) -> None:
    """The part of the photo that the closer look got, with what it says. `image`: uint8, (S, S, 3)."""
    cards = st.grid(4, min_column_width=140, border=True)
    with cards.cell():
        st.image(image, width="stretch", alt="Closer look")
        st.caption(f"Closer look, weight {closer.weight:.0%}")
        st.markdown(f"Stage 2: **{literal(closer.species)}** {closer.p_species:.0%}")


def _draw_stages(verdict: Verdict) -> None:
    stages = st.columns(2)
    stages[0].metric("Stage 1: empty", f"{verdict.p_empty:.0%}", border=True, help="Mean probability over the views.")
    most_probable = verdict.top[0] if verdict.top else None
    stages[1].metric(
        f"Stage 2: {literal(most_probable.label)}" if most_probable else "Stage 2",
        f"{most_probable.probability:.0%}" if most_probable else "did not run",
        border=True,
        help="Mean probability of the most probable species over the views.",
    )


def _describe_vote(vote: ViewVote) -> str:
    stage_1 = f"Stage 1: **{'empty' if vote.votes_empty else 'animal'}** (empty {vote.p_empty:.0%})"
    if vote.species is None:
        return stage_1
    return f"{stage_1}  \nStage 2: **{literal(vote.species)}** {vote.p_species:.0%}"


def _describe_timings(timings: Timings) -> str:
    stage_1 = "both stages in one pass" if timings.one_pass else "stage 1"
    stage_2 = f", stage 2 {timings.stage_2:.0f} ms" if timings.stage_2 else ""
    closer = f", closer look {timings.closer:.0f} ms" if timings.closer else ""
    return f"Time: decoding {timings.reading:.0f} ms, {stage_1} {timings.stage_1:.0f} ms{stage_2}{closer}."
