"""Explore, classes: images per class, the long tail, and each class in the split."""

from operator import attrgetter

import pandas as pd
import streamlit as st

from pages.explore.figures import load_profile, load_split_preview
from pages.explore.policy import chosen_policy
from pages.widgets.chart import draw_chart, draw_download
from pages.widgets.explore_links import Section, show_photos, show_section
from pages.widgets.glossary import glossary_help
from pages.widgets.url_state import url_number, url_param
from wildcam.charts.classes import LABEL, class_bars, cumulative_share, rank_sizes
from wildcam.choice import Choice
from wildcam.counting import counted
from wildcam.data.catalog import Dataset
from wildcam.data.species_names import SpeciesNames
from wildcam.data.splits import Subset
from wildcam.errors import DataError
from wildcam.profile import HEAD_ABOVE, TAIL_BELOW, LongTail, Scope, SplitPreview, band, long_tail, within

NAMED_BARS = 30
MOST_PHOTOS = 1_000_000_000


class Scale(Choice):
    """The axis of a chart."""

    LOG = "log", "Logarithmic"
    LINEAR = "linear", "Linear"


def draw_classes(dataset: Dataset) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        scope = st.segmented_control(
            "Labels",
            list(Scope),
            format_func=attrgetter("display"),
            required=True,
            **url_param("labels", Scope),
            help="Labels that are neither animal nor empty are people, vehicles and misfires.",
        )
        scale = st.segmented_control(
            "Scale",
            list(Scale),
            format_func=attrgetter("display"),
            required=True,
            **url_param("scale", Scale),
            help="A logarithmic scale also shows rare classes.",
        )
        head_above, tail_below = _draw_bounds()
    classes = within(load_profile(dataset).classes, scope)
    tail = long_tail(classes["images"], head_above=head_above, tail_below=tail_below)
    if tail is None:
        st.info("No photo has a label of this kind.", icon=":material/info:")
        return
    classes = classes.assign(band=band(classes["images"], head_above=head_above, tail_below=tail_below))
    _draw_likely_duplicate_labels(dataset)
    _draw_bars(dataset, classes, log=scale is Scale.LOG, bounds=(head_above, tail_below))
    _draw_long_tail(tail)
    _draw_rank(dataset, classes, log=scale is Scale.LOG, bounds=(head_above, tail_below))
    _draw_table(dataset, classes)


def _draw_bounds() -> tuple[int, int]:
    head_above = st.number_input(
        "Head: more photos than",
        1,
        MOST_PHOTOS,
        step=10,
        width=140,
        **url_number("head", HEAD_ABOVE, 1, MOST_PHOTOS),
        help=f"Many-shot classes. The defaults, 100 and 20, are those of Liu et al. 2019. {glossary_help('long_tail')}",
    )
    tail_below = st.number_input(
        "Tail: fewer photos than",
        1,
        MOST_PHOTOS,
        step=5,
        width=140,
        **url_number("tail", TAIL_BELOW, 1, MOST_PHOTOS),
        help=f"Few-shot classes. {glossary_help('long_tail')}",
    )
    return head_above, min(tail_below, head_above)


def _draw_likely_duplicate_labels(dataset: Dataset) -> None:
    pairs = len(load_profile(dataset).likely_duplicate_labels)
    if pairs:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f":material/join: Likely duplicate labels: {counted(pairs, 'pair')}.", width="content")
            st.button(
                "Review",
                key="explore_duplicate_labels",
                type="tertiary",
                on_click=show_section,
                args=(dataset, Section.LABELS),
            )


def _draw_bars(dataset: Dataset, classes: pd.DataFrame, *, log: bool, bounds: tuple[int, int]) -> None:
    shown = classes.head(NAMED_BARS)
    st.subheader(
        f"The {len(shown)} largest of {counted(len(classes), 'class')}"
        if len(shown) < len(classes)
        else "Classes by size"
    )
    st.caption("Click a bar to see its photos.")
    draw_chart(
        class_bars(shown, log=log, bounds=bounds, title=dataset.info.names.title),
        shown,
        key="explore_class_bars",
        name=f"{dataset.name}-largest-classes",
        on_click=lambda point: show_photos(dataset, label=point[LABEL]),
    )


def _draw_rank(dataset: Dataset, classes: pd.DataFrame, *, log: bool, bounds: tuple[int, int]) -> None:
    left, right = st.columns(2)
    with left:
        st.subheader("All classes by size")
        draw_chart(
            rank_sizes(classes, log=log, bounds=bounds).update_layout(showlegend=False),
            classes,
            key="explore_rank_sizes",
            name=f"{dataset.name}-ranks",
            on_click=lambda point: show_photos(dataset, label=point[LABEL]),
        )
    with right:
        st.subheader("Cumulative share")
        numbers = classes[["label", "images", "cumulative_share"]]
        draw_chart(cumulative_share(classes), numbers, key="explore_cumulative", name=f"{dataset.name}-cumulative")


