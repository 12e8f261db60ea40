import io
import shutil
import zipfile
from datetime import UTC, datetime

import pytest
import streamlit as st
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile
from prometheus_client import REGISTRY
from streamlit.testing.v1 import AppTest

from pages.widgets.markdown import literal
from wildcam.architectures.presets import Task
from wildcam.changed import changed
from wildcam.data.catalog import build_index, save_dataset
from wildcam.data.labels import LabelPolicy
from wildcam.data.reviews import Reviews
from wildcam.serving.card import EmptyCurve, Score, SpeciesCurve
from wildcam.serving.classifier import Classifier
from wildcam.serving.knowledge import Estimate, GroupScore, Knowledge, SourceUse
from wildcam.serving.look_closer import NO_CLOSER_LOOK
from wildcam.serving.trials import Gain, ViewTrial
from wildcam.serving.tta import ViewSet
from wildcam.serving.two_stage_classifier import TwoStageClassifier
from wildcam.settings import PROJECT_DIR

APP = PROJECT_DIR / "app.py"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """One for all: a new database of runs takes a second."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def open_page(home, models_dir, monkeypatch):
    monkeypatch.setenv("WILDCAM_HOME", str(home))
    monkeypatch.setenv("WILDCAM_MODELS", str(models_dir))

    def open_with(**address):
        page = AppTest.from_file(APP, default_timeout=30).run()
        page.query_params.update(address)
        return page.switch_page("pages/identify/page.py").run()

    return open_with


@pytest.fixture
def two_models(write_model):
    return write_model("park-empty", Task.EMPTY), write_model("park-species", Task.SPECIES)


def upload(page, **images):
    files = [(f"{name}.jpg", content, "image/jpeg") for name, content in images.items()]
    page.file_uploader[0].set_value(files).run()
    assert not page.exception
    return page


def with_time(content, second):
    """The image as a camera would have dated it."""
    image = Image.open(io.BytesIO(content))
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = f"2024:06:01 12:00:{second:02}"
    dated = io.BytesIO()
    image.save(dated, "JPEG", exif=exif)
    return dated.getvalue()


def zip_of(**images):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, image in images.items():
            archive.writestr(f"DCIM/{name}.jpg", image)
    return content.getvalue()


def headings(page):
    return [heading.value for heading in page.subheader]


def texts(page):
    return [element.value for element in page.text]


def test_without_models_the_page_says_what_to_do(open_page):
    page = open_page()
    assert not page.exception
    assert "predicts empty or animal. Train one and promote it" in page.info[0].value.replace("\\", "")
    assert len(page.file_uploader) == 0


def test_a_image_gets_a_verdict_with_every_vote(open_page, two_models, image):
    page = upload(open_page(), fox=image(40, 210, 40))
    assert headings(page) == [":material/pets: fox\\, 4 of 4 views", "Votes of the views"]
    assert texts(page)[-2:] == ["Stage 1: 4 of 4 votes for animal.", "Stage 2: 4 of 4 votes for fox."]
    votes = [element.value for element in page.markdown if element.value.startswith("Stage 1: **animal**")]
    assert len(votes) == 4
    assert all("Stage 2: **fox**" in vote for vote in votes)
    assert [metric.label for metric in page.metric] == ["Stage 1: empty", "Stage 2: fox"]
    assert page.metric[0].value == "1%"  # the darker view 2%, the others less
    assert len(page.get("plotly_chart")) == 1
    assert len(page.warning) == 0


def test_answers_are_counted_for_whoever_watches_the_server(open_page, two_models, image):
    before = REGISTRY.get_sample_value("wildcam_photos_identified_total")
    upload(open_page(), fox=image(40, 210, 40), broken=b"no photo")
    assert REGISTRY.get_sample_value("wildcam_photos_identified_total") == before + 1


def test_an_empty_image_is_not_given_to_stage_2(open_page, two_models, image):
    page = upload(open_page(), night=image(10, 10, 10))
    assert headings(page)[0] == ":material/landscape: empty\\, 4 of 4 views"
    assert page.metric[1].value == "did not run"
    assert len(page.get("plotly_chart")) == 0


def test_uploads_are_not_kept_on_disk(open_page, two_models, image, home):
    page = open_page()
    before = sorted(home.rglob("*"))
    upload(page, fox=image(40, 210, 40))
    assert sorted(home.rglob("*")) == before


def test_a_bad_file_among_good_ones_gets_its_sentence_and_the_rest_an_answer(open_page, two_models, image):
    files = {"good": image(210, 40, 40), "a *b* <i>c": b"only text", "also good": image(40, 40, 210)}
    page = upload(open_page(), **files)
    table = page.dataframe[-1].value
    assert table["Photo"].tolist() == [f"{name}.jpg" for name in files]
    assert table["Verdict"].tolist()[::2] == ["deer, 4 of 4 views", "hare, 4 of 4 views"]
    assert table["Verdict"][1].startswith("failed: The upload is not a photo")
    page.selectbox(key="identify_image").set_value(1).run()
    assert "a \\*b\\* \\<i\\>c\\.jpg" in page.error[0].value
    page.selectbox(key="identify_image").set_value(2).run()
    assert headings(page)[0] == ":material/pets: hare\\, 4 of 4 views"


def photos(image, number):
    return {f"photo {i}": image(10 + 10 * i, 210, 40) for i in range(number)}


def test_answers_stay_when_it_is_stopped_and_the_rest_follows_on_request(open_page, two_models, image, monkeypatch):
    classified = []
    classify = TwoStageClassifier.classify

    def count(*arguments, **options):
        classified.append(1)
        return classify(*arguments, **options)

    def stop(*arguments, **options):
        """As a click on Stop after the first turn."""
        st.session_state["identify_stopped"] = True
        st.rerun()

    monkeypatch.setattr(TwoStageClassifier, "classify", count)
    monkeypatch.setattr("pages.identify.answers.TURN", 2)
    with monkeypatch.context() as clicked:
        clicked.setattr("pages.identify.progress.draw_table", stop)
        page = upload(open_page(), **photos(image, 5))
    assert "Stopped: 2 of 5 photos classified." in [info.value for info in page.info]
    assert len(page.dataframe[-1].value) == 2
    page.button(key="identify_go_on").click().run()
    assert not page.exception
    assert page.dataframe[-1].value["Photo"].tolist() == [f"photo {i}.jpg" for i in range(5)]
    assert len(classified) == 5
    assert not [button for button in page.button if button.key in ("identify_go_on", "identify_stop")]


def test_one_goes_through_the_photos_by_buttons_and_cards(open_page, two_models, image):
    page = upload(open_page(), **photos(image, 14))
    assert page.button(key="identify_previous").disabled
    assert page.button(key="identify_next").proto.shortcut == "right"
    page.button(key="identify_next").click().run()
    assert page.selectbox(key="identify_image").value == 1
    page.button(key="identify_open_11").click().run()
    assert page.selectbox(key="identify_image").value == 11
    assert "identify_open_12" not in [button.key for button in page.button]  # the second page of cards
    page.button(key="identify_next").click().run().button(key="identify_next").click().run()
    assert page.button(key="identify_next").disabled
    upload(page, **photos(image, 2))
    assert page.selectbox(key="identify_image").value == 0
    assert not page.exception


def test_a_link_leads_to_the_camera(open_page, two_models):
    page = open_page(photos="camera")
    assert not page.exception
    assert len(page.get("camera_input")) == 1
    assert len(page.file_uploader) == 0


def test_the_page_says_before_the_upload_where_many_photos_belong(open_page, two_models):
    page = open_page()
    assert any("Up to 500 photos" in caption.value for caption in page.caption)
    assert {"Add as a data set", "Start a batch"} <= {link.proto.label for link in page.get("page_link")}


def test_the_address_names_models_and_views(open_page, two_models, write_model, image):
    write_model("newer-species", Task.SPECIES, created_at=datetime(2027, 1, 1, tzinfo=UTC))
    page = upload(open_page(identify_species="newer-species", identify_views="2"), fox=image(40, 210, 40))
    assert headings(page)[0] == ":material/pets: fox\\, 2 of 2 views"
    assert page.selectbox(key="identify_species").value == "newer-species"
    page.slider(key="identify_views").set_value(9).run()
    assert headings(page)[0] == ":material/pets: fox\\, 9 of 9 views"


def test_a_higher_threshold_leaves_the_species_open(open_page, two_models, image):
    page = upload(open_page(), fox=image(120, 150, 120))
    assert headings(page)[0].startswith(":material/pets: fox")
    page.slider(key="identify_named_park-species").set_value(0.99).run()
    assert headings(page)[0].startswith(":material/question_mark: unknown species")


def test_demo_models_say_that_they_know_only_the_demo(open_page, write_model):
    write_model("demo-empty", Task.EMPTY, dataset="demo", is_demo=True)
    write_model("demo-species", Task.SPECIES, dataset="demo", is_demo=True)
    assert "Its verdicts on real photos mean nothing" in open_page().warning[0].value


def test_cards_show_measured_scores_beside_their_baseline(open_page, write_model, two_models):
    figures = {"accuracy": 0.91, "majority_class_accuracy": 0.66, "recall_animal": 0.88}
    scores = tuple(Score(subset="test", metric=name, value=value, images=1200) for name, value in figures.items())
    write_model("measured", Task.EMPTY, scores=scores)
    table = open_page(identify_empty="measured").dataframe[0].value
    assert table["Test"].to_dict() == {
        "Photos": "1,200",
        "Accuracy": "0.910",
        "Majority-class baseline": "0.660",
        "Animal recall": "0.880",
    }


def test_a_model_is_loaded_once_for_all_sessions(open_page, two_models, image, monkeypatch):
    loaded = []
    load = Classifier.__init__

    def count(classifier, bundle):
        loaded.append(bundle.name)
        load(classifier, bundle)

    monkeypatch.setattr(Classifier, "__init__", count)
    for colours in ((210, 40, 40), (40, 210, 40)):
        upload(open_page(), seen=image(*colours))
    assert sorted(loaded) == ["park-empty", "park-species"]


def test_an_altered_model_is_refused_in_one_sentence_and_another_can_be_chosen(open_page, two_models, write_model):
    write_model("spare", Task.SPECIES, created_at=datetime(2027, 1, 1, tzinfo=UTC))
    two_models[1].graph_path.write_bytes(b"altered")
    page = open_page()
    assert not page.exception
    assert literal("'park-species' is not the one on its card") in page.error[0].value
    page.selectbox(key="identify_species").set_value("spare").run()
    assert len(page.error) == 0
    assert len(page.file_uploader) == 1


@pytest.fixture
def demo_dataset(image, home, tmp_path):
    """A data set of drawn photos with one of a fox outside training; gone after the test."""
    (tmp_path / "new.jpg").write_bytes(image(40, 210, 40))
    columns = {
        "image_id": ["1", "2"],
        "path": ["seen.jpg", "new.jpg"],
        "label": ["deer", "fox"],
        "given_split": ["train", "test"],
    }
    save_dataset(
        home / "datasets",
        build_index(columns),
        name="demo",
        source="generated",
        root=tmp_path,
        format="folders",
        labels=LabelPolicy(),
        is_demo=True,
    )
    yield
    shutil.rmtree(home / "datasets" / "demo")


def test_a_demo_image_is_one_click_away(open_page, two_models, demo_dataset):
    page = open_page()
    page.button(key="identify_demo").click().run()
    assert not page.exception
    assert headings(page)[0] == ":material/pets: fox\\, 4 of 4 views"
    assert "Ground truth: fox" in texts(page)
    page.button(key="identify_clear").click().run()
    assert headings(page) == []


def test_a_demo_image_is_for_the_demo_pair_and_uploads_for_the_default_again(
    open_page, two_models, write_model, image, demo_dataset
):
    write_model("demo-empty", Task.EMPTY, dataset="demo", is_demo=True)
    write_model("demo-species", Task.SPECIES, dataset="demo", is_demo=True)
    page = open_page()

    def pair():
        return page.selectbox(key="identify_empty").value, page.selectbox(key="identify_species").value

    assert pair() == ("park-empty", "park-species")
    page.button(key="identify_demo").click().run()
    assert pair() == ("demo-empty", "demo-species")
    upload(page, seen=image(40, 210, 40))
    assert pair() == ("park-empty", "park-species")


def test_a_pair_says_what_it_learned_from(open_page, write_model):
    knowledge = Knowledge(
        images=830,
        locations=17,
        species=24,
        left_out=(Estimate(metric="unseen_named", value=0.1, low=0.05, high=0.2, images=300),),
        groups=(GroupScore(group="farm", images=50, metric="accuracy", value=0.4),),
        sources=(SourceUse(source="farm", images=50, licence="MIT"),),
    )
    write_model("field-empty", Task.EMPTY, knowledge=knowledge)
    write_model("field-species", Task.SPECIES, knowledge=knowledge)
    page = open_page()
    assert not page.exception
    said = " ".join(caption.value for caption in page.caption).replace("\\", "")
    assert "Trained on 830 photos of 17 locations (1 source); knows 24 species" in said
    assert any("Photos of species never seen" in str(table.value.to_numpy()) for table in page.dataframe)


def test_a_model_of_crops_gets_a_warning(write_model, open_page):
    write_model("park-empty", Task.EMPTY)
    write_model("crops", Task.SPECIES, crops=True)
    assert "crops of a detector" in open_page().warning[0].value


def test_a_zip_has_many_photos_and_its_bursts_get_verdicts(open_page, two_models, image):
    card = zip_of(
        a=with_time(image(210, 40, 40), 1),
        b=with_time(image(210, 45, 45), 9),
        c=with_time(image(10, 10, 10), 12),
        d=with_time(image(40, 210, 40), 50),
    )
    page = open_page(identify_gap="10")
    page.file_uploader[0].set_value([("card.zip", card, "application/zip")]).run()
    assert not page.exception
    images, bursts = (table.value for table in page.dataframe[-2:])
    assert images["Folder"].tolist() == ["card.zip/DCIM"] * 4
    assert bursts["sentence"].tolist() == ["deer, 2 of 3 photos"]
    assert bursts["labels"].tolist() == ["deer, deer, empty"]


def test_what_is_passed_over_in_an_upload_is_counted_until_the_next_one(open_page, two_models, image):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as card:
        card.writestr("DCIM/a.jpg", image(40, 210, 40))
        card.writestr("__MACOSX/._a.jpg", b"x")
        card.writestr("$RECYCLE.BIN/b.jpg", b"x")
    page = open_page()
    page.file_uploader[0].set_value([("card.zip", content.getvalue(), "application/zip")]).run()
    said = [caption.value for caption in page.caption if "passed over" in caption.value]
    assert len(said) == 1
    assert said[0].startswith("2 files passed over")
    page.button(key="identify_clear").click().run()
    assert not any("passed over" in caption.value for caption in page.caption)


def test_a_link_to_a_model_that_a_stage_does_not_have_says_so(open_page, two_models):
    page = open_page(identify_species="park-empty", identify_empty="gone")
    assert not page.exception
    assert [toast.value.count("is not here") for toast in page.toast] == [1, 1]
    assert page.selectbox(key="identify_species").value == "park-species"


def test_a_heic_photo_gets_advice(open_page, two_models):
    page = open_page()
    page.file_uploader[0].set_value([("IMG_1.heic", b"....ftypheic", "image/heic")]).run()
    assert "export it as JPEG" in page.error[0].value


def test_a_correction_is_kept_and_shown_and_the_image_only_where_asked(open_page, two_models, image, home):
    page = upload(open_page(), fox=image(40, 210, 40))
    next(box for box in page.selectbox if box.label == "Label").set_value("hare")
    next(button for button in page.button if button.label == "Save correction").click().run()
    assert not page.exception
    assert "Corrected to hare" in page.info[0].value
    table = Reviews(home).table()
    assert table[["name", "predicted", "label", "path"]].values.tolist() == [["fox.jpg", "fox", "hare", ""]]
    assert not list((home / "corrections").rglob("*.jpg"))


def test_the_mean_may_decide_instead_of_the_vote(open_page, two_models, image):
    page = upload(open_page(), fox=image(40, 210, 40))
    page.segmented_control(key="identify_aggregation").set_value("mean_probability").run()
    assert not page.exception
    assert headings(page)[0].startswith(":material/pets: fox")


def test_a_threshold_is_chosen_by_its_missed_animals(open_page, write_model, image):
    steps = 101
    missed = tuple(round(1 - k / (steps - 1), 4) for k in range(steps))
    write_model(
        "park-empty",
        Task.EMPTY,
        empty_curve=EmptyCurve(images=200, missed_animals=missed, retained_blanks=missed[::-1]),
    )
    shares = {"named": missed, "correct": (0.9,) * steps, "unseen_named": missed}
    write_model("park-species", Task.SPECIES, species_curve=SpeciesCurve(images=90, unseen_images=7, **shares))
    page = open_page()
    captions = "\n".join(caption.value for caption in page.caption)
    assert "**50.0%** missed animals, **50.0%** retained blanks" in captions
    assert "Of 7 photos of species outside training, **60.0%** get a species" in captions
    page.button(key="identify_miss_0.05").click().run()
    assert page.slider(key="identify_from_park-empty").value == 0.95
    assert "**5.0%** missed animals" in "\n".join(caption.value for caption in page.caption)


def test_the_heat_map_is_shown_on_demand(open_page, two_models, image):
    page = upload(open_page(), fox=image(40, 210, 40))
    before = len(page.get("image")) + len(page.get("imgs"))
    next(toggle for toggle in page.toggle if "heat map" in toggle.label).set_value(True).run()
    assert not page.exception
    assert len(page.get("image")) + len(page.get("imgs")) == before + 2


def test_a_closer_look_that_nothing_directs_is_said(open_page, two_models):
    page = open_page()
    page.toggle(key="identify_closer").set_value(True).run()
    assert NO_CLOSER_LOOK in [info.value for info in page.info]


def test_evidence_is_shown_at_once_and_the_closer_look_with_its_input(open_page, write_model, image):
    write_model("park-empty", Task.EMPTY, evidence=True)
    write_model("park-species", Task.SPECIES, evidence=True)
    page = upload(open_page(), fox=image(40, 210, 40))
    captions = "\n".join(caption.value for caption in page.caption)
    assert "It is not a detection" in captions
    assert "Evidence" in headings(page)
    assert not [toggle for toggle in page.toggle if "heat map" in toggle.label]  # nothing is left to ask for
    assert "Closer look" not in captions
    page.toggle(key="identify_closer").set_value(True).run()
    page.slider(key="identify_closer_weight").set_value(0.25).run()
    assert not page.exception
    assert "Closer look, weight 25%" in "\n".join(caption.value for caption in page.caption)


def test_the_views_follow_the_card_until_another_model_is_chosen(open_page, write_model, image):
    gain = Gain(value=0.02, low=0.01, high=0.03, cost=1.7, images=200)
    certain = ViewTrial(view_set=ViewSet.TURNS, views=2, gain=gain)
    none = ViewTrial(view_set=ViewSet.LIGHT, views=2, gain=changed(gain, low=-0.01))
    write_model("park-empty", Task.EMPTY, view_trials=(none,))
    write_model("newer-species", Task.SPECIES, view_trials=(none,), created_at=datetime(2027, 1, 1, tzinfo=UTC))
    write_model("park-species", Task.SPECIES, view_trials=(certain,))
    page = open_page()
    assert page.slider(key="identify_views").value == 2
    captions = "\n".join(caption.value for caption in page.caption)
    assert "2 views (with the mirror image): +2.0 points (95 % CI 1.0 to 3.0), 1.7 × the time." in captions
    assert "1 view: more views do not help this model" in captions
    page.slider(key="identify_views").set_value(5).run()
    page.selectbox(key="identify_species").set_value("newer-species").run()
    assert not page.exception
    assert page.slider(key="identify_views").value == 1


def test_an_upload_is_decoded_once_for_the_models_and_once_for_the_screen(open_page, two_models, image, monkeypatch):
    decoded = []
    prepare = JpegImageFile.load_prepare

    def count(image):
        decoded.append(image.size)
        prepare(image)

    monkeypatch.setattr(JpegImageFile, "load_prepare", count)
    page = upload(open_page(), fox=image(40, 210, 40, size=(2016, 1512)))
    once_each = [(504, 378), (1008, 756)]  # the scale that training reads, and that of the screen
    assert decoded == once_each
    for key, value in (("identify_views", 5), ("identify_named_park-species", 0.1), ("identify_views", 2)):
        page.slider(key=key).set_value(value).run()
    page.toggle(key="identify_heat_map_fox.jpg").set_value(True).run()
    page.segmented_control(key="identify_aggregation").set_value("mean_probability").run()
    assert not page.exception
    assert headings(page)[0].startswith(":material/pets: fox")
    assert decoded == once_each


def test_models_of_two_data_sets_get_a_warning(open_page, write_model):
    write_model("park-empty", Task.EMPTY, dataset="park")
    write_model("hill-species", Task.SPECIES, dataset="hill")
    assert "different data sets" in open_page().warning[0].value
