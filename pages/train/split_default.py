"""The split of the form: for each data set the first that is feasible, as long as nobody chose another."""

import streamlit as st

from pages.train.form import field_key, reset_fields, set_field
from pages.widgets.markdown import literal
from wildcam.architectures.presets import Preset
from wildcam.data.catalog import Dataset
from wildcam.data.splits import SplitPolicy
from wildcam.errors import WildcamError
from wildcam.training.mends import FeasibleSplit, first_feasible_split
from wildcam.training.recipe import Recipe

_GIVEN = "train_given_split"  # by preset: data set, and the split that was set for it


@st.cache_data(show_spinner="Looking for a split that fits the data …", max_entries=40)
def _feasible(_dataset: Dataset, preset: str, version: str) -> FeasibleSplit:
    return first_feasible_split(_dataset, Recipe.of(_dataset.name, preset))


def set_default_split(dataset: Dataset, preset: Preset, version: str) -> None:
    """Fill in the split when the data set or the preset is new to the form; say why where it is not the usual one."""
    given: dict[str, tuple[str, SplitPolicy]] = st.session_state.setdefault(_GIVEN, {})
    key = field_key(preset, "split")
    last_dataset, last = given.get(preset.name, ("", None))
    present = st.session_state.get(key)
    if last_dataset != dataset.name:
        if present is None or present == last:
            present = _try(dataset, preset, version).policy
            set_field(preset, "split", present)
        given[preset.name] = (dataset.name, present)
    first = _try(dataset, preset, version)
    if first.policy in first.refused:
        st.info("No split of this data set leaves enough to train and to validate on.", icon=":material/call_split:")
        for policy, why in first.refused.items():
            st.caption(f"{policy.display}: {literal(why)}")
    elif st.session_state.get(key) == first.policy and first.refused:
        why = next(iter(first.refused.values()))
        st.info(
            f"Split {first.policy.display.lower()}, because the data does not allow a better one. {literal(why)}",
            icon=":material/call_split:",
        )


def reset_form(preset: Preset) -> None:
    """Give every field the preset's value again, and the split that of the data set; call it in a callback."""
    reset_fields(preset)
    st.session_state.pop(field_key(preset, "split"), None)
    st.session_state.get(_GIVEN, {}).pop(preset.name, None)


def _try(dataset: Dataset, preset: Preset, version: str) -> FeasibleSplit:
    try:
        return _feasible(dataset, preset.name, version)
    except WildcamError:  # the page says it where it selects the photos
        return FeasibleSplit(Recipe.of(dataset.name, preset.name).split, {})
