"""Identify: upload photos, get the verdict of two models with all votes."""

from dataclasses import replace

import streamlit as st

from pages.identify.answers import Answer, answers_so_far, upload_pixels
from pages.identify.bursts import draw_bursts
from pages.identify.grid import choose_answer, draw_grid
from pages.identify.heat_map import draw_heat_maps
from pages.identify.looking import choose_looking
from pages.identify.models import choose_models
from pages.identify.progress import draw_progress
from pages.identify.thresholds import choose_thresholds
from pages.identify.uploads import choose_uploads
from pages.identify.verdict import draw_closer, draw_failure, draw_table, draw_verdict, draw_views
from pages.widgets.markdown import literal
from pages.widgets.model_card import draw_card
from pages.widgets.review import draw_all_reviews, draw_review
from wildcam.errors import BundleError
from wildcam.serving.bundle import Bundle, choose_pair, missing_default
from wildcam.serving.classifier import Classifier, stack
from wildcam.serving.inference_options import InferenceOptions
from wildcam.serving.knowledge import describe_knowledge
from wildcam.serving.look_closer import NO_CLOSER_LOOK, closer_pixels
from wildcam.serving.two_stage import VerdictSource
from wildcam.serving.two_stage_classifier import TwoStageClassifier
from wildcam.settings import load_settings

DEMO_WARNING = (
    "Demo model: it was trained on generated photos of the demo data set. Its verdicts on real photos mean nothing."
)
CROPS_WARNING = (
    "The species model was trained on crops of a detector. Without a detector it gets whole photos here: expect lower "
    "accuracy than its scores."
)


@st.cache_resource(max_entries=4, show_spinner="Loading the model …", hash_funcs={Bundle: repr})
def _load(bundle: Bundle) -> Classifier:
    """Loaded once for all sessions; a replaced model has another card, and is loaded anew."""
    return Classifier(bundle)


@st.cache_resource(max_entries=2, show_spinner="Loading the models …", hash_funcs={Bundle: repr})
def _load_pair(empty: Bundle, species: Bundle) -> TwoStageClassifier:
    """Two models on one backbone become one graph, which takes a moment."""
    return TwoStageClassifier(_load(empty), _load(species))


def _draw_warnings(empty: Bundle, species: Bundle) -> None:
    """What the models know, and where they do not fit each other or the photos."""
    if known := describe_knowledge(empty.card.knowledge, species.card.knowledge):
        st.caption(literal(known))
    if empty.card.is_demo or species.card.is_demo:
        st.warning(DEMO_WARNING, icon=":material/warning:")
    if empty.card.dataset != species.card.dataset:
        st.warning(
            literal(
                f"The models were trained on different data sets ({empty.card.dataset}, {species.card.dataset}): "
                "their scores do not apply to the pair."
            ),
            icon=":material/link_off:",
        )
    if species.card.crops:
        st.warning(CROPS_WARNING, icon=":material/crop:")


def _draw_one(answer: Answer, classifier: TwoStageClassifier, options: InferenceOptions) -> None:
    image, verdict = answer.image, answer.verdict
    if verdict.source is VerdictSource.FAILURE:
        draw_failure(image, verdict)
        return
    content = image.file.content()
    preview = upload_pixels().preview(content)
    draw_verdict(image, preview, verdict)
    draw_review(
        content,
        image.name,
        predicted=verdict.label,
        classes=classifier.species.card.classes,
        models=f"{classifier.empty.bundle.name} + {classifier.species.bundle.name}",
    )
    inputs = upload_pixels().inputs(content, classifier).species
    views = classifier.views(options)
    draw_views(verdict, views, stack(inputs, views))
    if verdict.closer:
        draw_closer(verdict.closer, closer_pixels(content, classifier.species.card.image_size, verdict.closer.window))
    draw_heat_maps(verdict, preview, inputs, classifier, key=image.name)


st.title("Identify")
st.write(
    "Upload photos. Stage 1 classifies each as empty or animal, stage 2 names the species of the animals. "
    "Where several views of a photo help the models, they vote."
)
try:
    defaults = choose_pair(load_settings().model_dirs)
except BundleError as error:
    st.info(literal(str(error)), icon=":material/info:")
    st.page_link("pages/train/page.py", label="Train a model", icon=":material/model_training:")
    st.page_link("pages/runs/page.py", label="Promote a model", icon=":material/verified:")
    st.stop()
with st.expander("Models and settings", icon=":material/tune:"):
    empty, species = choose_models(defaults)
    looking = choose_looking(empty.card, species.card)
    options = replace(looking, thresholds=choose_thresholds(empty, species))
with st.expander("About these models", icon=":material/badge:"):
    draw_card(empty, "Stage 1: empty or animal")
    draw_card(species, "Stage 2: which species")
_draw_warnings(empty, species)
if gone := missing_default(load_settings().model_dirs):
    st.warning(literal(gone), icon=":material/link_off:")
classifier = _load_pair(empty, species)
if options.closer_weight and not classifier.can_look_closer():
    st.info(NO_CLOSER_LOOK, icon=":material/info:")

images = choose_uploads()
if not images:
    draw_all_reviews()
    st.stop()
answers = answers_so_far(images, classifier, options)
draw_progress(answers, classifier, options)
given = answers.given
if len(images) > 1 and given:
    _draw_one(given[choose_answer(given)], classifier, options)
    draw_grid(given)
    draw_table(given)
    draw_bursts(given)
elif given:
    _draw_one(given[0], classifier, options)
draw_all_reviews()
