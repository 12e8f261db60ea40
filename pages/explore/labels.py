"""Explore, labels: which are empty, which are animals, which are neither, and which are two names of one class."""

import streamlit as st

from pages.explore.figures import load_profile
from pages.widgets.markdown import literal
from wildcam.data.catalog import Dataset, update_labels
from wildcam.data.labels import LabelPolicy, LabelRole
from wildcam.errors import UsageError

ROLE_TITLES = {LabelRole.ANIMAL: "animal", LabelRole.EMPTY: "empty", LabelRole.OTHER: "neither"}


def draw_labels(dataset: Dataset) -> None:
    st.write(
        "The first stage learns empty against animal, the second learns species. A label that is neither (people, "
        "vehicles, misfires) takes part in none. What you change here is kept with the data set; the source is never rewritten."
    )
    _draw_pairs(dataset)
    _draw_table(dataset)


def _draw_pairs(dataset: Dataset) -> None:
    pairs = load_profile(dataset).likely_duplicate_labels
    if pairs.empty:
        return
    st.subheader("Two names of one class?")
    st.caption("A biologist decides. What counts as one is trained, counted and shown as one.")
    sizes = dataset.label_sizes
    for number, (label, other, why) in enumerate(pairs.itertuples(index=False, name=None)):
        with st.container(horizontal=True, vertical_alignment="center", border=True):
            st.text("\n".join(f"{name} ({sizes.get(name, 0):,} photos)" for name in (label, other)), width="stretch")
            st.caption(str(why), width="content")
            st.button(
                "Count as one",
                icon=":material/join:",
                key=f"explore_merge_{number}",
                on_click=_keep,
                args=(dataset, dataset.info.labels.with_merge(other, label)),
                help=literal(f"{other} will count as {label}."),
            )


def _draw_table(dataset: Dataset) -> None:
    st.subheader("How each label is read")
    policy = dataset.info.labels
    table = policy.to_table(dataset.label_sizes)
    table["role"] = table["role"].map(ROLE_TITLES)
    edited = st.data_editor(
        table,
        hide_index=True,
        key=f"explore_labels_{hash(repr(policy))}",
        disabled=["label", "images"],
        column_config={
            "label": st.column_config.TextColumn("Label in the source", pinned=True),
            "images": st.column_config.NumberColumn("Photos", format="localized"),
            "role": st.column_config.SelectboxColumn("Shows", options=list(ROLE_TITLES.values()), required=True),
            "counts_as": st.column_config.SelectboxColumn(
                "Counts as", options=table["label"].tolist(), help="Another label that means the same; empty: itself."
            ),
        },
    )
    roles = {title: str(role) for role, title in ROLE_TITLES.items()}
    try:
        wanted = LabelPolicy.of_table(edited.assign(role=edited["role"].map(roles)))
    except UsageError as error:
        st.error(literal(str(error)), icon=":material/error:")
        return
    suggested = LabelPolicy.suggest(table["label"])
    with st.container(horizontal=True):
        st.button(
            "Keep this reading",
            type="primary",
            icon=":material/check:",
            key="explore_labels_keep",
            disabled=_same(wanted, policy),
            on_click=_keep,
            args=(dataset, wanted),
        )
        st.button(
            "Back to the reading by names",
            icon=":material/restart_alt:",
            key="explore_labels_reset",
            disabled=_same(LabelPolicy.of_table(policy.to_table(dataset.label_sizes)), suggested),
            on_click=_keep,
            args=(dataset, suggested),
            help="Labels such as empty or blank are empty; human, vehicle, misfire and the like are neither.",
        )


def _keep(dataset: Dataset, policy: LabelPolicy) -> None:
    update_labels(dataset, policy)


def _same(one: LabelPolicy, other: LabelPolicy) -> bool:
    """Whether two readings say the same, in whatever order."""
    return (set(one.empty), set(one.other), one.merged) == (set(other.empty), set(other.other), other.merged)
