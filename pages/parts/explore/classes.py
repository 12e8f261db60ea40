"""Explore, classes: how many photographs each has, and how long the tail is."""

import pandas as pd
import streamlit as st

from pages.parts.address import tied
from pages.parts.explore.figures import load_profile
from wildcam.charts.classes import class_bars, rank_sizes
from wildcam.data.catalog import Dataset
from wildcam.data.profile import LongTail, Scope, within

SCOPE_TITLES = {Scope.ALL: "All labels", Scope.NOT_EMPTY: "Without empty", Scope.ANIMALS: "Animals only"}
SCALES = ("Logarithmic", "Linear")
NAMED_BARS = 30


def draw_classes(dataset: Dataset) -> None:
    profile = load_profile(dataset)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        scope = st.segmented_control(
            "Labels", list(Scope), format_func=SCOPE_TITLES.__getitem__, required=True, **tied("labels", Scope),
            help="Besides animals and empty there may be people, vehicles and misfires.",
        )  # fmt: skip
        scale = st.segmented_control(
            "Scale", SCALES, required=True, **tied("scale", SCALES), help="A logarithmic one shows rare classes too."
        )
    log = scale == SCALES[0]
    classes, tail = within(profile.classes, scope), profile.long_tail[scope]
    if tail is None:
        st.info("No photograph has a label of this kind.", icon=":material/info:")
        return
    _draw_bars(classes, log)
    _draw_long_tail(tail)
    _draw_rank(classes, log)
    _draw_table(classes, dataset.name)


def _draw_bars(classes: pd.DataFrame, log: bool) -> None:
    shown = classes.head(NAMED_BARS)
    st.subheader(
        f"The {len(shown)} largest of {len(classes)} classes" if len(shown) < len(classes) else "Classes by size"
    )
    st.plotly_chart(class_bars(shown, log=log), key="explore_class_bars", config={"displayModeBar": False})


def _draw_rank(classes: pd.DataFrame, log: bool) -> None:
    if len(classes) > NAMED_BARS:
        st.subheader("All classes, from the largest to the smallest")
        st.plotly_chart(rank_sizes(classes, log=log), key="explore_rank_sizes", config={"displayModeBar": False})


def _draw_long_tail(tail: LongTail) -> None:
    st.subheader("The long tail")
    help = {name: field.description for name, field in LongTail.model_fields.items()}
    cards = st.grid(min_column_width=150)
    cards.metric("Classes", f"{tail.classes:,}", border=True, help=help["classes"])
    cards.metric("Effective classes", f"{tail.effective_classes:.1f}", border=True, help=help["effective_classes"])
    cards.metric("Inequality (Gini)", f"{tail.gini:.3f}", border=True, help=help["gini"])
    cards.metric("In the 10 largest", f"{tail.top_10_share:.1%}", border=True, help=help["top_10_share"])
    cards.metric("In the 20 largest", f"{tail.top_20_share:.1%}", border=True, help=help["top_20_share"])
    cards.metric("In the rarer half", f"{tail.rarer_half_share:.2%}", border=True, help=help["rarer_half_share"])
    cards.metric(
        "Size ratio", f"{tail.largest_over_smallest:,.0f} : 1", border=True, help=help["largest_over_smallest"]
    )
    low, median, high = tail.quartiles
    st.write(
        f"A quarter of the classes has at most {low:g} photographs, half has at most {median:g}, three quarters have at "
        f"most {high:g}. Head: {tail.head} classes. Middle: {tail.middle}. Tail: {tail.tail}."
    )
    steps = {f"{most:,} or fewer": count for most, count in tail.at_most.items()} | {"more than 1,000": tail.above_1000}
    counts = pd.DataFrame({"Photographs": steps.keys(), "Classes": steps.values()})
    counts["Share of the classes"] = counts["Classes"] / tail.classes
    share = st.column_config.ProgressColumn(format="percent", min_value=0, max_value=1)
    st.dataframe(counts, hide_index=True, column_config={"Share of the classes": share}, width=480)


def _draw_table(classes: pd.DataFrame, name: str) -> None:
    st.subheader("Every class")
    st.caption("Tick a class to see its photographs.")
    table = st.dataframe(
        classes, hide_index=True, key="explore_classes", on_select="rerun", selection_mode="single-row",
        column_config={
            "label": st.column_config.TextColumn("Label", pinned=True),
            "role": st.column_config.TextColumn("Shows", help="An animal, nothing (empty), or neither (other)."),
            "band": st.column_config.TextColumn("Part", help="Head, middle or tail of the distribution."),
            "photographs": st.column_config.NumberColumn("Photographs", format="localized"),
            "share": st.column_config.NumberColumn("Share", format="percent"),
            "cumulative_share": st.column_config.NumberColumn("With all larger", format="percent"),
            "locations": st.column_config.NumberColumn("Cameras"),
            "day_share": st.column_config.NumberColumn("By day", format="percent", help="Taken from 6 to 18 o'clock."),
            "first": st.column_config.DateColumn("First"),
            "last": st.column_config.DateColumn("Last"),
        },
    )  # fmt: skip
    for label in classes["label"].iloc[table.selection.rows]:
        st.button(
            "Show its photographs", icon=":material/photo_library:", type="primary", key="explore_show_class",
            on_click=st.query_params.from_dict, args=({"dataset": name, "section": "Photographs", "class": label},),
        )  # fmt: skip
    st.download_button(
        "Download as CSV", classes.to_csv(index=False), f"{name}-classes.csv", "text/csv", key="explore_classes_csv",
        icon=":material/download:", on_click="ignore",
    )  # fmt: skip
