"""Results of other programs: each form of the files, and what is odd in them."""

import json
from pathlib import Path

import pytest

from wildcam.architectures.presets import Task
from wildcam.data.importers.contract import Remarks
from wildcam.data.label_words import Meaning
from wildcam.errors import DataError
from wildcam.predictions.external.answers import ExternalAnswer, ExternalResults
from wildcam.predictions.external.results_file import read_results
from wildcam.predictions.external.taxon_name import TaxonName

DEER = "5c7ce479-8a45-40b3-ae21-7c97dfae22f5;mammalia;cetartiodactyla;cervidae;odocoileus;virginianus;white-tailed deer"
FAMILY = "5c7ce479-8a45-40b3-ae21-7c97dfae22f6;mammalia;cetartiodactyla;cervidae;;;cervidae family"
BLANK = "f1856211-cfb7-4a5b-9158-c0f72fd09ee6;;;;;;blank"
NO_RESULT = "f2efdae9-efb8-48fb-8a91-eccf79ab4ffb" + ";no cv result" * 6


def read(tmp_path: Path, content: object) -> ExternalResults:
    path = tmp_path / "results.json"
    path.write_text(json.dumps(content))
    return read_results(path, Remarks())


def by_photo(results: ExternalResults) -> dict[str, ExternalAnswer]:
    return {answer.photo.path or str(answer.photo.image_id): answer for answer in results.answers}


@pytest.mark.parametrize(
    ("text", "taxonomy", "common", "scientific", "meaning"),
    [
        (DEER, "", "white-tailed deer", "odocoileus virginianus", None),
        (FAMILY, "", "cervidae family", "", Meaning.ANIMAL),
        (BLANK, "", "blank", "", Meaning.EMPTY),
        (NO_RESULT, "", "no cv result", "no cv result no cv result", Meaning.NOT_SEEN),
        ("white-tailed deer", DEER, "white-tailed deer", "odocoileus virginianus", None),
        (
            "deer",
            "mammalia;cetartiodactyla;cervidae;odocoileus;odocoileus virginianus",
            "deer",
            "odocoileus virginianus",
            None,
        ),
        ("fox", "", "fox", "", None),
        ("human", "1;mammalia;primates;hominidae;homo;sapiens;human", "human", "homo sapiens", Meaning.PERSON),
        ("1f689929-883d-4dae-958c-3d57ab5b6c16;;;;;;animal", "", "animal", "", Meaning.ANIMAL),
    ],
)
def test_a_name_is_a_species_a_higher_rank_or_something_else(
    text: str, taxonomy: str, common: str, scientific: str, meaning: Meaning | None
) -> None:
    name = TaxonName.parse(text, taxonomy)
    assert (name.common, name.scientific) == (common, scientific)
    assert name.meaning is meaning


def test_speciesnet_s_own_decision_counts_and_its_failures_are_failures(tmp_path: Path) -> None:
    boxes = [{"category": "1", "label": "animal", "conf": 0.9, "bbox": [0, 0, 1, 1]}]
    results = read(
        tmp_path,
        {
            "predictions": [
                {
                    "filepath": "north\\a.jpg",
                    "classifications": {"classes": [DEER, BLANK], "scores": [0.8, 0.1]},
                    "detections": boxes,
                    "prediction": DEER,
                    "prediction_score": 0.8,
                    "prediction_source": "classifier",
                    "model_version": "4.0.1a",
                },
                {"filepath": "b.jpg", "detections": [], "prediction": BLANK, "prediction_score": 0.99},
                {"filepath": "c.jpg", "failures": ["CLASSIFIER", "DETECTOR"]},
                {"filepath": "d.jpg", "failures": ["DETECTOR"], "prediction": DEER, "prediction_score": 0.7},
                {"filepath": "e.jpg", "prediction": 5},
            ]
        },
    )
    assert (results.program, results.task, results.detection_threshold) == ("SpeciesNet 4.0.1a", Task.ALL, None)
    answers = by_photo(results)
    first = answers["north/a.jpg"]
    assert first.answer is not None
    assert (first.answer.name.common, first.answer.score) == ("white-tailed deer", 0.8)
    assert [each.score for each in first.ranked] == [0.8, 0.1]
    assert first.p_empty == pytest.approx(0.1)
    assert answers["b.jpg"].p_empty == 1
    assert answers["c.jpg"].failure == "SpeciesNet failed: CLASSIFIER, DETECTOR"
    assert answers["d.jpg"].p_empty is None  # no detector ran
    assert "cannot be read" in answers["e.jpg"].failure


def test_speciesnet_s_newer_format_answers_by_its_most_confident_detection(tmp_path: Path) -> None:
    def box(conf: float, label: str, score: float) -> dict[str, object]:
        raw = {"classes": [label], "scores": [score]}
        return {"conf": conf, "raw_classifications": raw, "processed_classification": {"class": label, "score": score}}

    results = read(
        tmp_path,
        {
            "predictions": [
                {"filepath": "a.jpg", "detections": [box(0.3, FAMILY, 0.9), box(0.8, DEER, 0.6)]},
                {"filepath": "b.jpg", "detections": [{"conf": 0.05}]},
            ]
        },
    )
    answers = by_photo(results)
    assert answers["a.jpg"].answer is not None
    assert (answers["a.jpg"].answer.name.common, answers["a.jpg"].answer.score) == ("white-tailed deer", 0.6)
    assert answers["b.jpg"].answer is not None
    assert answers["b.jpg"].answer.name.meaning is Meaning.EMPTY
    assert answers["b.jpg"].answer.score == pytest.approx(0.95)


