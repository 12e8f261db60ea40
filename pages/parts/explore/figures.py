"""The figures of a data set, worked out once for all sessions and again when its catalog changes."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from wildcam.data import profile
from wildcam.data.catalog import Dataset
from wildcam.data.profile import Profile, SplitPreview
from wildcam.data.splits import SplitPolicy, SplitSpec

_as_key: dict[str | type[Any], Callable[[Any], str]] = {Dataset: repr}


@st.cache_data(max_entries=8, show_spinner="Counting …", hash_funcs=_as_key)
def load_profile(dataset: Dataset) -> Profile:
    return profile.profile(dataset)


@st.cache_data(max_entries=8, show_spinner="Counting species at cameras …", hash_funcs=_as_key)
def load_species_by_location(dataset: Dataset) -> pd.DataFrame:
    return profile.species_by_location(dataset.index)


@st.cache_data(max_entries=16, show_spinner="Dealing photographs to the sides …", hash_funcs=_as_key)
def load_split_preview(dataset: Dataset, policy: SplitPolicy) -> SplitPreview:
    return profile.preview_split(dataset.index, SplitSpec(policy=policy))
