"""Batch: the answers against what the data set says, where errors come from, and how sure that is."""

from pathlib import Path

import pandas as pd
import streamlit as st

from pages.parts.address import tied
from pages.parts.explore.chart import draw_chart, draw_download
from pages.parts.markdown import literal
from wildcam.charts.confusion import LABEL, TRUTH, confusion_map
from wildcam.charts.outcomes import outcomes
from wildcam.charts.reliability import reliability
from wildcam.data.catalog import Dataset
from wildcam.data.profile.activity import by_day
from wildcam.errors import WildcamError
from wildcam.evaluation.bootstrap import Interval
from wildcam.evaluation.end_to_end import (
    by_band,
    by_camera,
    by_class,
    calibration_error,
    compare,
    confusions,
    end_to_end,
)  # fmt: skip
from wildcam.evaluation.published import comparable, published
from wildcam.evaluation.truth import RIGHT, judge
from wildcam.predictions.batches import Batch, open_batch
from wildcam.predictions.parts import count_parts, read_predictions
from wildcam.runs.states import Kind
from wildcam.runs.store import RunStore

MOST_CLASSES = 30
"""Of the map of confusions; the list beside it has all."""

PARTS = ("End to end", "Classes", "Confusions", "Cameras", "Confidence", "Compare")
PERCENT = st.column_config.NumberColumn(format="percent")


def _identity(dataset: Dataset) -> str:
    return repr(dataset.info)


def draw_truth(store: RunStore, batch: Batch, dataset: Dataset) -> None:
    parts = count_parts(batch.run.folder)
    judged, left_out = _judged(batch.run.folder, parts, dataset)
    if left_out:
        st.caption(
            f"{left_out:,} photographs are not judged: the data set gives no label, or one that is neither animal nor empty."
        )
    part = st.segmented_control("Part", PARTS, required=True, label_visibility="collapsed", **tied("part", PARTS))
    match part:
        case "Classes":
            _draw_classes(judged)
        case "Confusions":
            _draw_confusions(batch, judged)
        case "Cameras":
            st.dataframe(
                by_camera(judged), hide_index=True, key="batch_truth_cameras",
                column_config={"location": "Camera", "photographs": "Photographs", "accuracy": PERCENT, "animals_lost": PERCENT},
            )  # fmt: skip
            _draw_light(judged)
        case "Confidence":
            _draw_confidence(judged)
        case "Compare":
            _draw_comparison(store, batch, dataset, judged)
        case _:
            _draw_scores(batch, dataset, judged)


@st.cache_resource(max_entries=4, show_spinner="Reading the results …", hash_funcs={Dataset: _identity})
def _judged(folder: Path, parts: int, dataset: Dataset) -> tuple[pd.DataFrame, int]:
    """The judged table, read only, and how many photographs are not in it."""
    table = read_predictions(folder)
    judged = judge(table, dataset)
    return judged, len(table) - len(judged)


def _draw_scores(batch: Batch, dataset: Dataset, judged: pd.DataFrame) -> None:
    found = end_to_end(judged)
    figures = {
        "Right final answers": _words(found.accuracy), "Macro-F1": _words(found.macro_f1),
        "Animals lost": f"{found.animals_lost:.1%}", "Empty ones found": f"{found.empties_found:.1%}",
    }  # fmt: skip
    for column, (title, figure) in zip(st.columns(len(figures)), figures.items(), strict=True):
        column.metric(
            title,
            figure.split(" ")[0],
            figure.partition(" ")[2] or None,
            delta_color="off",
            delta_arrow="off",
            border=True,
        )
    floors = "; ".join(f"{name} {value:.1%}" for name, value in found.floors.items())
    st.caption(
        f"Of {found.photographs:,} photographs of {found.cameras:,} cameras. Ranges hold the figure in 95 of 100 draws of as many cameras. "
        f"Floors on the same photographs: {literal(floors)}. Macro-F1 is the mean over the classes that occur, empty among them; "
        f"macro recall {found.macro_recall:.1%}; right among the five likeliest {found.top_5:.1%} of the animals."
    )
    st.subheader("Where the errors come from", anchor=False)
    numbers = pd.DataFrame(found.outcomes.items(), columns=["outcome", "photographs"])
    draw_chart(outcomes(found.outcomes), numbers, key="batch_outcomes", name=f"{batch.run.name}-outcomes")
    with st.expander("Published figures", icon=":material/menu_book:"):
        st.caption(comparable(dataset.info.format, batch.run.params.get("side", ""), batch.run.params.get("split", "")))
        st.dataframe(published(), hide_index=True, key="batch_published", column_config={"value": PERCENT})
    draw_download(
        judged.drop(columns="top_labels"), key="batch_judged", name=f"{batch.run.name}-judged", label="Every answer"
    )


