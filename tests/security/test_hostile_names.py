"""Whatever others call a thing (a photo, a label, a run, a tag, a data set) is text everywhere."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest
from google.protobuf.message import Message
from streamlit.testing.v1 import AppTest

from pages.widgets.explore_links import Section
from tests.pages.open_page import APP
from wildcam.architectures.presets import Task
from wildcam.cli.output import print_facts, print_json, print_note, print_rows
from wildcam.data.catalog import build_index, rename_dataset, save_dataset
from wildcam.data.labels import LabelPolicy
from wildcam.data.reviews import Reviews
from wildcam.exports.deployment_table import DeploymentTable
from wildcam.predictions.metadata import BatchMetadata
from wildcam.predictions.parts import PartWriter
from wildcam.predictions.submit import make_request
from wildcam.predictions.table import ImageRecord, Prediction
from wildcam.quality.submit import CheckRequest
from wildcam.runs.facts import PredictFacts
from wildcam.runs.run import Run
from wildcam.runs.states import Kind, State
from wildcam.runs.store import RunStore
from wildcam.serving.evidence import Evidence
from wildcam.serving.two_stage import Ranked, Verdict, VerdictSource, ViewVote, failed
from wildcam.spreadsheet import guarded, to_csv, unguarded

MARK = "![i](evil.example)<img src=e.x>$x$ :red[r] `c`"
NAME = f"={MARK} \x1b[31m"
ALIVE = re.compile(r"!\[i|(?<!\\)<img|\$x\$|:red\[|`c`")
"""A mark of the name that Markdown would obey."""

SHOWN_AS_TEXT = {"text", "code", "plotly_chart", "arrow_data_frame", "iframe"}
PLAIN_FIELDS = {"options", "url", "value", "values", "default", "set_value", "string_value", "placeholder", "id", "alt"}
PLAIN_FIELDS |= {
    "columns",
    "page",
    "query_string",
    "raw_values",
    "raw_value",
    "user_key",
    "element_id",
    "set_values",
    "data",
}


def strings(message: Message) -> Iterator[str]:
    """Every text of an element that a page reads as Markdown."""
    for field, value in message.ListFields():
        if field.name in PLAIN_FIELDS | SHOWN_AS_TEXT:
            continue
        for one in (
            value if isinstance(value, list) or not isinstance(value, str | bytes | Message | int | float) else [value]
        ):
            if isinstance(one, str):
                yield one
            elif isinstance(one, Message):
                yield from strings(one)


def markdown_of(node: object) -> Iterator[str]:
    """Also the titles of boxes, tabs and popovers."""
    proto = getattr(node, "proto", None)
    if isinstance(proto, Message) and getattr(node, "type", "") not in SHOWN_AS_TEXT:
        yield from strings(proto)
    for child in getattr(node, "children", {}).values():
        yield from markdown_of(child)


def obeyed(page: AppTest) -> list[str]:
    return [text for text in markdown_of(page._tree) if ALIVE.search(text)]


def test_the_check_finds_what_is_alive() -> None:
    def draw() -> None:
        import streamlit as st

        from tests.security.test_hostile_names import MARK

        st.text(MARK)
        st.selectbox("one", [MARK])
        st.expander(MARK)
        st.button("b", help=MARK)

    page = AppTest.from_function(draw).run()
    assert len(obeyed(page)) == 2


@pytest.fixture
def hostile(store: RunStore, write_model: Callable[..., object], image: Callable[..., bytes], tmp_path: Path) -> Run:
    """A data set, models, runs and a batch, with that name wherever others may put one; returns the batch."""
    write_model("other-species", Task.SPECIES, dataset=NAME, classes=("deer", NAME, "hare"))
    root = tmp_path / "photos"
    root.mkdir()
    names = [f"{number} {NAME}.jpg" for number in range(12)]
    for number, name in enumerate(names):
        (root / name).write_bytes(image(number, 200, 10, size=(40, 30)))
    labels = [NAME, f"{NAME}s", "fox"]
    columns = {
        "image_id": names,
        "path": names,
        "label": [labels[number % 3] for number in range(12)],
        "second_label": [NAME if number == 2 else None for number in range(12)],
        "location": [f"{NAME} {number % 2}" for number in range(12)],
        "sequence_id": [NAME] * 12,
        "taken_at": pd.date_range("2024-06-01 12:00", periods=12, freq="s"),
    }
    boxes = pd.DataFrame({"image_id": names, "category": NAME, "confidence": 0.9})
    boxes = boxes.assign(x=0.1, y=0.1, width=0.5, height=0.5)
    save_dataset(
        store.settings.datasets_dir,
        build_index(columns),
        name="reserve",
        source=NAME,
        root=root,
        format="csv",
        labels=LabelPolicy(),
        detections=boxes,
    )
    rename_dataset(store.settings.datasets_dir, "reserve", MARK)
    for kind in (Kind.CHECK, Kind.PREDICT):
        request = CheckRequest(dataset="reserve") if kind is Kind.CHECK else make_request(store, dataset="reserve")
        broken = store.create(kind, NAME, request)
        store.enqueue(broken.id)
        store.mark(broken.id, State.FAILED, NAME)
    run = store.create(Kind.PREDICT, NAME, make_request(store, dataset="reserve"))
    store.set_note(run.id, NAME)
    store.enqueue(run.id)
    writer = PartWriter(run.folder)
    writer.write_metadata(
        BatchMetadata(
            root=root,
            source=NAME,
            empty_model="tiny-empty",
            species_model="tiny-species",
            classes=(NAME, "fox"),
            is_demo=False,
            views=1,
            aggregation="majority_vote",
            empty_threshold=0.5,
            unknown_threshold=0.4,
            run_id=run.id,
            created_at=pd.Timestamp("2024-06-01", tz="UTC").to_pydatetime(),
        )
    )
    answer = Verdict(
        NAME, VerdictSource.STAGE_2, 0.9, 1, (ViewVote(0.1, False),), p_empty=0.1, top=(Ranked(NAME, 0.9),)
    )
    for name in names[:-1]:
        writer.add(Prediction(ImageRecord(name, name, NAME, NAME), answer))
    writer.add(Prediction(ImageRecord(names[-1], names[-1], NAME, ""), failed(NAME)))
    writer.flush()
    store.write_facts(run.id, PredictFacts(images=12, failed=1, labels={NAME: 11}, remarks=(NAME,)))
    store.mark(run.id, State.FINISHED)
    return store.get(run.id)


def test_no_page_obeys_a_name(hostile: Run, store: RunStore) -> None:
    photo = f"0 {NAME}.jpg"
    addresses: list[tuple[str, dict[str, str]]] = [
        *((page, {}) for page in ("home", "add", "identify", "train", "models", "disk", "studies", "glossary", "runs")),
        *(("explore", {"dataset": "reserve", "section": str(section)}) for section in Section),
        ("explore", {"dataset": "reserve", "section": "photos", "image": photo}),
        ("batch", {"run": hostile.id, "view": "photos", "image": photo, "ground_truth": NAME}),
        ("batch", {"run": hostile.id, "view": "bursts"}),
        ("models", {"model": "other-species", "beside": "tiny-species"}),
        *((page, {"run": run.id}) for run in store.all() for page in ("runs", "batch", "evaluation")),
    ]
    names = "dataset run image class location view model beside clone compare ground_truth verdict section term study"
    addresses += [
        (page, dict.fromkeys((*names.split(), "page", "from", "source", "format", "order"), NAME))
        for page in ("add", "explore", "batch", "evaluation", "runs", "models", "disk", "train", "studies", "glossary")
    ]
    app, alive = AppTest.from_file(APP, default_timeout=120).run(), {}  # one session: the first page takes longest
    for page, address in addresses:
        app.query_params.clear()
        app.switch_page(f"pages/{page}/page.py")
        app.query_params.update(address)
        app.run()
        assert not app.exception, (page, address, app.exception[0].value)
        alive[f"{page} {address}"] = obeyed(app)
    assert not {where: found for where, found in alive.items() if found}


def test_evidence_names_its_class_as_text(image: Callable[..., bytes]) -> None:
    def draw(photo, evidence) -> None:
        from pages.widgets.evidence import draw_evidence

        draw_evidence(photo, evidence)

    nothing = Evidence(NAME, ((0, 0), (0, 0)), None)
    page = AppTest.from_function(draw, args=(image(1, 2, 3), nothing)).run()
    assert not page.exception
    assert page.caption
    assert not obeyed(page)


@pytest.mark.parametrize("name", ["=1+1", "+a", "-1+1", "@a", "\ta", "＝1", "'=1", "'a", "fox", ""])
def test_a_spreadsheet_gets_text_and_wildcam_the_name(name: str) -> None:
    assert not guarded(name).startswith(("=", "+", "-", "@", "\t", "＝"))
    assert unguarded(guarded(name)) == name
    assert guarded("-74.0") == "-74.0"


def test_every_table_is_guarded(store: RunStore, tmp_path: Path) -> None:
    table = pd.DataFrame({"label": pd.Categorical([NAME, "fox"]), NAME: ["-x", None], "gap": [-1.5, 2]})
    rows = list(csv.reader(io.StringIO(to_csv(table))))
    assert rows == [["label", f"'{NAME}", "gap"], [f"'{NAME}", "'-x", "-1.5"], ["fox", "", "2.0"]]
    Reviews(store.settings.home).add(b"photo", name=NAME, predicted=NAME, label=NAME, models="", keep=False)
    assert f"'{NAME}" in Reviews(store.settings.home).to_csv()
    (tmp_path / "places.csv").write_text(to_csv(pd.DataFrame({"location": ["-5"], "latitude": [1], "longitude": [2]})))
    assert set(DeploymentTable.read(tmp_path / "places.csv").by_location) == {"-5"}


def test_no_table_for_people_is_written_past_the_rule() -> None:
    """Kaggle and Camtrap DP are read by programs, which need every name as it is; the demo knows its own names."""
    ours = {"wildcam/spreadsheet.py", "wildcam/exports/kaggle.py", "wildcam/exports/camtrap_dp/write.py"}
    written = {
        str(path)
        for folder in ("wildcam", "pages")
        for path in Path(folder).rglob("*.py")
        if re.search(r"\.to_csv\(index|\.to_csv, index|csv\.(DictW|w)riter", path.read_text())
    }
    assert written == {*ours, "wildcam/demo/records.py"}


def test_nothing_that_is_printed_commands_a_terminal(capsys: pytest.CaptureFixture[str], in_process) -> None:
    odd = "fox\x1b[2J\x9b31m\x07\x7f\u202e\rx"
    for as_json in (False, True):
        print_rows([{odd: odd}], as_json=as_json, empty="")
        print_facts({odd: odd}, as_json=as_json)
    print_json([odd])
    print_note(odd)
    printed = capsys.readouterr()
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", printed.out + printed.err)
    assert printed.err == "fox\\u001b[2J\\u009b31m\\u0007\\u007f\\u202e\\u000dx\n"


def test_the_command_line_prints_in_one_place() -> None:
    past = [path for path in Path("wildcam/cli").glob("*.py") if re.search(r"(?<![\w.])print\(", path.read_text())]
    assert past == [Path("wildcam/cli/output.py")]
