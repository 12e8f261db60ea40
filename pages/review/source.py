"""Review: whose answers are reviewed, a data set's own labels or a batch's."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import streamlit as st

from pages.widgets.alike import index_key, load_index
from pages.widgets.dataset import open_shared
from pages.widgets.markdown import literal
from pages.widgets.review import NO_ANSWERS
from pages.widgets.url_state import url_param
from wildcam.counting import counted
from wildcam.data.catalog import Dataset, list_datasets
from wildcam.data.reviews import ReviewLayer, Reviews
from wildcam.predictions.batches import open_batch
from wildcam.predictions.parts import parts_stamp, read_predictions
from wildcam.review.queue import QUEUED_COLUMNS, Alike, ReviewQueue, queue_of_answers, queue_of_labels
from wildcam.runs.run import Run
from wildcam.runs.states import Kind, State
from wildcam.runs.store import RunStore
from wildcam.serving.card import EMPTY
from wildcam.similarity.findings import label_dispute
from wildcam.similarity.index import SimilarityIndex
from wildcam.stored import Stamp

OWN_LABELS = "labels"


@dataclass(frozen=True)
class ReviewSource:
    """What is reviewed."""

    queue: ReviewQueue
    labels: tuple[str, ...]  # to choose from

    def reviews(self, home: Path) -> ReviewLayer:
        """The reviews of its photos as they are now."""
        return Reviews(home).below(self.queue.root)


def choose_source(store: RunStore, dataset_name: str) -> ReviewSource | None:
    """None where there is neither a data set nor a batch."""
    infos = {info.name: info for info in list_datasets(store.settings.datasets_dir)}
    batches = [run for run in store.all(Kind.PREDICT) if run.state is not State.QUEUED and parts_stamp(run.folder)]
    titles = {OWN_LABELS: f"Labels of {infos[dataset_name].display}"} if dataset_name in infos else {}
    titles |= {run.id: f"Answers: {run.name}" for run in batches}
    if not titles:
        return None
    chosen = st.selectbox("What to review", list(titles), format_func=titles.__getitem__, **url_param("source", titles))
    if chosen == OWN_LABELS:
        dataset = open_shared(store.settings.datasets_dir, infos[dataset_name])
        return _of_labels(dataset, store.latest(Kind.PREDICT, State.FINISHED, dataset_name))
    return _of_batch(store, next(run for run in batches if run.id == chosen))


def _of_labels(dataset: Dataset, newest: Run | None) -> ReviewSource:
    parts = parts_stamp(newest.folder) if newest else ()
    queue = _label_queue(dataset, newest.folder if newest and parts else None, parts, load_index(dataset))
    if newest and parts:
        st.caption(literal(f"Disputed are the labels that the batch {newest.name} contradicts."))
    labels = dataset.info.labels.read(dataset.unreviewed["label"])["label"].cat.categories
    return ReviewSource(queue, tuple(sorted({*map(str, labels), EMPTY})))


def _of_batch(store: RunStore, run: Run) -> ReviewSource:
    batch = open_batch(store, run.id)
    index = _index_of(store, run)
    queue = _answer_queue(run.folder, parts_stamp(run.folder), batch.metadata.root, batch.metadata.models, index)
    if run.state is not State.FINISHED:
        st.caption(f"The batch is {run.state.display.lower()}: {counted(len(queue.table), 'answer')} so far.")
    return ReviewSource(queue, tuple(sorted({*batch.metadata.classes, EMPTY})))


@st.cache_resource(
    max_entries=2,
    show_spinner="Gathering the photos …",
    hash_funcs={
        Dataset: lambda dataset: repr(dataset.info),  # what reviewers say changes no queue
        SimilarityIndex: index_key,
    },
)
def _label_queue(dataset: Dataset, batch: Path | None, parts: Stamp, index: SimilarityIndex | None) -> ReviewQueue:
    answers = read_predictions(batch, ["image_id", "label", "confidence"]) if batch else None
    named: pd.DataFrame | None = answers[~answers["label"].isin(NO_ANSWERS)] if answers is not None else None
    if index is None:
        return queue_of_labels(dataset, named)
    labels = dataset.reviewed(ReviewLayer()).index  # what reviewers say is not disputed by what they say
    return queue_of_labels(dataset, named, Alike(_groups(index), label_dispute(index, labels)))


@st.cache_resource(max_entries=2, show_spinner="Gathering the photos …", hash_funcs={SimilarityIndex: index_key})
def _answer_queue(folder: Path, parts: Stamp, root: Path, models: str, index: SimilarityIndex | None) -> ReviewQueue:
    table = read_predictions(folder, list(QUEUED_COLUMNS))
    if index is None:
        return queue_of_answers(table, root, models)
    return queue_of_answers(table, root, models, Alike(_groups(index), pd.Series(dtype="float64")))


def _groups(index: SimilarityIndex) -> pd.Series:
    return pd.Series(index.group, index=index.image_ids)


def _index_of(store: RunStore, run: Run) -> SimilarityIndex | None:
    name = run.params.get("dataset", "")
    info = next((info for info in list_datasets(store.settings.datasets_dir) if info.name == name), None)
    return load_index(open_shared(store.settings.datasets_dir, info)) if info else None
