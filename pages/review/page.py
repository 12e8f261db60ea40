"""Review: look at what a source or a model says, confirm or correct it by keys, and see what that tells of the rest."""

from operator import attrgetter

import streamlit as st

from pages.review.agreement import draw_agreement
from pages.review.grid import draw_grid
from pages.review.plan import draw_plan
from pages.review.screen import Screens
from pages.review.source import ReviewSource, choose_source
from pages.widgets.dataset import HOW_TO_BEGIN, current_dataset_name
from pages.widgets.review import draw_all_reviews
from pages.widgets.segments import choose_segment
from pages.widgets.url_state import url_list, url_param, url_switch
from wildcam.accounts.acting import actor
from wildcam.accounts.roles import Act
from wildcam.choice import Choice
from wildcam.counting import counted
from wildcam.data.reviews import Reviews, Sample
from wildcam.review.action import Reviewer
from wildcam.review.queue import ReviewOrder, Show
from wildcam.runs.store import RunStore
from wildcam.settings import load_settings

_SCREENS = "review_screens"
HELP = """
Move with the arrow keys. **Enter** confirms, **1** to **0** give the label that stands at the top, **/** another
one, **n** not sure, **f** flag, **w** withdraws, **u** undoes, **s** skips. **Space** selects, **Shift** and an arrow
a range, **a** all, **b** the burst, **c** those alike; what is selected gets the next key. **Page Down** goes on.
"""


class View(Choice):
    """A view of the reviews, in the address as `?view=`."""

    PHOTOS = "photos", "Photos"
    PLAN = "plan", "How many more?"
    AGREEMENT = "agreement", "Agreement"


def _draw_photos(store: RunStore, source: ReviewSource) -> None:
    left, middle, right = st.columns(3)
    order = left.selectbox(
        "Order", list(ReviewOrder), format_func=attrgetter("display"), **url_param("order", ReviewOrder)
    )
    show = middle.selectbox("Show", list(Show), format_func=attrgetter("display"), **url_param("show", Show))
    answers = source.queue.answers
    with right:
        wanted = st.multiselect(
            "Answer", answers, placeholder="Any", format_func=_describe_answer, **url_list("answer", answers, [])
        )
    with st.container(horizontal=True, vertical_alignment="center"):
        with_bursts = st.toggle(
            "One photo for its burst",
            **url_switch("bursts"),
            help="A label then counts for all photos of the burst; a confirmation for those with the same answer.",
        )
        with st.popover("Keys", icon=":material/keyboard:", type="tertiary"):
            st.markdown(HELP)
    if lack := source.queue.lacks(ReviewOrder(order)):
        st.info(f"{lack} The photos stand as the source has them.", icon=":material/sort:")
    screens = _screens(store, source, ReviewOrder(order), Show(show), tuple(wanted), with_bursts)
    if not len(screens.rows):
        st.info("No photo is left here: choose another order, or show all.", icon=":material/done_all:")
        return
    draw_grid(screens)


def _describe_answer(answer: str) -> str:
    return answer or "no label"


def _screens(
    store: RunStore, source: ReviewSource, order: ReviewOrder, show: Show, wanted: tuple[str, ...], with_bursts: bool
) -> Screens:
    """The session's screens of this queue; anew where anything was chosen otherwise."""
    key = (source.queue.content, order, show, wanted, with_bursts)
    kept: tuple[object, Screens] | None = st.session_state.get(_SCREENS)
    if kept and kept[0] == key:
        return kept[1]
    rows = source.queue.rows(order, show, wanted, source.reviews(store.settings.home))
    if with_bursts:
        rows = source.queue.one_a_burst(rows)
    reviewer = Reviewer(Reviews(store.settings.home), source.queue.models, order.display, _sample(order, show, wanted))
    screens = Screens(source, rows, with_bursts, reviewer)
    if kept:  # what the browser sent for the last queue is not done again in this one
        screens.answered = kept[1].answered
    st.session_state[_SCREENS] = key, screens
    return screens


def _sample(order: ReviewOrder, show: Show, wanted: tuple[str, ...]) -> str:
    if order is not ReviewOrder.RANDOM or show not in (Show.TO_REVIEW, Show.ALL):
        return ""
    return (Sample.ANSWER if wanted else Sample.ALL).value


def _draw(store: RunStore) -> None:
    source = choose_source(store, current_dataset_name())
    if source is None:
        st.info(HOW_TO_BEGIN, icon=":material/info:")
        st.page_link("pages/add/page.py", label="Add data", icon=":material/add_photo_alternate:")
        return
    reviews = source.reviews(store.settings.home)
    reviewed = int(source.queue.table["path"].isin(reviews.labels()).sum())
    st.progress(
        reviewed / max(len(source.queue.table), 1),
        f"{reviewed:,} of {counted(len(source.queue.table), 'photo')} reviewed. Reviews count at once: in Explore, in "
        "sums and exports, and in the next training.",
    )
    match choose_segment("View", View, "view"):
        case View.PHOTOS:
            _draw_photos(store, source)
        case View.PLAN:
            draw_plan(source)
        case View.AGREEMENT:
            draw_agreement(source)
    draw_all_reviews()


st.title("Review")
visitor = actor()
if visitor is not None and not visitor.may(Act.CORRECT):
    st.info("To review, your role must be annotator or more: an admin can change it.", icon=":material/lock:")
    st.stop()
_draw(RunStore(load_settings()))
