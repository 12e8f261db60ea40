"""Drop images, and read what two models and their votes see in them."""

import streamlit as st

from pages.identify.answer import Answer
from pages.identify.answers import InferenceOptions, answer_all
from pages.identify.bursts import draw_bursts
from pages.identify.heat_map import draw_heat_map
from pages.identify.models import choose_models, choose_views, draw_card
from pages.identify.thresholds import choose_thresholds
from pages.identify.uploads import choose_images
from pages.identify.verdict import draw_failure, draw_table, draw_verdict, draw_views
from pages.widgets.correction import draw_all_corrections, draw_correction
from pages.widgets.markdown import literal
from wildcam.errors import BundleError
from wildcam.serving.bundle import Bundle, choose_pair
from wildcam.serving.classifier import Classifier, TwoStageClassifier
from wildcam.serving.two_stage import VerdictSource
from wildcam.settings import load_settings

DEMO_WARNING = (
    "A demo model answers. It knows nothing but the drawn species of the demo data set: "
    "what it says of a real photo means nothing."
)
CROPS_WARNING = (
    "The species model learned from animals that a detector had cut out. No detector looks here, so it gets whole "
    "photos: expect less of it than its scores say."
)


@st.cache_resource(max_entries=4, show_spinner="Loading the model …", hash_funcs={Bundle: repr})
def _load(bundle: Bundle) -> Classifier:
    """Loaded once for all sessions; a replaced model has another card, and is loaded anew."""
    return Classifier(bundle)


def _choose_one(answers: list[Answer]) -> int:
    return st.selectbox(
        "Look closer at",
        range(len(answers)),
        format_func=lambda number: answers[number].image.name,
        key="identify_image",
    )


def _draw_warnings(empty: Bundle, species: Bundle) -> None:
    """Where the models don't fit each other or what is asked about."""
    if empty.card.is_demo or species.card.is_demo:
        st.warning(DEMO_WARNING, icon=":material/warning:")
    if empty.card.dataset != species.card.dataset:
        st.warning(
            literal(
                f"The two models learned from different data sets, {empty.card.dataset} and {species.card.dataset}: their scores "
                "say little of how they do together."
            ),
            icon=":material/link_off:",
        )
    if species.card.crops:
        st.warning(CROPS_WARNING, icon=":material/crop:")


def _draw_one(answer: Answer, classifier: TwoStageClassifier, views: int) -> None:
    image, verdict = answer.image, answer.verdict
    if verdict.source is VerdictSource.FAILURE:
        draw_failure(image, verdict)
        return
    content = image.incoming.content()
    draw_verdict(image, content, verdict)
    draw_correction(
        content,
        image.name,
        said=verdict.label,
        classes=classifier.species.card.classes,
        models=f"{classifier.empty.bundle.name} + {classifier.species.bundle.name}",
    )
    images = classifier.look(content, views)
    draw_views(verdict, classifier.views(views), images)
    draw_heat_map(verdict, images[0], classifier, key=image.name)


st.title("Identify")
st.write(
    "Drop a photo. Stage 1 says whether it is empty; if not, stage 2 names the species. "
    "Each stage looks several times, at the photo and at changed copies of it, and the majority decides."
)
st.page_link("pages/batch/page.py", label="Thousands of them? Start a batch", icon=":material/photo_library:")
try:
    defaults = choose_pair(load_settings().models)
except BundleError as error:
    st.info(literal(str(error)), icon=":material/info:")
    st.page_link("pages/train/page.py", label="Train a model", icon=":material/model_training:")
    st.page_link("pages/runs/page.py", label="Promote the model of a run", icon=":material/verified:")
    st.stop()
with st.expander("Models and settings", icon=":material/tune:"):
    empty, species = choose_models(defaults)
    views, aggregation = choose_views()
    thresholds = choose_thresholds(empty, species)
with st.expander("About these models", icon=":material/badge:"):
    draw_card(empty, "Stage 1: empty or animal")
    draw_card(species, "Stage 2: which species")
_draw_warnings(empty, species)
classifier = TwoStageClassifier(_load(empty), _load(species))

images = choose_images()
if not images:
    draw_all_corrections()
    st.stop()
answers = answer_all(images, classifier, InferenceOptions(views, aggregation, thresholds))
chosen = 0
if len(answers) > 1:
    draw_table(answers)
    draw_bursts(answers)
    chosen = _choose_one(answers)
_draw_one(answers[chosen], classifier, views)
draw_all_corrections()