def _draw_long_tail(tail: LongTail) -> None:
    st.subheader("The long tail")
    help = {name: field.description for name, field in LongTail.model_fields.items()}
    cards = st.grid(min_column_width=150)
    cards.metric("Classes", f"{tail.classes:,}", border=True, help=help["classes"])
    cards.metric(
        "Effective classes", f"{tail.effective_classes:.1f}", border=True, help=glossary_help("effective_classes")
    )
    cards.metric("Inequality (Gini)", f"{tail.gini:.3f}", border=True, help=glossary_help("gini"))
    cards.metric("10 largest classes", f"{tail.top_10_share:.1%}", border=True, help=help["top_10_share"])
    cards.metric("20 largest classes", f"{tail.top_20_share:.1%}", border=True, help=help["top_20_share"])
    cards.metric("Rarer half of classes", f"{tail.rarer_half_share:.2%}", border=True, help=help["rarer_half_share"])
    cards.metric(
        "Largest : smallest", f"{tail.largest_over_smallest:,.0f} : 1", border=True, help=help["largest_over_smallest"]
    )
    low, median, high = tail.quartiles
    st.write(
        f"Photos per class: first quartile {low:g}, median {median:g}, third quartile {high:g}. "
        f"Head: {counted(tail.head, 'class')}. Middle: {tail.middle}. Tail: {tail.tail}."
    )
    steps = {f"{most:,} or fewer": count for most, count in tail.at_most.items()} | {"more than 1,000": tail.above_1000}
    counts = pd.DataFrame({"Photos": steps.keys(), "Classes": steps.values()})
    counts["Share of classes"] = counts["Classes"] / tail.classes
    share = st.column_config.ProgressColumn(format="percent", min_value=0, max_value=1)
    st.dataframe(counts, hide_index=True, column_config={"Share of classes": share}, width=480)


def _draw_table(dataset: Dataset, classes: pd.DataFrame) -> None:
    st.subheader("Every class")
    preview = _preview(dataset)
    if preview:
        st.caption(
            f"Select a class to see its photos. Subsets are those of the split “{chosen_policy().display}”: "
            "choose another under Split."
        )
        subsets = preview.classes.rename(columns=lambda subset: Subset(subset).display)
        classes = classes.join(subsets.loc[:, subsets.sum() > 0], on="label")
    labels = classes["label"]
    classes = _with_names(classes, dataset.info.names)
    table = st.dataframe(
        classes,
        hide_index=True,
        key="explore_classes",
        on_select="rerun",
        selection_mode="single-row",
        column_config={
            "label": st.column_config.TextColumn("Label", pinned=True),
            "common_name": st.column_config.TextColumn("Common name"),
            "scientific_name": st.column_config.TextColumn("Scientific name"),
            "role": st.column_config.TextColumn("Role", help="Animal, empty, or other (people, vehicles, misfires)."),
            "band": st.column_config.TextColumn("Band", help="Head, middle or tail of the distribution."),
            "images": st.column_config.NumberColumn("Photos", format="localized"),
            "share": st.column_config.NumberColumn("Share", format="percent"),
            "cumulative_share": st.column_config.NumberColumn("Cumulative share", format="percent"),
            "locations": st.column_config.NumberColumn("Locations"),
            "day_share": st.column_config.NumberColumn("Day", format="percent", help="Taken from 6:00 to 18:00."),
            "first": st.column_config.DateColumn("First"),
            "last": st.column_config.DateColumn("Last"),
            **{subset.display: st.column_config.NumberColumn(format="localized") for subset in Subset},
        },
    )
    for label in labels.iloc[table.selection.rows]:
        st.button(
            "Show photos",
            icon=":material/photo_library:",
            type="primary",
            key="explore_show_class",
            on_click=show_photos,
            args=(dataset,),
            kwargs={"label": label},
        )
    draw_download(classes, key="explore_classes", name=f"{dataset.name}-classes")
    if preview:
        _draw_lost(preview)


def _with_names(classes: pd.DataFrame, names: SpeciesNames) -> pd.DataFrame:
    """With the names that are known, beside the labels."""
    table = names.to_table(classes["label"])
    for column in ("scientific_name", "common_name"):
        if (table[column] != "").any():
            classes.insert(1, column, table[column].array)
    return classes


def _draw_lost(preview: SplitPreview) -> None:
    lost = {
        "Classes in the test subset only": preview.labels_only_in_test,
        "Species missing from training, which no model can learn": preview.species_not_in_train,
    }
    for words, labels in lost.items():
        if labels:
            with st.expander(f"{words}: {len(labels)}", icon=":material/visibility_off:"):
                st.text(", ".join(labels))


def _preview(dataset: Dataset) -> SplitPreview | None:
    try:
        return load_split_preview(dataset, chosen_policy())
    except DataError:  # the section Split says why
        return None
