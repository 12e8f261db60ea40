import numpy as np
import pytest

from wildcam.serving.two_stage import Aggregation, Thresholds, VerdictSource, decide, failed, is_empty, name_species

CLASSES = ("deer", "fox", "hare")


def species_rows(*winners, share=0.6):
    """One view a winner: it gets `share`, the others the rest in equal parts."""
    rows = np.full((len(winners), len(CLASSES)), (1 - share) / (len(CLASSES) - 1), np.float32)
    rows[range(len(winners)), [CLASSES.index(name) for name in winners]] = share
    return rows


def decide_views(p_empty, species=None, thresholds=None, **options):
    return decide(
        p_empty=np.array(p_empty, np.float32),
        species_probabilities=species,
        classes=CLASSES,
        thresholds=thresholds or Thresholds(),
        **options,
    )


@pytest.mark.parametrize(
    ("p_empty", "threshold", "expected"),
    [
        ([0.9, 0.9, 0.9, 0.9], 0.5, (True, 4, False)),
        ([0.6, 0.6, 0.6, 0.0], 0.5, (True, 3, False)),  # the mean says animal, the majority empty
        ([0.4, 0.4, 0.4, 1.0], 0.5, (False, 3, False)),  # and the other way round
        ([0.1, 0.1, 0.1, 0.1], 0.5, (False, 4, False)),
        ([0.9, 0.9, 0.4, 0.4], 0.5, (True, 2, True)),  # mean 0.65
        ([0.6, 0.6, 0.1, 0.1], 0.5, (False, 2, True)),  # mean 0.35
        ([0.95, 0.95, 0.6, 0.6], 0.9, (False, 2, True)),  # mean 0.775: above a half, below the threshold
        ([0.25, 0.25, 0.1, 0.3], 0.2, (True, 3, False)),
        ([0.5], 0.5, (True, 1, False)),  # the threshold itself is empty
        ([0.49], 0.5, (False, 1, False)),
    ],
)
def test_stage_1_answers_by_the_majority_and_a_tie_by_the_mean(p_empty, threshold, expected):
    assert is_empty(p_empty=np.array(p_empty, np.float32), threshold=threshold) == expected


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (species_rows("fox", "fox", "fox", "deer"), (1, 3, False)),
        (species_rows("fox", "fox", "deer", "hare"), (1, 2, False)),
        (np.array([[0.5, 0.4, 0.1], [0.5, 0.4, 0.1], [0.1, 0.9, 0], [0.1, 0.9, 0]]), (1, 2, True)),  # fox leads by mean
        (np.array([[0.9, 0.1, 0], [0.9, 0.1, 0], [0.4, 0.6, 0], [0.4, 0.6, 0]]), (0, 2, True)),  # deer leads by mean
        # Two deer, two foxes, and a hare with the highest mean of all but no vote.
        (np.array([[0.51, 0, 0.49], [0.51, 0, 0.49], [0, 0.52, 0.48], [0, 0.52, 0.48]]), (1, 2, True)),
        (species_rows("hare", "fox", "deer"), (0, 1, True)),  # equal in everything: the first class
        (species_rows("hare"), (2, 1, False)),
    ],
)
def test_stage_2_answers_by_the_majority_and_a_tie_by_the_mean_of_the_leading(rows, expected):
    assert name_species(probabilities=rows.astype(np.float32)) == expected


def test_the_mean_can_decide_instead_of_the_vote():
    assert is_empty(p_empty=np.array([0.4, 0.4, 0.4, 1.0]), threshold=0.5, aggregation=Aggregation.MEAN)[:2] == (
        True,
        1,
    )
    rows = np.array([[0.51, 0, 0.49], [0.51, 0, 0.49], [0, 0.52, 0.48], [0, 0.52, 0.48]])
    assert name_species(probabilities=rows, aggregation=Aggregation.MEAN) == (2, 0, False)


def test_an_empty_verdict_needs_no_second_stage():
    verdict = decide_views([0.9, 0.8, 0.7, 0.2])
    assert (verdict.label, verdict.source, verdict.agreement, verdict.ties) == ("empty", VerdictSource.STAGE_1, 3, ())
    assert verdict.confidence == verdict.p_empty == pytest.approx(0.65)
    assert verdict.sentence() == "empty, 3 of 4 views"
    assert verdict.top == ()
    assert [view.species for view in verdict.views] == [None] * 4


def test_a_species_verdict_carries_every_vote_and_the_ranking():
    verdict = decide_views([0.1, 0.6, 0.1, 0.1], species_rows("fox", "fox", "deer", "fox"))
    assert (verdict.label, verdict.source, verdict.agreement) == ("fox", VerdictSource.STAGE_2, 3)
    assert verdict.sentence() == "fox, 3 of 4 views"
    assert [view.votes_empty for view in verdict.views] == [False, True, False, False]
    assert [view.species for view in verdict.views] == ["fox", "fox", "deer", "fox"]
    assert [item.label for item in verdict.top] == ["fox", "deer", "hare"]
    assert [item.probability for item in verdict.top] == pytest.approx([0.5, 0.3, 0.2])
    assert verdict.confidence == pytest.approx(0.5)


def test_a_tie_is_reported_for_the_stage_where_it_was():
    animal_by_tie = decide_views([0.9, 0.6, 0.1, 0.1], species_rows("fox", "fox", "fox", "fox"))
    assert (animal_by_tie.label, animal_by_tie.ties) == ("fox", (VerdictSource.STAGE_1,))
    both = decide_views([0.9, 0.6, 0.1, 0.1], species_rows("fox", "fox", "deer", "deer"))
    assert both.ties == (VerdictSource.STAGE_1, VerdictSource.STAGE_2)


def test_below_the_threshold_stage_2_names_no_species():
    verdict = decide_views([0.1], species_rows("fox", share=0.38))
    assert (verdict.label, verdict.source) == ("unknown", VerdictSource.ABSTENTION)
    assert verdict.sentence() == "unknown species: fox 38%, deer 31%, hare 31%"
    assert decide_views([0.1], species_rows("fox", share=0.38), Thresholds(unknown=0.3)).label == "fox"


def test_a_second_stage_that_knows_empty_may_say_so():
    rows = np.array([[0.9, 0.1]], np.float32)
    verdict = decide(
        p_empty=np.array([0.2]), species_probabilities=rows, classes=("empty", "fox"), thresholds=Thresholds()
    )
    assert (verdict.label, verdict.source) == ("empty", VerdictSource.STAGE_2)


def test_a_failure_is_never_empty():
    verdict = failed("The file is cut off.")
    assert (verdict.label, verdict.source, verdict.p_empty) == ("failed", VerdictSource.FAILURE, None)
    assert verdict.sentence() == "failed: The file is cut off."


@pytest.mark.parametrize(
    ("p_empty", "species"),
    [
        ([], None),
        ([[0.9, 0.1]], None),
        ([float("nan"), 0.9], None),
        ([1.2], None),
        ([0.1, 0.1], None),  # an animal, and no answer of stage 2
        ([0.1, 0.1], species_rows("fox")),  # views missing
        ([0.1], species_rows("fox")[:, :2]),  # a class missing
        ([0.1], np.full((1, 3), np.nan, np.float32)),
    ],
)
def test_arrays_that_are_no_probabilities_of_the_views_are_refused(p_empty, species):
    with pytest.raises(ValueError, match=r"expected"):
        decide_views(p_empty, species)
