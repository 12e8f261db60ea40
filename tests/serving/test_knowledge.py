from wildcam.architectures.presets import Task
from wildcam.serving.card import CROSS_VALIDATION, Score
from wildcam.serving.knowledge import Estimate, Knowledge, SourceUse, describe_knowledge, table_of

UNSEEN = Estimate(metric="unseen_named", value=0.08, low=0.03, high=0.14, images=400)


def test_a_pair_says_what_it_learned_from_and_how_often_it_is_wrong_on_unseen_species():
    source = SourceUse(source="farm", images=90, licence="MIT")
    stage_1 = Knowledge(images=1200, locations=17, species=0, sources=(source,))
    stage_2 = Knowledge(images=800, locations=17, species=60, left_out=(UNSEEN,))
    text = describe_knowledge(stage_1, stage_2)
    for part in ("1,200 photos", "17 locations (1 source)", "60 species", "8% of the photos (3% to 14%)"):
        assert part in text


def test_a_pair_that_does_not_know_says_nothing():
    assert describe_knowledge(None, Knowledge(images=1, locations=1, species=2)) == ""


def test_the_table_has_a_row_a_score():
    assert table_of([UNSEEN]) == [
        {
            "score": "Photos of species never seen that got a wrong name",
            "value (95 % CI)": "0.08 (0.03 to 0.14)",
            "photos": 400,
        }
    ]


def test_a_card_says_whether_its_curves_are_of_validation_or_of_a_cross_validation(make_card):
    scores = [Score(subset=subset, metric="accuracy", value=0.9, images=9) for subset in ("val", CROSS_VALIDATION)]
    assert make_card(Task.EMPTY, scores=scores[:1]).measured_on == "validation"
    assert make_card(Task.EMPTY, scores=scores).measured_on == "cross-validation"
