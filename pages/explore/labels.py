"""Explore, labels: the role of each, likely duplicates, and names."""

import streamlit as st

from pages.explore.figures import load_profile
from pages.explore.names import draw_names
from pages.widgets.attempt import attempt
from pages.widgets.markdown import literal
from wildcam.counting import counted
from wildcam.data.catalog import Dataset, update_labels
from wildcam.data.labels import LabelPolicy, LabelRole
from wildcam.data.likely_duplicate_labels import DuplicateReason
from wildcam.errors import UsageError


def draw_labels(dataset: Dataset) -> None:
    st.write(
        "Stage 1 learns empty or animal, stage 2 learns species. Labels with the role *other* (people, vehicles, "
        "misfires) are left out of both. Changes are stored with the data set; the source is never rewritten."
    )
    _draw_pairs(dataset)
    _draw_locations(dataset)
    _draw_second_labels(dataset)
    _draw_table(dataset)
    draw_names(dataset)


def _draw_locations(dataset: Dataset) -> None:
    pairs = load_profile(dataset).likely_duplicate_locations
    if len(pairs):
        names = "; ".join(f"{one} / {other}" for one, other in pairs[["label", "other_label"]].to_numpy())
        st.warning(
            literal(
                f"Likely one location under two spellings: {names}. Make them one in the source and import it again: "
                "else the same location lies in two subsets of a split."
            ),
            icon=":material/location_on:",
        )


def _draw_pairs(dataset: Dataset) -> None:
    pairs = load_profile(dataset).likely_duplicate_labels
    if pairs.empty:
        return
    st.subheader("Likely duplicate labels")
    st.caption("Merge two labels only if they mean the same species. Merged labels are one class everywhere.")
    sizes = dataset.label_sizes
    for number, (label, other, reason) in enumerate(pairs.itertuples(index=False, name=None)):
        with st.container(horizontal=True, vertical_alignment="center", border=True):
            st.text(
                "\n".join(f"{name} ({counted(sizes.get(name, 0), 'photo')})" for name in (label, other)),
                width="stretch",
            )
            st.caption(DuplicateReason(reason).display, width="content")
            st.button(
                "Merge",
                icon=":material/join:",
                key=f"explore_merge_{number}",
                on_click=attempt,
                args=(update_labels, dataset, dataset.info.labels.with_merge(other, label)),
                help=literal(f"{other} will count as {label}."),
            )


def _draw_second_labels(dataset: Dataset) -> None:
    """By the first label of photos that have two: which of the two counts."""
    pairs = dataset.label_pairs
    if pairs.empty:
        return
    policy = dataset.info.labels
    st.subheader("Photos with two labels")
    st.caption("One label counts: the first, unless you take the second. The other is kept beside it.")
    for number, (label, others) in enumerate(pairs.groupby("label", sort=False)):
        taken = label in policy.takes_second
        with st.container(horizontal=True, vertical_alignment="center", border=True):
            seen = ", ".join(
                f"{other} ({images:,})" for other, images in zip(others["second_label"], others["images"], strict=True)
            )
            count = counted(int(others["images"].sum()), "photo")
            counts = "the second counts" if taken else "the first counts"
            st.text(f"{label} and a second label in {count}: {seen}. Now {counts}.", width="stretch")
            st.button(
                "Take the first label" if taken else "Take the second label",
                icon=":material/swap_horiz:",
                key=f"explore_second_{number}",
                on_click=attempt,
                args=(update_labels, dataset, policy.with_second(str(label), taken=not taken)),
            )


def _draw_table(dataset: Dataset) -> None:
    st.subheader("Label roles")
    policy = dataset.info.labels
    table = policy.to_table(dataset.label_sizes)
    edited = st.data_editor(
        table,
        hide_index=True,
        key=f"explore_labels_{hash(repr(policy))}",
        disabled=["label", "images"],
        column_config={
            "label": st.column_config.TextColumn("Label in the source", pinned=True),
            "images": st.column_config.NumberColumn("Photos", format="localized"),
            "role": st.column_config.SelectboxColumn(
                "Role", options=list(map(str, LabelRole)), format_func=_role_title, required=True
            ),
            "counts_as": st.column_config.SelectboxColumn(
                "Counts as",
                options=table["label"].tolist(),
                help="A label with the same meaning. Leave blank to keep it as its own class.",
            ),
            "takes_second": st.column_config.CheckboxColumn(
                "Second label counts", help="Of photos that have this label and a second one."
            ),
        },
    )
    try:
        wanted = LabelPolicy.of_table(edited)
    except UsageError as error:
        st.error(literal(str(error)), icon=":material/error:")
        return
    suggested = LabelPolicy.suggest(table["label"])
    with st.container(horizontal=True):
        st.button(
            "Save changes",
            type="primary",
            icon=":material/check:",
            key="explore_labels_keep",
            disabled=_same(wanted, policy),
            on_click=attempt,
            args=(update_labels, dataset, wanted),
        )
        st.button(
            "Restore defaults",
            icon=":material/restart_alt:",
            key="explore_labels_reset",
            disabled=_same(LabelPolicy.of_table(policy.to_table(dataset.label_sizes)), suggested),
            on_click=attempt,
            args=(update_labels, dataset, suggested),
            help="Roles by name: empty, blank and similar are empty; human, vehicle, misfire and similar are other.",
        )


def _role_title(role: object) -> str:
    return LabelRole(str(role)).display


def _same(one: LabelPolicy, other: LabelPolicy) -> bool:
    """Whether two policies are equal, in whatever order."""
    roles = [(set(policy.empty), set(policy.other), set(policy.takes_second)) for policy in (one, other)]
    return roles[0] == roles[1] and one.merged == other.merged