def _words(interval: Interval) -> str:
    return f"{interval.value:.1%} {interval.low:.1%} to {interval.high:.1%}"


def _draw_classes(judged: pd.DataFrame) -> None:
    classes = by_class(judged)
    st.dataframe(
        by_band(classes), hide_index=True, key="batch_bands",
        column_config={"band": "Part of the tail", "classes": "Classes", "photographs": "Photographs", "f1": "F1", "recall": PERCENT},
    )  # fmt: skip
    st.caption("Head, middle and tail by the photographs of each class in this batch: above 100, 20 to 100, fewer.")
    st.dataframe(
        classes, hide_index=True, key="batch_classes",
        column_config={"label": "Class", "photographs": "Photographs", "precision": PERCENT, "recall": PERCENT, "f1": "F1", "band": None},
    )  # fmt: skip
    draw_download(classes, key="batch_classes_csv", name="classes")


def _draw_confusions(batch: Batch, judged: pd.DataFrame) -> None:
    largest = judged["truth"].value_counts().index[:MOST_CLASSES]
    rows = judged[judged["truth"].isin(largest)]
    counts = pd.crosstab(rows["truth"], rows["label"])
    labels = [*(label for label in largest if label in counts), *sorted(set(counts.columns) - set(largest))]
    st.caption("A click on a cell shows its photographs.")
    draw_chart(
        confusion_map(counts.loc[largest, labels]), counts.reset_index(), key="batch_confusion", name=f"{batch.run.name}-confusions",
        on_click=lambda told: _show(told[TRUTH], told[LABEL]),
    )  # fmt: skip
    st.subheader("The commonest mistakes", anchor=False)
    st.dataframe(
        confusions(judged), hide_index=True, key="batch_mistakes",
        column_config={"truth": "It shows", "label": "Called", "photographs": "Photographs", "share": PERCENT},
    )  # fmt: skip


def _show(truth: str, label: str) -> None:
    """Lead the address to the photographs of a cell."""
    for name in ("part", "page", "photograph"):
        st.query_params.pop(name, None)
    st.query_params.update({"view": "Photographs", "truth": truth, "verdict": label})


def _draw_light(judged: pd.DataFrame) -> None:
    """By day against by night, by the hour of the camera's clock."""
    day = by_day(judged)
    rows = [
        {
            "When": name,
            "Photographs": int(chosen.sum()),
            "Right": float((judged.loc[chosen, "outcome"] == RIGHT).mean()),
        }
        for name, chosen in (
            ("by day", day.fillna(False).astype(bool)),
            ("by night", (~day).fillna(False).astype(bool)),
        )
        if chosen.any()
    ]
    if rows:
        st.dataframe(pd.DataFrame(rows), hide_index=True, key="batch_light", column_config={"Right": PERCENT})


def _draw_confidence(judged: pd.DataFrame) -> None:
    error, bins = calibration_error(judged)
    st.metric(
        "Expected calibration error",
        f"{error:.1%}",
        border=True,
        help="Mean distance of confidence and accuracy; 0 is honest.",
    )
    draw_chart(reliability(bins), bins, key="batch_reliability", name="reliability")


def _draw_comparison(store: RunStore, batch: Batch, dataset: Dataset, judged: pd.DataFrame) -> None:
    others = {
        run.id: f"{run.name} ({run.id[:8]})"
        for run in store.all(Kind.PREDICT)
        if run.id != batch.run.id and run.params.get("dataset") == dataset.name
    }
    if not others:
        st.info(
            "Another batch of the same data set is needed: with other models, views or thresholds.",
            icon=":material/info:",
        )
        return
    chosen = st.selectbox("Against", list(others), format_func=others.__getitem__, key="batch_against")
    try:
        found = compare(judged, judge(open_batch(store, chosen).table(), dataset))
    except WildcamError as error:
        st.error(literal(str(error)))
        return
    value, words = _words(found.accuracy).split(" ", 1)
    st.metric("Difference of the right answers", value, words, delta_color="off", delta_arrow="off", border=True)
    decided = found.accuracy.low > 0 or found.accuracy.high < 0
    st.caption(
        f"On {found.photographs:,} photographs that both were asked about, drawn by camera. "
        + (
            "The range leaves zero out."
            if decided
            else "The range holds zero: these photographs do not decide which is better."
        )
    )
    left, right = st.columns(2)
    for column, title, ids in (
        (left, "Only this one is right", found.only_first),
        (right, "Only the other is right", found.only_second),
    ):
        column.metric(title, f"{len(ids):,}", border=True)
        with column:
            draw_download(pd.DataFrame({"image_id": ids}), key=f"batch_only_{title}", name=title.replace(" ", "-"))
