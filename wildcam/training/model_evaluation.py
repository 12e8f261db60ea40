"""Evaluates an exported model on images that it did not learn from, for its card."""

import statistics
import time
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wildcam.architectures.presets import Task
from wildcam.changed import changed
from wildcam.data.splits import Subset
from wildcam.evaluation.calibration import fit_temperature
from wildcam.evaluation.left_out import species_scores, stage_1_scores
from wildcam.evaluation.metrics import evaluate
from wildcam.evaluation.operating import changed_answers, empty_curve, open_set_auroc, species_curve
from wildcam.runs.facts import SubsetScores, TrainFacts
from wildcam.serving.calibration import scale_temperature
from wildcam.serving.card import CROSS_VALIDATION, UNSEEN, EmptyCurve, Score, SpeciesCurve
from wildcam.serving.classifier import Classifier
from wildcam.serving.engine import has_bfloat16
from wildcam.serving.knowledge import Estimate, GroupScore
from wildcam.serving.trials import CloserTrial, EnginePrecision, PrecisionTrial, ViewTrial
from wildcam.training.context import TrainingContext
from wildcam.training.plan import images_of
from wildcam.training.serving_trials import try_closer, try_views
from wildcam.training.trainer import Examples, HeldOut

BATCH = 64


MOST_UNSEEN_NAMED = 0.1
"""Share of the photos of species never seen that may get a wrong name: the threshold of `unknown` follows from it."""


@dataclass(frozen=True)
class Thresholds:
    """Those of a card; see its fields. The defaults hold where no cross-validation says better."""

    empty: float = 0.5
    unknown: float = 0.4


@dataclass(frozen=True)
class ModelEvaluation:
    """The evaluation's part of a model card; see its fields. The defaults are those of a model not evaluated yet."""

    temperature: float = 1.0
    scores: tuple[Score, ...] = ()
    thresholds: Thresholds = Thresholds()
    empty_curve: EmptyCurve | None = None  # of stage 1 only
    species_curve: SpeciesCurve | None = None  # of the other tasks only
    left_out: tuple[Estimate, ...] = ()
    groups: tuple[GroupScore, ...] = ()
    precision_trials: tuple[PrecisionTrial, ...] = ()
    view_trials: tuple[ViewTrial, ...] = ()
    closer_trial: CloserTrial | None = None


@dataclass(frozen=True)
class _Answers:
    """Probabilities on images that the answering model did not learn from, float32, (N, C), and their ground truth."""

    probabilities: NDArray[np.float32]
    targets: NDArray[np.int64]

    def calibrated(self, temperature: float) -> "_Answers":
        return _Answers(scale_temperature(self.probabilities, temperature), self.targets)

    @property
    def confidence(self) -> NDArray[np.float32]:
        return np.asarray(self.probabilities.max(axis=1))  # (N,)

    @property
    def right(self) -> NDArray[np.bool_]:
        return np.asarray(self.probabilities.argmax(axis=1) == self.targets)  # (N,)


def evaluate_model(context: TrainingContext, classifier: Classifier) -> ModelEvaluation:
    """Scores, calibration and curves of the model; each image as it is, without further views."""
    return _Evaluator(context, classifier).evaluate()


def decodable(examples: Examples) -> Examples:
    """Those whose images can be decoded: the others had replacements in training."""
    return examples.take(np.flatnonzero(examples.images.decodable()))


