"""Batch: a data set, or a subset of its split."""

from typing import Any

import streamlit as st

from pages.widgets.dataset import current_dataset_name
from pages.widgets.kept import keep
from wildcam.data.catalog import list_datasets
from wildcam.data.splits import SplitPolicy, Subset
from wildcam.runs.store import RunStore

WHOLE = "whole data set"


def choose_subset(store: RunStore) -> dict[str, Any]:
    """A data set, or a subset of its split, as fields of the request; none where there is no data set."""
    names = [info.name for info in list_datasets(store.settings.datasets_dir)]
    if not names:
        st.info("No data set yet: add one on the page Add data.", icon=":material/info:")
        return {}
    left, middle, right = st.columns(3)
    first = names.index(current_dataset_name()) if current_dataset_name() in names else 0
    dataset = left.selectbox("Data set", names, first, key="batch_dataset")
    subset = middle.selectbox("Subset", [WHOLE, *map(str, Subset)], key=keep("batch_subset"), help="Of the split.")
    if subset == WHOLE:
        return {"dataset": dataset}
    split = right.selectbox(
        "Split by",
        list(map(str, SplitPolicy)),
        key=keep("batch_split"),
        help="Use the split of the training, else the evaluation is optimistic (leaks).",
    )
    return {"dataset": dataset, "split": split, "subset": subset}
