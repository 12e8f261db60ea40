"""What a card says of how well a model does, measured on images that it did not learn from, each as it is."""

import statistics
import time
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wildcam.architectures.presets import Task
from wildcam.data.catalog import Dataset
from wildcam.data.splits import Subset
from wildcam.evaluation.calibration import fit_temperature
from wildcam.evaluation.metrics import evaluate
from wildcam.evaluation.operating import changed_answers, empty_curve, open_set_auroc, species_curve
from wildcam.runs.job import Job
from wildcam.serving.calibration import scale_temperature
from wildcam.serving.card import UNSEEN, Score
from wildcam.serving.classifier import Classifier
from wildcam.serving.engine import has_bfloat16
from wildcam.training.plan import Selection, images_of
from wildcam.training.trainer import Examples, Plan

BATCH = 64


class Measuring:
    """Measures an exported model, temperature first: thresholds are read off calibrated probabilities."""

    def __init__(self, job: Job, dataset: Dataset, selection: Selection, plan: Plan, classifier: Classifier) -> None:
        self._job = job
        self._dataset = dataset
        self._selection = selection
        self._plan = plan
        self._classifier = classifier
        self._milliseconds: list[float] = []  # of an image in each batch, without reading it

    def measure(self) -> dict[str, Any]:
        """The card's fields `temperature`, `scores`, `empty_curve` or `species_curve`, and `bfloat16_changes`."""
        val = readable(self._plan.val)
        raw = self._predict(val, "validation")
        temperature = fit_temperature(raw, val.targets)
        on_val = scale_temperature(raw, temperature)
        scores = [*self._score(self._selection.split.validation_subset, on_val, val.targets)]
        for subset in {Subset.ID_VAL, Subset.VAL, Subset.TEST} - {self._selection.split.validation_subset}:
            examples = self._examples(self._selection.on(subset))
            if len(examples):
                scores += self._score(
                    subset, scale_temperature(self._predict(examples, subset), temperature), examples.targets
                )
        curves, of_unseen = self._curves(on_val, val.targets, temperature)
        self._note("milliseconds_per_image", f"{statistics.median(self._milliseconds):.4g}")
        self._note("temperature", f"{temperature:.4g}")
        return {
            "temperature": temperature,
            "scores": tuple(sorted([*scores, *of_unseen], key=lambda score: score.subset)),
            "bfloat16_changes": self._bfloat16_changes(val, on_val, temperature),
            **curves,
        }

    def _score(self, subset: Subset, probabilities: NDArray[np.float32], targets: NDArray[np.int64]) -> list[Score]:
        measured = evaluate(targets, probabilities, self._selection.classes)
        for name, value in measured.items():
            self._note(f"{subset}_{name}", f"{value:.6f}")
        print(f"{subset}: " + ", ".join(f"{name} {value:.4f}" for name, value in measured.items()), flush=True)
        return [Score(subset=subset, metric=name, value=value, images=len(targets)) for name, value in measured.items()]

    def _curves(
        self, on_val: NDArray[np.float32], targets: NDArray[np.int64], temperature: float
    ) -> tuple[dict[str, Any], list[Score]]:
        """What thresholds would have done; of stage 2 also on species that it never saw, where there are any."""
        if self._plan.recipe.task is Task.EMPTY:
            return {"empty_curve": empty_curve(on_val[:, 0], targets == 0)}, []
        confidence, right = on_val.max(axis=1), on_val.argmax(axis=1) == targets
        unseen = self._examples(self._selection.unseen)
        if not len(unseen):
            return {"species_curve": species_curve(confidence, right, np.zeros(0, np.float32))}, []
        of_unseen = scale_temperature(self._predict(unseen, "unseen species"), temperature).max(axis=1)
        auroc = open_set_auroc(confidence, of_unseen)
        self._note("unseen_auroc", f"{auroc:.6f}")
        score = Score(subset=UNSEEN, metric="auroc", value=auroc, images=len(of_unseen))
        return {"species_curve": species_curve(confidence, right, of_unseen)}, [score]

    def _bfloat16_changes(self, val: Examples, exact: NDArray[np.float32], temperature: float) -> float | None:
        """Share of validation images that get another answer in bfloat16; None where the processor has none."""
        if not has_bfloat16():
            return None
        self._job.report(phase="measuring in bfloat16")
        card = self._classifier.card
        rounded = _predict(Classifier(self._classifier.bundle, bfloat16=True), val, [])
        threshold = 0.0 if card.task is Task.EMPTY else card.unknown_threshold
        changes = changed_answers(exact, scale_temperature(rounded, temperature), threshold)
        self._note("bfloat16_changes", f"{changes:.4g}")
        return changes

    def _predict(self, examples: Examples, what: str) -> NDArray[np.float32]:
        self._job.report(phase=f"measuring on {what}")
        return _predict(self._classifier, examples, self._milliseconds)

    def _examples(self, rows: pd.DataFrame) -> Examples:
        """The readable images of rows of the selection."""
        images = images_of(self._dataset, self._plan.recipe, rows, self._plan.val.images.cache)
        return readable(Examples(images, rows["target"].to_numpy(np.int64)))

    def _note(self, name: str, value: str) -> None:
        self._job.store.set_tag(self._job.run.id, name, value)


def readable(examples: Examples) -> Examples:
    """Without those that others stood in for while training."""
    kept = np.flatnonzero(examples.images.readable())
    return Examples(examples.images.take(kept), examples.targets[kept])


def _predict(classifier: Classifier, examples: Examples, milliseconds: list[float]) -> NDArray[np.float32]:
    """Probabilities of all, (N, C); `milliseconds` of an image are added for each batch."""
    parts = []
    for start in range(0, len(examples), BATCH):
        batch = examples.images.batch(range(start, min(start + BATCH, len(examples))))
        began = time.perf_counter()
        parts.append(classifier.predict(batch))
        milliseconds.append(1000 * (time.perf_counter() - began) / len(batch))
    return np.concatenate(parts)
