"""The inside of a study: runs that are trained once and reused, and evaluations against the ground truth."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd

from wildcam.architectures.presets import find_preset
from wildcam.data.catalog import Dataset, open_dataset
from wildcam.data.splits import SplitSpec, Subset, make_split
from wildcam.errors import RunError
from wildcam.evaluation.ground_truth import score_predictions
from wildcam.predictions.models import OF_RUN, cards_of, load_classifier
from wildcam.predictions.request import PredictionRequest
from wildcam.predictions.sources import find_images
from wildcam.predictions.submit import make_request
from wildcam.predictions.table import Prediction, predictions_table
from wildcam.runs.facts import TrainFacts
from wildcam.runs.run import Run
from wildcam.runs.states import Kind, State
from wildcam.runs.store import RunStore
from wildcam.serving.batch_inference import classify_images
from wildcam.serving.card import task_of
from wildcam.studies.result import StudySize
from wildcam.training.plan import select
from wildcam.training.recipe import Recipe, Weights
from wildcam.training.submit import missing_weights, submit

STAGES = ("empty_model", "species_model")
Wait = Callable[[RunStore, Run], Run]
"""Watches a run until it ends."""


class StudyContext:
    """Trains and evaluates for one study."""

    def __init__(self, store: RunStore, study: str, size: StudySize, wait: Wait) -> None:
        self._store = store
        self._study = study
        self._wait = wait
        self.size = size
        self.dataset: Dataset = open_dataset(store.settings.datasets_dir, size.dataset)
        self.runs: dict[str, bool] = {}  # by id, in the order of use: whether it was trained here

    def recipe(self, preset: str = "", **changes: Any) -> Recipe:
        """The study's size as a recipe, with changes; all epochs are trained, so all conditions cost the same."""
        size = self.size
        usual = {
            "split": size.split,
            "image_size": size.image_size,
            "epochs": size.epochs,
            "max_train_images": size.images,
            "early_stopping_patience": 0,
        }
        preset = preset or size.preset
        used = {name: value for name, value in usual.items() if name not in find_preset(preset).unused}
        return Recipe.of(size.dataset, preset, **used | changes)

    def train(self, recipe: Recipe) -> Run:
        """A finished run of this very recipe, from an earlier study or try, or else a new one. Raises `RunError`."""
        run = self._trained(recipe)
        is_new = run is None
        if run is None:
            run = self._wait(self._store, submit(self._store, recipe, f"study {self._study}: {_describe(recipe)}"))
        if run.state is not State.FINISHED:
            raise RunError(
                f"Run {run.name} ({run.id[:8]}) is {run.state}: mend the cause and start the study again, "
                "it continues from there."
            )
        self.runs[run.id] = self.runs.get(run.id, is_new)
        return run

    def _trained(self, recipe: Recipe) -> Run | None:
        """On the images that the data set holds now."""
        wanted = {name: str(value) for name, value in recipe.model_dump(mode="json").items()}
        fingerprint = make_split(self.dataset.index, recipe.split_spec).fingerprint
        return next(
            (
                run
                for run in self._store.all(Kind.TRAIN)
                if run.state is State.FINISHED
                and run.params == wanted
                and isinstance(run.facts, TrainFacts)
                and run.facts.split_fingerprint == fingerprint
                and (run.bundle_dir / "model.json").is_file()
            ),
            None,
        )

    def curves(self, run: Run, *metrics: str) -> pd.DataFrame:
        """Points of a run: `metric, step, value`."""
        return self._store.curves(run.id, metrics)

    def weights_for(self, preset: str) -> Weights:
        """ImageNet weights where they are here or can be fetched, else random ones."""
        recipe = Recipe.of(self.size.dataset, preset)
        return Weights.RANDOM if missing_weights(recipe, self._store.settings) else Weights.IMAGENET

    def versions(self) -> dict[str, str]:
        """The environment of the trainings, as the last one recorded it."""
        facts = self._store.get(next(reversed(self.runs))).facts
        return facts.environment if isinstance(facts, TrainFacts) else {}

    def evaluation_subset(self, spec: SplitSpec) -> Subset:
        """The subset of a split to evaluate on: test where it has one, else the one that named the best epoch."""
        split = make_split(self.dataset.index, spec)
        return Subset.TEST if (split.subsets == Subset.TEST).any() else split.validation_subset

    def train_images(self, recipe: Recipe) -> int:
        """How many a recipe trains on."""
        return len(select(self.dataset, recipe).on(Subset.TRAIN))

    def score_predictions(
        self, spec: SplitSpec, *, views: int = 1, empty: Run | None = None, species: Run | None = None
    ) -> pd.DataFrame:
        """`ground_truth.SCORED_COLUMNS` by id, of the subset to evaluate on: of both stages, or of one model alone.

        Every species is named, whatever the confidence: abstention would hide what the models know.
        """
        request = self._request(spec, views, empty, species)
        images = find_images(request, self._store.settings)
        classifier = load_classifier(request, self._store)
        identify = partial(classifier.identify, options=request.options)
        sources = zip(map(images.path_of, images.records), images.boxes, strict=True)
        verdicts = classify_images(identify, sources)
        table = predictions_table(map(Prediction, images.records, verdicts))
        scored = score_predictions(table, self.dataset, task_of(cards_of(classifier)))
        return scored.sort_values("image_id", ignore_index=True)

    def _request(self, spec: SplitSpec, views: int, empty: Run | None, species: Run | None) -> PredictionRequest:
        names = [f"{OF_RUN}{run.id}" for run in (empty, species) if run]
        models: dict[str, Any] = {"model": names[0]} if len(names) == 1 else dict(zip(STAGES, names, strict=True))
        return make_request(
            self._store,
            **models,
            unknown_threshold=0.0,
            views=views,
            dataset=self.size.dataset,
            subset=self.evaluation_subset(spec),
            split=spec.policy,
            split_seed=spec.seed,
        )


def _describe(recipe: Recipe) -> str:
    changes = {
        name: value for name, value in recipe.changes().items() if name not in ("image_size", "max_train_images")
    }
    return ", ".join([recipe.preset, *(f"{name} {value}" for name, value in changes.items())])[:200]
