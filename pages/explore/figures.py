"""Figures of a data set, computed once for all sessions and again when its catalog changes. Read only."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from wildcam import profile
from wildcam.data.catalog import Dataset
from wildcam.data.sequences import sequence_of
from wildcam.data.splits import SplitPolicy, SplitSpec
from wildcam.profile import Profile, SplitPreview, Timeline
from wildcam.quality.findings import is_infrared
from wildcam.quality.table import load_quality

_as_key: dict[str | type[Any], Callable[[Any], str]] = {Dataset: repr}


@st.cache_resource(max_entries=8, show_spinner="Counting …", hash_funcs=_as_key)
def load_profile(dataset: Dataset) -> Profile:
    return profile.profile(dataset)


@st.cache_resource(max_entries=8, show_spinner="Counting species by location …", hash_funcs=_as_key)
def load_species_by_location(dataset: Dataset) -> pd.DataFrame:
    return profile.species_by_location(dataset.index)


@st.cache_resource(max_entries=8, show_spinner="Counting species by hour …", hash_funcs=_as_key)
def load_species_by_hour(dataset: Dataset) -> pd.DataFrame:
    return profile.species_by_hour(dataset.index)


@st.cache_resource(max_entries=8, show_spinner="Counting photos over time …", hash_funcs=_as_key)
def load_timeline(dataset: Dataset) -> Timeline:
    return profile.timeline(dataset.index)


@st.cache_resource(max_entries=8, show_spinner="Finding bursts …", hash_funcs=_as_key)
def load_bursts(dataset: Dataset) -> pd.Series:
    return sequence_of(dataset.index)


@st.cache_resource(max_entries=4, show_spinner="Reading the check's measures …", hash_funcs=_as_key)
def load_checked(dataset: Dataset) -> pd.DataFrame | None:
    return load_quality(dataset)


def load_infrared(dataset: Dataset) -> pd.Series | None:
    """Whether each image is infrared, boolean; None before the first check of the files."""
    checked = load_checked(dataset)
    return None if checked is None else is_infrared(checked)


@st.cache_resource(max_entries=16, show_spinner="Splitting the photos …", hash_funcs=_as_key)
def load_split_preview(dataset: Dataset, policy: SplitPolicy) -> SplitPreview:
    return profile.preview_split(dataset.index, SplitSpec(policy=policy))
