"""Every study from its size to its verdict, on models whose answers are known."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from wildcam.architectures.presets import Task
from wildcam.data.splits import SplitPolicy
from wildcam.errors import RunError, UsageError
from wildcam.runs.facts import TrainFacts
from wildcam.runs.run import Run
from wildcam.runs.states import State
from wildcam.runs.store import RunStore
from wildcam.serving.tta import ViewSet
from wildcam.settings import PROJECT_DIR
from wildcam.studies import context
from wildcam.studies.catalog import STUDIES, command
from wildcam.studies.look_closer import ClosePair
from wildcam.studies.result import FOLDER, StudyResult, StudySize, read_result
from wildcam.studies.run_study import RUNNERS, run_study
from wildcam.training.recipe import ImbalanceStrategy, Recipe, Weights

Answer = Callable[[str], StudyResult]
EIGHT = f"8 views ({ViewSet.LIGHT.display})"


def values(result: StudyResult, score: str) -> dict[str, float]:
    return {figure.condition: figure.value for figure in result.found.figures if figure.score == score}


def test_every_study_has_a_runner() -> None:
    assert list(RUNNERS) == list(STUDIES)


def test_the_gap_is_explained_where_clean_images_close_it(answer: Answer, trainings: list[Recipe]) -> None:
    result = answer("loss_gap")
    assert result.found.decided
    assert result.found.verdict.startswith(
        "Yes: on clean training photos the gap of +0.300 (+0.300 to +0.300) becomes -0.200 (-0.200 to -0.200)"
    )
    assert "account for +0.500 (+0.500 to +0.500) of the training loss" in result.found.verdict
    assert {recipe.split for recipe in trainings} == {SplitPolicy.RANDOM}
    assert [recipe.augmentation.rotation_degrees > 0 for recipe in trainings] == [True, True, False, False]
    assert values(result, "clean training loss")["with augmentation and dropout"] == pytest.approx(0.505)
    assert len(result.found.curves) == 2 * 3 * 2  # conditions, curves, epochs


def test_views_of_one_colour_change_nothing(answer: Answer, trainings: list[Recipe]) -> None:
    result = answer("tta")
    assert not result.found.decided
    assert result.found.verdict.count("not decided at this size") == 4  # of either split, designed and random
    assert result.found.verdict.startswith("4 designed views by vote vs. one view: +0.0 points (95 % CI +0.0 to +0.0)")
    accuracy = values(result, "accuracy, new locations")
    several = ("2 views (photo and mirror)", *(f"4 views ({each.display})" for each in ViewSet), EIGHT)
    ways = ("majority vote", "mean probability")
    assert set(accuracy) == {"1 view", *(f"{name}, {way}" for name in several for way in ways)}
    assert len(set(accuracy.values())) == 1
    cost = values(result, "milliseconds a photo")
    assert cost[EIGHT] > cost["1 view"] > 0
    assert len({recipe.max_train_images for recipe in trainings}) == 1  # the splits train on equally many


def test_two_stages_win_where_the_one_model_cannot_tell(answer: Answer, trainings: list[Recipe]) -> None:
    result = answer("two_stage")
    assert result.found.decided
    assert result.found.verdict.endswith("two stages is better.")
    shares = values(result, "accuracy")
    assert shares == {"two stages": 0.875, "one stage": 0.75}  # the one model predicts hares as empty
    epochs = {task: next(recipe.epochs for recipe in trainings if recipe.task is task) for task in Task}
    assert (epochs[Task.EMPTY], epochs[Task.SPECIES], epochs[Task.ALL]) == (2, 2, 4)  # 2 + 2 × 3/4, rounded up


def test_without_the_weights_of_the_experiment_nothing_is_decided(answer: Answer, trainings: list[Recipe]) -> None:
    result = answer("pixels")
    assert not result.found.decided
    assert result.found.verdict.startswith("Not decided without ImageNet weights")
    assert [recipe.input_scaling for recipe in trainings] == ["raw", "raw", "normalised", "normalised"]
    assert values(result, "accuracy")["always fox"] == 0.5


def test_with_the_weights_of_the_experiment_the_reported_collapse_is_held_against_the_interval(
    answer: Answer, trainings: list[Recipe], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(context.StudyContext, "weights_for", lambda *_: Weights.IMAGENET)
    verdict = answer("pixels").found.verdict
    low = next(figure.low for figure in answer("pixels").found.figures if figure.condition == "normalised first")
    assert f"the reported 11.6% is {'outside' if low > 0.116 else 'within'} the interval of pixels" in verdict


def test_a_split_that_is_not_optimistic_is_not_said_to_be(answer: Answer, trainings: list[Recipe]) -> None:
    result = answer("split")
    assert not result.found.decided
    assert result.found.verdict.endswith("not decided at this size.")
    assert set(values(result, "accuracy")) == {"a random split", "new locations"}
    assert (
        "2 locations (few locations, so the intervals are rather too narrow), subset test of the location split"
        in result.found.evaluated_on
    )


def test_every_strategy_is_compared_with_none(answer: Answer, trainings: list[Recipe]) -> None:
    result = answer("imbalance")
    assert {recipe.imbalance_strategy for recipe in trainings} == set(ImbalanceStrategy)
    assert not result.found.decided
    assert len(values(result, "macro-F1")) == len(ImbalanceStrategy)


def test_without_evidence_no_closer_look_is_taken(answer: Answer, trainings: list[Recipe]) -> None:
    result = answer("look_closer")
    assert not result.found.decided
    assert result.found.verdict == "Not decided: models of the preset small_cnn show no evidence."
    assert {recipe.task for recipe in trainings} == {Task.EMPTY, Task.SPECIES}


@pytest.mark.parametrize("evidence", [True], ids=["with_evidence"])
def test_a_closer_look_at_one_colour_changes_nothing(answer: Answer, trainings: list[Recipe]) -> None:
    result = answer("look_closer")
    assert result.found.verdict.startswith("Both vs. whole photo: +0.0 points (95 % CI +0.0 to +0.0) in accuracy")
    accuracy = values(result, "accuracy")
    assert set(accuracy) == {"whole photo", "closer look alone", "both"}
    assert len(set(accuracy.values())) == 1
    assert 0 < accuracy["both"] < 1  # some labels are wrong
    by_location = [figure for figure in result.found.figures if figure.score.startswith("accuracy at c")]
    assert len(by_location) == 2 * 3  # locations, ways
    cost = values(result, "milliseconds a photo")
    assert cost["both"] > cost["whole photo"] > 0
    weight = "0.5, the default, not measured"
    assert result.found.notes[1] == f"Weight of the closer look: {weight}; {weight}."


@pytest.mark.parametrize(
    ("weight", "preferred", "said"),
    [
        (0.3, 0.3, "0.3, by validation"),
        (0.5, 0.0, "0.5, the default, for validation prefers no closer look"),
        (0.5, None, "0.5, the default, not measured"),
    ],
)
def test_a_default_weight_is_not_said_to_be_of_validation(weight: float, preferred: float | None, said: str) -> None:
    probabilities = np.zeros((1, 2), np.float32)
    pair = ClosePair(("deer", "fox"), probabilities, probabilities, weight, preferred, [1.0], [1.0])
    assert pair.weight_with_origin() == said


def test_what_is_trained_is_not_trained_again(answer: Answer, trainings: list[Recipe], store: RunStore) -> None:
    first = answer("split")
    trained = len(trainings)
    assert (trained, first.trained) == (4, 4)
    again = answer("split")
    assert (again.runs, again.trained) == (first.runs, 0)
    answer("tta")  # the same trainings
    assert len(trainings) == trained
    assert read_result(store.settings.home / FOLDER, "split").found == first.found


def test_a_training_on_other_images_is_none(answer: Answer, trainings: list[Recipe], store: RunStore) -> None:
    answer("split")
    for run in store.all():
        store.write_facts(run.id, TrainFacts(split_fingerprint="0" * 12))
    answer("split")
    assert len(trainings) == 8


def test_a_random_split_cannot_be_the_one_to_compare_with() -> None:
    with pytest.raises(ValidationError, match="a random split is the baseline of the studies"):
        StudySize(split=SplitPolicy.RANDOM)


def test_a_training_that_fails_ends_the_study_with_a_sentence(
    store: RunStore, trainings: list[Recipe], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = context.submit

    def fail(store: RunStore, recipe: Recipe, name: str) -> Run:
        run = whole(store, recipe, name)
        store.mark(run.id, State.FAILED, "The disk is full.")
        return store.get(run.id)

    monkeypatch.setattr(context, "submit", fail)
    with pytest.raises(RunError, match="is failed: mend the cause and start the study again"):
        run_study(store, "split", StudySize(dataset="park", epochs=1, seeds=1), lambda store, run: run)
    assert read_result(store.settings.home / FOLDER, "split") is None


def test_stage_1_is_studied_only_where_that_makes_sense(store: RunStore, trainings: list[Recipe]) -> None:
    stage_1 = StudySize(dataset="park", task=Task.EMPTY, epochs=2, seeds=1)
    with pytest.raises(UsageError, match="has the task species"):
        run_study(store, "imbalance", stage_1, lambda store, run: run)
    result = run_study(store, "tta", stage_1, lambda store, run: run)
    assert values(result, "accuracy, new locations")["1 view"] == 1  # what is dark is empty
    split = run_study(store, "split", stage_1, lambda store, run: run)
    assert {figure.score for figure in split.found.figures} == {"accuracy", "macro-F1"}  # there is no tail
    assert result.command == "python -m wildcam study tta --dataset park --task empty --epochs 2 --seeds 1"


def test_the_command_names_what_differs() -> None:
    assert command("split", StudySize()) == "python -m wildcam study split"


KEPT = PROJECT_DIR / "docs" / "studies"


@pytest.mark.parametrize("path", sorted(KEPT.rglob("*.json")), ids=lambda path: str(path.relative_to(KEPT)))
def test_the_results_that_come_with_the_product_can_be_read(path: Path) -> None:
    assert read_result(path.parent, path.stem).study in STUDIES


def test_every_study_comes_with_a_result() -> None:
    assert {path.stem for path in KEPT.glob("*.json")} == set(STUDIES)


def test_a_damaged_result_is_no_result(tmp_path: Path) -> None:
    (tmp_path / "tta.json").write_text("{")
    assert read_result(tmp_path, "tta") is None
