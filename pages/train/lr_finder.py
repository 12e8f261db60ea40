"""The learning-rate finder: a short run of its own, its curve, and a button that uses the suggested rate."""

import streamlit as st

from pages.train.form import set_field
from pages.widgets.markdown import literal
from wildcam.charts.curves import finder_curve
from wildcam.errors import WildcamError
from wildcam.runs.describe import describe_state
from wildcam.runs.facts import LRFinderFacts
from wildcam.runs.run import Run
from wildcam.runs.states import Kind
from wildcam.runs.store import RunStore
from wildcam.training.recipe import Recipe
from wildcam.training.submit import FINDER_METRICS, submit_lr_finder

REFRESH_SECONDS = 1.0


def draw_lr_finder(store: RunStore, recipe: Recipe, *, ready: bool) -> None:
    st.markdown("**Learning-rate finder**")
    st.caption(
        "Trains briefly at increasing learning rates and suggests one at which the loss falls fast (Smith 2015). "
        "It also measures the time per step."
    )
    run = _latest(store, recipe)
    if st.button("Run the finder", key="train_run_lr_finder", disabled=not ready or bool(run and run.state.is_live)):
        try:
            submit_lr_finder(store, recipe)
        except WildcamError as error:
            st.error(literal(str(error)), icon=":material/error:")
            return
        st.rerun()
    if run:
        if run.state.is_live:
            st.fragment(_watch, run_every=REFRESH_SECONDS)(store, run.id)
        else:
            _draw_result(store, run, recipe)


def _watch(store: RunStore, run_id: str) -> None:
    """Alone on a timer until the finder ends."""
    run = store.get(run_id)
    _draw_curve(store, run, None)
    if not run.state.is_live:
        st.rerun()


def _draw_curve(store: RunStore, run: Run, suggested: float | None) -> None:
    st.text(describe_state(run))
    points = store.curves(run.id, FINDER_METRICS)
    if len(points):
        st.plotly_chart(finder_curve(points, suggested), key="train_lr_finder", config={"displaylogo": False})


def _draw_result(store: RunStore, run: Run, recipe: Recipe) -> None:
    """Not on a timer: the button changes the form, which lies outside."""
    facts = run.facts if isinstance(run.facts, LRFinderFacts) else LRFinderFacts()
    suggested = facts.suggested_learning_rate
    _draw_curve(store, run, suggested)
    if suggested:
        st.button(
            f"Use {suggested:.2g}",
            type="primary",
            icon=":material/check:",
            key="train_use_rate",
            on_click=set_field,
            args=(recipe.preset_info, "learning_rate", float(f"{suggested:.2g}")),
        )
    elif facts.learning_rate_note:
        st.info(literal(facts.learning_rate_note), icon=":material/info:")


def _latest(store: RunStore, recipe: Recipe) -> Run | None:
    """The newest finder run of this preset on this data set."""
    wanted = {"preset": recipe.preset, "dataset": recipe.dataset, "image_size": str(recipe.image_size)}
    runs = store.all(Kind.LR_FINDER)
    return next((run for run in runs if all(run.params.get(name) == value for name, value in wanted.items())), None)
