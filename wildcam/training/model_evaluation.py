"""Evaluates an exported model on images that it did not learn from, for its card."""

import statistics
import time
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wildcam.architectures.presets import Task
from wildcam.data.splits import Subset
from wildcam.evaluation.calibration import fit_temperature
from wildcam.evaluation.metrics import evaluate
from wildcam.evaluation.operating import changed_answers, empty_curve, open_set_auroc, species_curve
from wildcam.runs.facts import SubsetScores, TrainFacts
from wildcam.serving.calibration import scale_temperature
from wildcam.serving.card import UNSEEN, EmptyCurve, Score, SpeciesCurve
from wildcam.serving.classifier import Classifier
from wildcam.serving.engine import has_bfloat16
from wildcam.serving.trials import CloserTrial, EnginePrecision, PrecisionTrial, ViewTrial
from wildcam.training.context import TrainingContext
from wildcam.training.plan import images_of
from wildcam.training.serving_trials import try_closer, try_views
from wildcam.training.trainer import Examples

BATCH = 64


@dataclass(frozen=True)
class ModelEvaluation:
    """The evaluation's part of a model card; see its fields. The defaults are those of a model not evaluated yet."""

    temperature: float = 1.0
    scores: tuple[Score, ...] = ()
    empty_curve: EmptyCurve | None = None  # of stage 1 only
    species_curve: SpeciesCurve | None = None  # of the other tasks only
    precision_trials: tuple[PrecisionTrial, ...] = ()
    view_trials: tuple[ViewTrial, ...] = ()
    closer_trial: CloserTrial | None = None


@dataclass(frozen=True)
class _Validated:
    """The validation images with the calibrated probabilities of the model, float32, (N, C)."""

    examples: Examples
    probabilities: NDArray[np.float32]

    @property
    def targets(self) -> NDArray[np.int64]:
        return self.examples.targets


def evaluate_model(context: TrainingContext, classifier: Classifier) -> ModelEvaluation:
    """Scores, calibration and curves of the model; each image as it is, without further views."""
    return _Evaluator(context, classifier).evaluate()


def decodable(examples: Examples) -> Examples:
    """Those whose images can be decoded: the others had replacements in training."""
    kept = np.flatnonzero(examples.images.decodable())
    return Examples(examples.images.take(kept), examples.targets[kept])


@dataclass
class _Evaluator:
    """Fits the temperature first: thresholds are read off calibrated probabilities."""

    context: TrainingContext
    classifier: Classifier
    milliseconds: list[float] = field(default_factory=list)  # of an image in each batch, without reading it
    subset_scores: dict[Subset, SubsetScores] = field(default_factory=dict)
    done: int = 0  # images so far, of all subsets

    def evaluate(self) -> ModelEvaluation:
        validation_subset = self.context.selection.validation_subset
        val = decodable(self.context.plan.val)
        raw = self._predict(val, "validation")
        temperature = fit_temperature(raw, val.targets)
        validated = _Validated(val, scale_temperature(raw, temperature))
        scores = self._score(validation_subset, validated.probabilities, val.targets)
        for subset in {Subset.ID_VAL, Subset.VAL, Subset.TEST} - {validation_subset}:
            examples = self._examples(self.context.selection.on(subset))
            if len(examples):
                probabilities = scale_temperature(self._predict(examples, subset), temperature)
                scores += self._score(subset, probabilities, examples.targets)
        stage_1 = self.context.recipe.task is Task.EMPTY
        unseen = None if stage_1 else self._confidence_on_unseen(temperature)
        auroc = None if unseen is None else open_set_auroc(validated.probabilities.max(axis=1), unseen)
        if unseen is not None and auroc is not None:
            scores.append(Score(subset=UNSEEN, metric="auroc", value=auroc, images=len(unseen)))
        rounded = self._try_bfloat16(validated, temperature)
        evaluation = ModelEvaluation(
            temperature=temperature,
            scores=tuple(sorted(scores, key=lambda score: score.subset)),
            empty_curve=empty_curve(validated.probabilities[:, 0], val.targets == 0) if stage_1 else None,
            species_curve=None if stage_1 else _species_curve(validated, unseen),
            precision_trials=() if rounded is None else (rounded,),
            view_trials=try_views(self.classifier, val, self._phase),
            closer_trial=try_closer(self.classifier, val, self._phase),
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

    def _score(self, subset: Subset, probabilities: NDArray[np.float32], targets: NDArray[np.int64]) -> list[Score]:
        measured = evaluate(targets, probabilities, self.context.selection.classes)
        self.subset_scores[subset] = _as_facts(measured)
        print(f"{subset}: " + ", ".join(f"{name} {value:.4f}" for name, value in measured.items()), flush=True)
        return [Score(subset=subset, metric=name, value=value, images=len(targets)) for name, value in measured.items()]

    def _confidence_on_unseen(self, temperature: float) -> NDArray[np.float32] | None:
        """Confidence on images of species that training left out, (M,); None where there are none."""
        unseen = self._examples(self.context.selection.unseen)
        if not len(unseen):
            return None
        return scale_temperature(self._predict(unseen, "unseen species"), temperature).max(axis=1)  # (M,)

    def _try_bfloat16(self, validated: _Validated, temperature: float) -> PrecisionTrial | None:
        """bfloat16 against float32; None where the processor has none."""
        if not has_bfloat16():
            return None
        card, taken = self.classifier.card, list[float]()
        classifier = Classifier(self.classifier.bundle, precision=EnginePrecision.BFLOAT16)
        answers = self._predict_with(classifier, validated.examples, taken, "evaluating in bfloat16")
        rounded = scale_temperature(answers, temperature)
        threshold = 0.0 if card.task is Task.EMPTY else card.unknown_threshold
        return PrecisionTrial(
            precision=EnginePrecision.BFLOAT16,
            parity=float(np.abs(rounded - validated.probabilities).max()),
            changes=changed_answers(validated.probabilities, rounded, threshold),
            speed=round(statistics.median(self.milliseconds) / statistics.median(taken), 2),
            images=len(validated.examples),
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


def _species_curve(validated: _Validated, unseen: NDArray[np.float32] | None) -> SpeciesCurve:
    confidence = validated.probabilities.max(axis=1)  # (N,)
    right = validated.probabilities.argmax(axis=1) == validated.targets
    return species_curve(confidence, right, np.zeros(0, np.float32) if unseen is None else unseen)