def test_a_detector_alone_tells_empty_photos_from_others_at_the_file_s_threshold(tmp_path: Path) -> None:
    content = {
        "info": {"detector": "md_v5a", "detector_metadata": {"typical_detection_threshold": 0.5}},
        "detection_categories": {"1": "animal", "2": "person"},
        "images": [
            {"file": "a.jpg", "detections": [{"category": "1", "conf": 0.5, "bbox": [0, 0, 1, 1]}]},
            {"file": "b.jpg", "detections": [{"category": "1", "conf": 0.49, "bbox": [0, 0, 1, 1]}]},
            {"file": "c.jpg", "detections": [{"category": "1", "conf": -0.9, "bbox": [0, 0, 1, 1]}]},
            {"file": "d.jpg", "detections": None, "failure": "image access failure"},
            {"id": "e", "detections": []},
        ],
    }
    results = read(tmp_path, content)
    assert (results.program, results.task, results.detection_threshold) == ("md_v5a", Task.EMPTY, 0.5)
    meanings = {photo: each.answer.name.meaning for photo, each in by_photo(results).items() if each.answer}
    assert meanings == {"a.jpg": Meaning.ANIMAL, "b.jpg": Meaning.EMPTY, "c.jpg": Meaning.EMPTY, "e": Meaning.EMPTY}
    assert by_photo(results)["b.jpg"].p_empty == pytest.approx(0.51)
    assert by_photo(results)["d.jpg"].failure == "image access failure"


def test_a_classifier_behind_a_detector_names_the_most_confident_box(tmp_path: Path) -> None:
    content = {
        "info": {"detector": "md_v5a", "classifier": "deepfaune"},
        "detection_categories": {"1": "animal", "2": "person"},
        "classification_categories": {"0": "fox", "1": "white-tailed deer"},
        "classification_category_descriptions": {"1": DEER},
        "images": [
            {
                "file": "a.jpg",
                "detections": [
                    {"category": "1", "conf": 0.3, "bbox": [0, 0, 1, 1], "classifications": [["0", 0.99]]},
                    {"category": "1", "conf": 0.9, "bbox": [0, 0, 1, 1], "classifications": [["0", 0.2], ["1", 0.7]]},
                ],
            },
            {"file": "b.jpg", "detections": [{"category": "1", "conf": 0.9, "bbox": [0, 0, 1, 1]}]},
        ],
    }
    results = read(tmp_path, content)
    assert (results.program, results.task, results.detection_threshold) == ("md_v5a + deepfaune", Task.ALL, 0.2)
    first = by_photo(results)["a.jpg"]
    assert first.answer is not None
    assert (first.answer.name.scientific, first.answer.score) == ("odocoileus virginianus", 0.7)
    assert [each.name.common for each in first.ranked] == ["white-tailed deer", "fox"]
    second = by_photo(results)["b.jpg"].answer
    assert second is not None
    assert second.name.meaning is Meaning.ANIMAL


def test_addaxai_s_species_are_categories_and_the_detector_s_confidence_decides(tmp_path: Path) -> None:
    box = {"bbox": [0, 0, 1, 1], "prev_category": "1"}
    content = {
        "detection_categories": {"1": "animal", "4": "badger", "5": "fox"},
        "images": [
            {
                "file": "a.jpg",
                "detections": [
                    {"category": "4", "conf": 0.99, "prev_conf": 0.25, **box},
                    {"category": "5", "conf": 0.6, "prev_conf": 0.8, **box},
                ],
            },
        ],
    }
    results = read(tmp_path, content)
    assert results.task is Task.ALL
    (only,) = results.answers
    assert only.answer is not None
    assert (only.answer.name.common, only.answer.score, only.p_empty) == ("fox", 0.6, pytest.approx(0.2))


def test_an_odd_box_is_left_out_and_counted_and_the_photo_is_answered_by_the_others(tmp_path: Path) -> None:
    good = {"category": "1", "conf": "0,9", "bbox": [0, 0, 1, 1], "classifications": [["0", "0.8"]]}
    content = {
        "detection_categories": {"1": "animal"},
        "classification_categories": {"0": "fox"},
        "images": [
            {"file": "a.jpg", "detections": [good, {"category": "1", "bbox": [0, 0, 1, 1]}, 3]},
            {"file": "b.jpg", "detections": [{"category": "1", "conf": 7, "bbox": [0, 0, 1, 1]}]},
            {"file": "c.jpg", "detections": [good | {"classifications": "fox"}]},
        ],
    }
    path, remarks = tmp_path / "results.json", Remarks()
    path.write_text(json.dumps(content))
    answers = by_photo(read_results(path, remarks))
    assert [answers[f"{name}.jpg"].answer.name.common for name in "abc"] == ["fox", "empty", "animal"]
    assert answers["a.jpg"].p_empty == pytest.approx(0.1)
    assert {remark.what.split(":")[0]: remark.count for remark in remarks.all()} == {
        "box without a category, a confidence or four numbers": 2,
        "box with a confidence above 1": 1,
        "box whose classifications cannot be read": 1,
    }


def test_a_folder_is_no_file_of_results(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is a folder: expected a file"):
        read_results(tmp_path, Remarks())


@pytest.mark.parametrize(
    "content",
    [{"images": [], "annotations": []}, {"labels": []}, [], {"images": 3}],
    ids=["a data set", "something else", "a list", "images that are none"],
)
def test_a_file_without_results_is_refused_with_what_was_expected(tmp_path: Path, content: object) -> None:
    with pytest.raises(DataError, match=r"results\.json .*expected another program's results"):
        read(tmp_path, content)
