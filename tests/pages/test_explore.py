"""The Explore page: every section on the demo data, its address, and what it does where something is missing."""

import shutil
from dataclasses import replace
from functools import partial
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from pages.widgets.explore_links import SECTIONS, Group, Section
from tests.pages.open_page import open_page
from tests.similar import write_similar
from wildcam.changed import changed
from wildcam.data.catalog import Dataset, Status, build_index, open_dataset, save_dataset, update_status
from wildcam.data.labels import LabelPolicy
from wildcam.data.splits import Subset
from wildcam.settings import Settings
from wildcam.similarity.index import index_path, read_index, write_index

explore = partial(open_page, "explore")

IMAGES = 150


@pytest.fixture
def home(demo_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WILDCAM_HOME", str(demo_home))
    return demo_home


def charts(page: AppTest) -> int:
    return len(page.get("plotly_chart"))


def metrics(page: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in page.metric}


def texts(page: AppTest) -> str:
    kinds = (page.text, page.markdown, page.caption, page.info, page.success, page.warning, page.subheader)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def write(home: Path, table: pd.DataFrame, name: str = "mine") -> Dataset:
    labels = LabelPolicy.suggest(table["label"].dropna().unique())
    return save_dataset(home / "datasets", table, name=name, source="x", root=home, format="csv", labels=labels)


def test_without_a_data_set_the_page_says_how_to_get_one(new_home: Path) -> None:
    page = explore()
    assert "python -m wildcam data import" in page.info[0].value
    assert not page.selectbox


def test_explore_opens_with_the_photos_and_few_filters(home: Path) -> None:
    page = explore()
    assert len(page.get("image")) == 24
    assert [group.label for group in page.segmented_control] == ["Group", "Section"]
    assert page.segmented_control[0].options == ["Photos", "Species", "Locations and times", "Split", "Quality"]
    more = next(expander for expander in page.expander if expander.label == "More filters")
    assert {box.label for box in page.selectbox} - {box.label for box in more.selectbox} == {
        "Data set",
        "Class",
        "Location",
    }
    assert not more.proto.expanded
    chosen = explore(light="night")
    assert next(expander for expander in chosen.expander if expander.label == "More filters").proto.expanded


@pytest.mark.parametrize("section", Section)
def test_an_address_opens_its_section_in_its_group(home: Path, section: Section) -> None:
    page = explore(section=section.value)
    assert page.segmented_control(key="explore_group").value == section.group
    assert page.query_params.get("section") == section.value
    others = [control for control in page.segmented_control if control.label == "Section"]
    assert [control.value for control in others] == ([section] if len(SECTIONS[section.group]) > 1 else [])


def test_a_group_opens_with_its_first_section(home: Path) -> None:
    page = explore(section="labels")
    page.segmented_control(key="explore_group").set_value(Group.LOCATIONS).run()
    assert not page.exception
    assert page.query_params["section"] == "locations"
    page.segmented_control(key="address_section").set_value(Section.TIME).run()
    assert page.query_params["section"] == "time"
    assert page.segmented_control(key="explore_group").value == Group.LOCATIONS


def test_the_overview_has_counts_and_baselines(home: Path) -> None:
    page = explore(section="overview")
    shown = metrics(page)
    assert shown["Photos"] == str(IMAGES)
    assert shown["Always “empty”"].endswith("%")
    assert float(shown["Always “empty”"][:-1]) < float(shown["Always “animal”"][:-1])


def test_classes_can_be_narrowed_to_animals(home: Path) -> None:
    everything = explore(section="classes")
    animals = explore(section="classes", labels="animals")
    assert int(metrics(animals)["Classes"]) < int(metrics(everything)["Classes"])
    assert "empty" in everything.dataframe[1].value["label"].to_list()
    assert set(animals.dataframe[1].value["role"]) == {"animal"}


def test_bounds_of_head_and_tail_can_be_moved_and_are_in_the_address(home: Path) -> None:
    page = explore(section="classes", head="5")
    bands = page.dataframe[1].value.set_index("label")["band"]
    assert bands["empty"] == "head"
    page.number_input(key="address_head").set_value(100_000).run()
    assert page.query_params["head"] == "100000"
    assert "head" not in set(page.dataframe[1].value["band"])


def test_classes_are_counted_on_every_subset_of_the_chosen_split(home: Path) -> None:
    by_location = explore(section="classes").dataframe[1].value
    at_random = explore(section="classes", split="random").dataframe[1].value
    subsets = [subset.display for subset in Subset]
    assert set(subsets) & set(at_random) == {Subset.TRAIN.display, Subset.ID_VAL.display}
    assert (
        by_location[[subset for subset in subsets if subset in by_location]].sum(axis=1).to_list()
        == by_location["images"].to_list()
    )


def test_labels_that_may_be_one_class_are_pointed_out_and_counted_as_one(new_home: Path) -> None:
    names = ["1.jpg", "2.jpg", "3.jpg"]
    labels = ["agouti paca", "cuniculus paca", "cuniculus paca"]
    write(new_home, build_index({"image_id": names, "path": names, "label": labels}))
    page = explore(section="classes")
    assert "duplicate labels: 1 pair" in texts(page)
    page.button(key="explore_duplicate_labels").click().run()
    assert page.query_params["section"] == "labels"
    page.button(key="explore_merge_0").click().run()
    assert open_dataset(new_home / "datasets", "mine").info.labels.merged == {"agouti paca": "cuniculus paca"}
    assert "Likely duplicate labels" not in texts(page)
    assert explore(section="classes").dataframe[1].value["images"].to_list() == [3]
    page.button(key="explore_labels_reset").click().run()
    assert open_dataset(new_home / "datasets", "mine").info.labels.merged == {}


def test_of_photos_with_two_labels_the_second_is_taken_and_given_back(new_home: Path) -> None:
    names = ["1.jpg", "2.jpg", "3.jpg"]
    two = {"label": ["human", "human", "cow"], "second_label": ["cow", None, None]}
    write(new_home, build_index({"image_id": names, "path": names, **two}))
    page = explore(section="labels")
    assert "human and a second label in 1 photo: cow (1). Now the first counts." in texts(page)
    page.button(key="explore_second_0").click().run()
    assert open_dataset(new_home / "datasets", "mine").index["label"].tolist() == ["cow", "human", "cow"]
    assert "Now the second counts." in texts(page)
    page.button(key="explore_second_0").click().run()
    assert open_dataset(new_home / "datasets", "mine").index["label"].tolist() == ["human", "human", "cow"]


def test_names_of_species_are_given_as_a_table_and_shown_beside_the_labels(new_home: Path) -> None:
    names = ["1.jpg", "2.jpg"]
    write(new_home, build_index({"image_id": names, "path": names, "label": ["vulpes vulpes", "empty"]}))
    page = explore(section="labels")
    page.get("file_uploader")[-1].set_value(("names.csv", b"label,common_name\nVulpes vulpes,fox\n", "text/csv")).run()
    page.button(key="explore_names_store").click().run()
    assert not page.exception
    gallery = explore(section="photos")
    assert [text.value for text in gallery.text][1::2] == ["fox, vulpes vulpes", "empty"]
    assert "fox, vulpes vulpes" in gallery.selectbox(key="address_class").options
    page = explore(section="classes")
    table = page.dataframe[1].value.set_index("label")
    assert table.loc["vulpes vulpes", "common_name"] == "fox"
    assert "scientific_name" not in table
    assert "fox, vulpes vulpes" in page.get("plotly_chart")[0].proto.spec


def test_empty_images_are_shown_by_location_hour_and_month(home: Path) -> None:
    page = explore(section="empty", order="most_empty")
    assert charts(page) == 3
    assert "95 % CI" in texts(page)
    assert "Locations nearly always empty: " in "".join(expander.label for expander in page.expander)


@pytest.mark.parametrize(
    ("policy", "sentence"),
    [
        ("location", "share no location with training"),
        ("random", "training locations are also used for evaluation"),
        ("sequence", "training locations are also used for evaluation"),
    ],
)
def test_each_split_says_whether_it_tests_new_locations(home: Path, policy: str, sentence: str) -> None:
    page = explore(section="split", split=policy)
    assert sentence in texts(page)
    assert charts(page) == 1


def test_the_leak_of_a_random_split_is_shown_pair_by_pair(home: Path) -> None:
    page = explore(section="split", split="random")
    assert "within 60 seconds of a training photo" in texts(page)
    assert len(page.get("image")) >= 4
    assert "Examples of leakage" not in texts(explore(section="split", split="location"))


def test_locations_are_counted_and_mapped(home: Path) -> None:
    assert charts(explore(section="locations")) == 2


def test_time_has_hours_months_species_and_locations(home: Path) -> None:
    page = explore(section="time")
    assert charts(page) == 4
    assert metrics(page)["Infrared"] == "–"


def test_a_data_set_without_times_says_so(new_home: Path) -> None:
    write(new_home, build_index({"image_id": ["1"], "path": ["1.jpg"], "label": ["fox"]}))
    assert "no dates or times" in explore(section="time").info[0].value


def test_a_split_that_cannot_be_made_says_what_to_choose(new_home: Path) -> None:
    names = ["1.jpg", "2.jpg"]
    write(new_home, build_index({"image_id": names, "path": names, "label": ["fox", "empty"]}))
    page = explore(section="split")
    assert "or import a column with locations" in page.info[-1].value
    assert explore(section="classes").dataframe[1].value["label"].to_list() == ["empty", "fox"]


def test_the_gallery_pages_through_all_images(home: Path) -> None:
    page = explore(section="photos")
    first = page.get("image")[0].value
    assert len(page.get("image")) == 24
    page.get("pagination")[0].set_value(7).run()
    assert page.query_params["page"] == "7"
    assert len(page.get("image")) == IMAGES - 6 * 24
    assert page.get("image")[0].value != first


def test_another_filter_starts_at_the_first_page_again(home: Path) -> None:
    page = explore(section="photos", page="3")
    page.selectbox(key="address_class").set_value("empty").run()
    assert page.query_params["class"] == "empty"
    assert "page" not in page.query_params
    captions = [text.value.split("\n")[0] for text in page.text]
    assert set(captions) == {"empty"}


def test_a_photo_is_opened_and_left_again(home: Path) -> None:
    page = explore(section="photos", page="2")
    opener = next(button for button in page.button if button.label == "Open")
    opener.click().run()
    assert "image" in page.query_params
    assert "25 of 150" in texts(page)
    page.button(key="explore_next").click().run()
    assert "26 of 150" in texts(page)
    page.button(key="explore_back").click().run()
    assert page.query_params["page"] == "2"
    assert "image" not in page.query_params


def test_images_are_filtered_by_subset_light_and_day(home: Path) -> None:
    counts = [
        int(texts(explore(section="photos", split="random", **filters)).split("**")[1].split()[0])
        for filters in (
            {"subset": "train"},
            {"subset": "id_val"},
            {"light": "day"},
            {"light": "night"},
        )
    ]
    assert 0 < counts[1] < counts[0] < IMAGES
    assert counts[2] + counts[3] == IMAGES
    first = explore(section="photos").date_input[0].min
    page = explore(section="photos", to=f"{first:%Y-%m-%d}")
    assert {text.value.split("\n")[2][:10] for text in page.text} == {f"{first:%Y-%m-%d}"}
    assert page.date_input[1].value == first
    assert explore(section="photos", to="1999-01-01").date_input[1].value is None


def test_a_burst_can_be_one_card_and_opens_with_its_others(home: Path) -> None:
    page = explore(section="photos", bursts="yes")
    several = next(text.value for text in page.text if "photos" in text.value)
    opener = next(
        button
        for text, button in zip(page.text, [b for b in page.button if b.label == "Open"], strict=True)
        if text.value == several
    )
    opener.click().run()
    others = int(several.split("\n")[-1].split()[0]) - 1
    assert len([button for button in page.button if button.label == "Open"]) == others


def test_boxes_of_the_detector_are_outlined_from_a_minimum_confidence(home: Path) -> None:
    index = open_dataset(home / "datasets", "demo").index
    confident = index.loc[index["detector_confidence"].idxmax(), "image_id"]
    page = explore(section="photos", image=confident)
    boxes = next(caption.value for caption in page.caption if "boxes" in caption.value)
    assert "animal" in boxes
    before = page.get("image")[0].value
    page.slider(key="gallery_least_confidence").set_value(1.0).run()
    assert page.get("image")[0].value != before


def test_one_photo_is_shown_under_training_s_augmentation_and_the_voting_views(home: Path) -> None:
    page = explore(section="augmentation", preset="empty_cnn", views="3")
    assert len(page.get("image")) == 8 + 3
    first = page.get("image")[0].value
    page.number_input(key="address_seed").set_value(7).run()
    assert page.get("image")[0].value != first
    page.button(key="explore_another").click().run()
    assert "image" in page.query_params


def test_without_a_readable_image_there_is_nothing_to_change(new_home: Path) -> None:
    dataset = write(new_home, build_index({"image_id": ["1"], "path": ["1.jpg"], "label": ["fox"]}))
    update_status(dataset, [Status.MISSING])
    assert "can be read" in explore(section="augmentation").info[0].value


def test_what_cannot_be_read_is_a_card_with_its_reason(new_home: Path) -> None:
    (new_home / "bad.jpg").write_bytes(b"no photo")
    names = ["bad.jpg", "gone.jpg"]
    dataset = write(new_home, build_index({"image_id": names, "path": names, "label": ["fox", None]}))
    update_status(dataset, pd.Series([Status.UNREADABLE, Status.MISSING]).astype(str))
    page = explore(section="photos")
    assert "bad.jpg is not a photo" in texts(page)
    assert "gone.jpg is missing" in texts(page)
    assert "gone.jpg" not in texts(explore(section="photos", file="unreadable"))
    assert "bad.jpg" not in texts(explore(section="photos", **{"class": "no_label"}))


def test_names_with_markup_are_shown_as_they_are(new_home: Path) -> None:
    label = "*fox* <b>x</b> :red[y]"
    table = build_index({"image_id": ["1"], "path": ["1.jpg"], "label": [label], "location": ["_cam_"]})
    write(new_home, table)
    page = explore(section="photos")
    assert page.text[-1].value == f"{label}\nlocation _cam_"
    assert all(label not in str(markdown.value) for markdown in [*page.markdown, *page.caption])


def test_a_subset_of_the_source_with_markup_is_named_as_it_is(new_home: Path) -> None:
    names = [f"{number}.jpg" for number in range(3)]
    subsets = ["train", "val", "[x](y)"]
    columns = {"image_id": names, "path": names, "label": ["fox", "fox", "empty"], "given_split": subsets}
    write(new_home, build_index(columns))
    page = explore(section="split", split="given")
    assert "\\[x\\]\\(y\\)" in page.warning[0].value


def test_the_import_report_tells_source_labels_and_remarks(home: Path) -> None:
    assert "iWildCam 2020" in texts(explore(section="import_report"))
    table = explore(section="labels").dataframe[0].value
    assert table.set_index("label").loc["human", "role"] == "other"


def test_the_address_chooses_data_set_and_section(new_home: Path) -> None:
    for name in ("first", "second"):
        write(new_home, build_index({"image_id": ["1"], "path": ["1.jpg"], "label": [name]}), name)
    page = explore(dataset="second", section="classes")
    assert page.selectbox(key="address_dataset").value == "second"
    assert page.dataframe[1].value["label"].to_list() == ["second"]
    page.selectbox(key="address_dataset").set_value("first").run()
    assert page.query_params["dataset"] == "first"
    assert page.dataframe[1].value["label"].to_list() == ["first"]


def test_an_unknown_data_set_or_section_in_the_address_is_replaced_with_a_warning(home: Path) -> None:
    page = explore(dataset="gone", section="nowhere", page="x")
    assert "does not exist" in page.warning[0].value
    assert page.query_params["dataset"] == "demo"
    assert f"**{IMAGES} photos**" in texts(page)


def test_a_changed_catalog_is_read_again(new_home: Path) -> None:
    names = ["1.jpg"]
    dataset = write(new_home, build_index({"image_id": names, "path": names, "label": ["fox"]}))
    assert metrics(explore(section="overview"))["Missing files"] == "0"
    update_status(dataset, pd.Series([Status.MISSING.value]))
    assert metrics(explore(section="overview"))["Missing files"] == "1"


def test_a_photo_is_confirmed_corrected_and_its_label_counts(home: Path) -> None:
    dataset = open_dataset(home / "datasets", "demo")
    row = dataset.index[dataset.index["role"] == "animal"].iloc[0]
    page = explore(section="photos", image=row["image_id"])
    page.button(key=f"review_confirm_{row['path']}").click().run()
    assert "Confirmed" in page.info[0].value
    box = next(box for box in page.selectbox if box.label == "Label")
    other = next(label for label in box.options if label not in ("empty", row["label"]))
    box.set_value(other)
    next(button for button in page.button if button.label == "Save correction").click().run()
    assert not page.exception
    assert f"Corrected to {other}" in page.info[0].value
    assert open_dataset(home / "datasets", "demo").rows_of([row["image_id"]])["label"].tolist() == [other]
    page.button(key=f"review_withdraw_{row['path']}").click().run()
    assert open_dataset(home / "datasets", "demo").index["label"].tolist() == dataset.index["label"].tolist()


def test_photos_that_were_not_compared_get_a_sentence_and_a_button(home: Path) -> None:
    shutil.rmtree(home / "cache" / "similarity", ignore_errors=True)
    page = explore(section="similarity")
    assert "have not been compared yet" in texts(page)
    assert page.button(key="explore_similarity_start").label == "Find similar photos"
    assert not charts(page)


def test_alike_photos_are_drawn_listed_and_opened(home: Path) -> None:
    index = write_similar(Settings(home=home), open_dataset(home / "datasets", "demo"))
    page = explore(section="similarity", found="outlier")
    assert charts(page) == 1
    opener = next(button for button in page.button if str(button.key).startswith("explore_alike_"))
    opener.click().run()
    photo = page.query_params["image"]
    assert "More like this" in texts(page)
    assert f"similarity {index.like(photo)['similarity'].iloc[0]:.2f}" in texts(page)
    shutil.rmtree(home / "cache" / "similarity")


def test_new_photos_since_the_comparison_are_said(home: Path) -> None:
    write_similar(Settings(home=home), open_dataset(home / "datasets", "demo"))
    path = index_path(Settings(home=home), "demo")
    index = read_index(path)
    write_index(path, replace(index, info=changed(index.info, photos_key="0123")))
    assert "Compare again" in explore(section="similarity").warning[0].value
    path.unlink()