@dataclass
class _Evaluator:
    """Fits the temperature first: thresholds are read off calibrated probabilities."""

    context: TrainingContext
    classifier: Classifier
    milliseconds: list[float] = field(default_factory=list)  # of an image in each batch, without reading it
    subset_scores: dict[Subset, SubsetScores] = field(default_factory=dict)
    done: int = 0  # images so far, of all subsets

    def evaluate(self) -> ModelEvaluation:
        val = decodable(self.context.plan.val)
        validated = _Answers(self._predict(val, "validation"), val.targets)
        held_out = self.context.trainer.held_out()
        basis = validated if held_out is None else _known(held_out)
        temperature = fit_temperature(basis.probabilities, basis.targets)
        validated, basis = validated.calibrated(temperature), basis.calibrated(temperature)
        scores = self._scores(validated, temperature)
        if held_out is not None:
            scores += self._score(CROSS_VALIDATION, basis.probabilities, basis.targets)
        unseen = self._confidence_on_unseen(temperature, held_out)
        auroc = open_set_auroc(basis.confidence, unseen) if len(unseen) else None
        if auroc is not None:
            scores.append(Score(subset=UNSEEN, metric="auroc", value=auroc, images=len(unseen)))
        evaluation = self._with_left_out(
            ModelEvaluation(
                temperature=temperature,
                scores=tuple(sorted(scores, key=lambda score: score.subset)),
                empty_curve=empty_curve(basis.probabilities[:, 0], basis.targets == 0) if self._is_stage_1 else None,
                species_curve=None if self._is_stage_1 else species_curve(basis.confidence, basis.right, unseen),
            ),
            held_out,
        )
        served = self._as_served(evaluation)
        rounded = self._try_bfloat16(val, validated, temperature, evaluation.thresholds)
        evaluation = replace(
            evaluation,
            precision_trials=() if rounded is None else (rounded,),
            view_trials=try_views(served, val, self._phase),
            closer_trial=try_closer(served, val, self._phase),
        )
        self.context.job.write_facts(
            TrainFacts(
                scores=self.subset_scores,
                unseen_auroc=auroc,
                temperature=temperature,
                bfloat16_changes=rounded and rounded.changes,
                milliseconds_per_image=statistics.median(self.milliseconds),
            )
        )
        return evaluation

    @property
    def _is_stage_1(self) -> bool:
        return self.context.recipe.task is Task.EMPTY

    def _as_served(self, evaluation: ModelEvaluation) -> Classifier:
        """With the temperature and the thresholds that will be on the card."""
        thresholds = evaluation.thresholds
        card = changed(
            self.classifier.card,
            temperature=evaluation.temperature,
            empty_threshold=thresholds.empty,
            unknown_threshold=thresholds.unknown,
        )
        return self.classifier.with_card(card)

    def _scores(self, validated: _Answers, temperature: float) -> list[Score]:
        """Of validation and of the other subsets that have images."""
        validation_subset = self.context.selection.validation_subset
        scores = self._score(validation_subset, validated.probabilities, validated.targets)
        for subset in {Subset.ID_VAL, Subset.VAL, Subset.TEST} - {validation_subset}:
            examples = self._examples(self.context.selection.on(subset))
            if len(examples):
                probabilities = scale_temperature(self._predict(examples, subset), temperature)
                scores += self._score(subset, probabilities, examples.targets)
        return scores

    def _with_left_out(self, evaluation: ModelEvaluation, held_out: HeldOut | None) -> ModelEvaluation:
        """With the thresholds that cross-validation gives, and its scores at them."""
        if held_out is None:
            return evaluation
        thresholds = _thresholds(evaluation)
        probabilities = scale_temperature(held_out.probabilities, evaluation.temperature)
        if self._is_stage_1:
            left_out, groups = stage_1_scores(
                probabilities[:, 0], held_out.targets == 0, held_out.groups, thresholds.empty
            )
        else:
            known, unseen = held_out.known, np.isfinite(held_out.unseen).all(axis=1)
            left_out, groups = species_scores(
                probabilities[known],
                held_out.targets[known],
                held_out.groups[known],
                scale_temperature(held_out.unseen[unseen], evaluation.temperature).max(axis=1),
                held_out.groups[unseen],
                thresholds.unknown,
            )
        return replace(evaluation, thresholds=thresholds, left_out=tuple(left_out), groups=tuple(groups))

    def _score(self, subset: str, probabilities: NDArray[np.float32], targets: NDArray[np.int64]) -> list[Score]:
        measured = evaluate(targets, probabilities, self.context.selection.classes)
        if subset in set(Subset):
            self.subset_scores[Subset(subset)] = _as_facts(measured)
        print(f"{subset}: " + ", ".join(f"{name} {value:.4f}" for name, value in measured.items()), flush=True)
        return [Score(subset=subset, metric=name, value=value, images=len(targets)) for name, value in measured.items()]

    def _confidence_on_unseen(self, temperature: float, held_out: HeldOut | None) -> NDArray[np.float32]:
        """Confidence on images of species that the answering model never saw, (M,)."""
        answers = []
        if not self._is_stage_1:
            unseen = self._examples(self.context.selection.unseen)
            if len(unseen):
                answers.append(self._predict(unseen, "unseen species"))
            if held_out is not None:
                answers.append(held_out.unseen[np.isfinite(held_out.unseen).all(axis=1)])
        confidences = [scale_temperature(part, temperature).max(axis=1) for part in answers if len(part)]
        return np.concatenate([np.zeros(0, np.float32), *confidences])

    def _try_bfloat16(
        self, val: Examples, validated: _Answers, temperature: float, thresholds: Thresholds
    ) -> PrecisionTrial | None:
        """bfloat16 against float32; None where the processor has none."""
        if not has_bfloat16():
            return None
        taken: list[float] = []
        classifier = Classifier(self.classifier.bundle, precision=EnginePrecision.BFLOAT16)
        answers = self._predict_with(classifier, val, taken, "evaluating in bfloat16")
        rounded = scale_temperature(answers, temperature)
        if self._is_stage_1:
            first, second = (found[:, 0] >= thresholds.empty for found in (validated.probabilities, rounded))
            changes = float((first != second).mean())
        else:
            changes = changed_answers(validated.probabilities, rounded, thresholds.unknown)
        return PrecisionTrial(
            precision=EnginePrecision.BFLOAT16,
            parity=float(np.abs(rounded - validated.probabilities).max()),
            changes=changes,
            speed=round(statistics.median(self.milliseconds) / statistics.median(taken), 2),
            images=len(val),
        )

    def _phase(self, text: str) -> None:
        self.context.job.report(phase=text)

    def _predict(self, examples: Examples, subset: str) -> NDArray[np.float32]:
        return self._predict_with(self.classifier, examples, self.milliseconds, f"evaluating on {subset}")

    def _predict_with(
        self, classifier: Classifier, examples: Examples, milliseconds: list[float], phase: str
    ) -> NDArray[np.float32]:
        """Probabilities of all, (N, C); `milliseconds` of an image are added for each batch."""
        parts = []
        for start in range(0, len(examples), BATCH):
            whole = self.context.whole.measuring(self.done)
            self.context.job.report(
                phase=phase, step=start, steps=len(examples), share=whole.share, seconds_left=whole.seconds_left
            )
            batch = examples.images.batch(range(start, min(start + BATCH, len(examples))))
            began = time.perf_counter()
            parts.append(classifier.predict(batch))
            milliseconds.append(1000 * (time.perf_counter() - began) / len(batch))
            self.done += len(batch)
        return np.concatenate(parts)

    def _examples(self, rows: pd.DataFrame) -> Examples:
        """The decodable images of rows of the selection."""
        plan = self.context.plan
        images = images_of(self.context.dataset, plan.recipe, rows, plan.val.images.cache)
        return decodable(Examples(images, rows["target"].to_numpy(np.int64)))


def _as_facts(scores: dict[str, float]) -> SubsetScores:
    return SubsetScores(
        accuracy=scores["accuracy"],
        balanced_accuracy=scores["balanced_accuracy"],
        macro_f1=scores["macro_f1"],
        majority_class_accuracy=scores["majority_class_accuracy"],
        recall={name.removeprefix("recall_"): value for name, value in scores.items() if name.startswith("recall_")},
    )


def _known(held_out: HeldOut) -> _Answers:
    return _Answers(held_out.probabilities[held_out.known], held_out.targets[held_out.known])


def _thresholds(evaluation: ModelEvaluation) -> Thresholds:
    """Those at which the errors of both kinds are the least, and at which few unseen species get a name."""
    usual, curves = Thresholds(), (evaluation.empty_curve, evaluation.species_curve)
    empty = curves[0].most_balanced_threshold() if curves[0] else usual.empty
    unknown = curves[1].threshold_naming_at_most(MOST_UNSEEN_NAMED) if curves[1] else None
    return Thresholds(empty, usual.unknown if unknown is None else unknown)
