"""Trains the Keras presets."""

from math import ceil
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from wildcam.architectures.keras_models import build_network, computing_in, for_serving
from wildcam.runs.facts import TrainFacts
from wildcam.training import lr_range_test
from wildcam.training.batch_trial import largest_batch
from wildcam.training.checkpoints import Checkpoint, Checkpoints
from wildcam.training.imbalance import loss_terms
from wildcam.training.keras_backend.augmentation import for_training
from wildcam.training.keras_backend.batches import Batches
from wildcam.training.keras_backend.callbacks.checkpointing import Checkpointing
from wildcam.training.keras_backend.callbacks.lr_finder import LRFinder
from wildcam.training.keras_backend.callbacks.reporting import Reporting
from wildcam.training.keras_backend.callbacks.validation import CleanTrainLoss, Validation
from wildcam.training.keras_backend.checkpoint import KerasState, restore, restore_best, restore_training, snapshot
from wildcam.training.keras_backend.losses import objective
from wildcam.training.keras_backend.onnx_export import write_onnx
from wildcam.training.lr_range_test import NO_RATE_FOUND, LRRangeTest
from wildcam.training.recipe import InputScaling
from wildcam.training.trainer import Outcome, Plan, Reporter, fetch_weights


class KerasTrainer:
    """A `Trainer`. Epochs, rates, order and every random draw go on after a stop as if there had been none."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._checkpoints = Checkpoints(plan.checkpoint_dir, KerasState)
        self._serving: keras.Model | None = None  # with the best epoch's weights
        _share_gpus()

    def fit(self, reporter: Reporter) -> Outcome:
        """Train, from the checkpoint where there is one; a finished run's outcome comes at once."""
        return self._checkpoints.train_on(lambda resumed: self._train(reporter, resumed))

    def run_lr_finder(self, reporter: Reporter) -> LRRangeTest:
        """The learning-rate range test alone, from the recipe's starting weights. Raises `StopRequested`."""
        _, model, batches = self._build(reporter, fetch_weights(self._plan, reporter))
        return _run_lr_finder(model, batches, reporter)

    def largest_batch(self, reporter: Reporter) -> int:
        """The largest batch size that fits into memory, by trial with a model that is thrown away."""
        _, model, _ = self._build(reporter, None)
        reporter.phase("finding the largest batch size")

        def step(size: int) -> None:
            plan = self._plan.with_batch_size(size)
            model.train_on_batch(*Batches(plan.train, plan.recipe, len(plan.classes), sigmoid=_is_sigmoid(model))[0])

        found = largest_batch(self._plan.recipe.batch_size, len(self._plan.train), step, on_processor=not _has_gpu())
        keras.backend.clear_session()
        return found

    def predict(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Probabilities of the best epoch's weights. uint8 (N, S, S, 3) RGB 0–255 → float32 (N, C)."""
        serving = self._best_serving()
        size = self._plan.recipe.batch_size
        parts = [serving.predict_on_batch(images[start : start + size]) for start in range(0, len(images), size)]
        return np.concatenate([np.zeros((0, serving.output_shape[-1]), np.float32), *parts])

    def backbone(self) -> None:
        """None: the preset's name says which network it is."""

    def held_out(self) -> None:
        """None: an epoch of a network costs too much to repeat it for each fold."""

    def export(self, path: Path) -> None:
        """Write the best epoch's weights as the ONNX graph of a model bundle."""
        write_onnx(self._best_serving(), path)

    def _train(self, reporter: Reporter, resumed: Checkpoint[KerasState] | None) -> None:
        recipe = self._plan.recipe
        self._serving = None
        network, model, batches = self._build(reporter, None if resumed else fetch_weights(self._plan, reporter))
        if resumed:
            restore_training(resumed.folder, model, network)
        elif recipe.find_learning_rate:
            _use_suggested_rate(model, batches, reporter)
        _fit(
            model,
            batches,
            self._callbacks(reporter, network, batches, resumed),
            epochs=recipe.epochs,
            initial_epoch=resumed.state.epoch if resumed else 0,
        )

    def _build(self, reporter: Reporter, weights_path: Path | None) -> tuple[keras.Model, keras.Model, Batches]:
        """The network, the compiled model around it, and its batches."""
        recipe, plan = self._plan.recipe, self._plan
        reporter.phase("building the network")
        keras.utils.set_random_seed(recipe.seed)
        with computing_in(recipe.precision):
            network = self._network(weights_path)
        model = for_training(network, recipe.augmentation)
        _compile(model, plan)
        return network, model, Batches(plan.train, recipe, len(plan.classes), sigmoid=_is_sigmoid(model))

    def _callbacks(
        self, reporter: Reporter, network: keras.Model, batches: Batches, resumed: Checkpoint[KerasState] | None
    ) -> list[keras.callbacks.Callback]:
        """In their order: those that score, the one that reports, those that act on scores, the checkpoint last."""
        recipe, plan = self._plan.recipe, self._plan
        plateau = keras.callbacks.ReduceLROnPlateau(
            "val_loss",
            factor=recipe.lr_factor,
            patience=recipe.lr_patience,
            mode="min",
            min_delta=0,
            min_lr=recipe.min_learning_rate,
        )
        patience = None
        if recipe.early_stopping_patience:
            patience = keras.callbacks.EarlyStopping("val_loss", patience=recipe.early_stopping_patience, mode="min")
        serving, clean = for_serving(network), []
        if recipe.clean_train_loss:
            sample = plan.train.sample(recipe.clean_train_loss, recipe.seed)
            clean = [CleanTrainLoss(serving, sample, recipe.batch_size, reporter)]
        validation = Validation(serving, plan.val, recipe.batch_size, reporter)
        return [
            validation,
            *clean,
            Reporting(reporter, batches),
            keras.callbacks.TensorBoard(str(plan.run_folder / "tensorboard"), write_graph=False),
            plateau,
            *([patience] if patience else []),
            Checkpointing(self._checkpoints, resumed, network, plan, validation, plateau, patience),
        ]

    def _network(self, weights_path: Path | None = None) -> keras.Model:
        recipe = self._plan.recipe
        return build_network(
            recipe.preset,
            len(self._plan.classes),
            recipe.image_size,
            dropout=recipe.dropout,
            normalised_inputs=recipe.input_scaling is InputScaling.NORMALISED,
            weights_path=weights_path,
        )

    def _best_serving(self) -> keras.Model:
        if self._serving is None:
            checkpoint = self._checkpoints.trained()
            network = self._network()
            restore_best(checkpoint.folder, network)
            self._serving = for_serving(network)
        return self._serving


def _fit(
    model: keras.Model,
    batches: Batches,
    callbacks: list[keras.callbacks.Callback],
    *,
    epochs: int,
    initial_epoch: int = 0,
) -> None:
    """Keras's `fit`, with the errors that our own code raised within it."""
    try:
        model.fit(batches, epochs=epochs, initial_epoch=initial_epoch, callbacks=callbacks, shuffle=False, verbose=0)
    except Exception:
        if batches.failure:
            raise batches.failure from None
        raise


def _compile(model: keras.Model, plan: Plan) -> None:
    recipe = plan.recipe
    terms = None if recipe.has_plain_loss else loss_terms(recipe, plan.train.targets, len(plan.classes))
    loss, metrics = objective(terms, sigmoid=_is_sigmoid(model))
    optimizer = keras.optimizers.Adam(recipe.learning_rate)
    model.compile(optimizer, loss, metrics=metrics, jit_compile=False)  # XLA was 8 times slower on a CPU
    optimizer.build(model.trainable_variables)


def _is_sigmoid(model: keras.Model) -> bool:
    return model.output_shape[-1] == 1


def _use_suggested_rate(model: keras.Model, batches: Batches, reporter: Reporter) -> None:
    """Set the optimizer to the suggested rate; it stays at the recipe's where none is suggested."""
    found = _run_lr_finder(model, batches, reporter).suggested
    if found is None:
        reporter.write_facts(TrainFacts(learning_rate_note=NO_RATE_FOUND))
        return
    model.optimizer.learning_rate = found
    reporter.write_facts(TrainFacts(learning_rate_found=found))


def _run_lr_finder(model: keras.Model, batches: Batches, reporter: Reporter) -> LRRangeTest:
    """The range test; weights, optimizer, running statistics and random states stay as they were."""
    reporter.phase("running the learning-rate finder")
    variables = [*model.variables, *model.optimizer.variables]
    before = snapshot(variables)
    finder = LRFinder(reporter)
    _fit(model, batches, [finder], epochs=ceil(lr_range_test.STEPS / len(batches)))
    restore(variables, before)
    found = lr_range_test.suggest_rate(finder.rates, finder.losses)
    return LRRangeTest(found, lr_range_test.seconds_per_step(finder.ends))


def _share_gpus() -> None:
    """Take GPU memory as it is needed, not all of it at the start."""
    if keras.backend.backend() != "tensorflow":
        return
    import tensorflow as tf

    for gpu in tf.config.list_physical_devices("GPU"):
        if not tf.config.experimental.get_memory_growth(gpu):
            tf.config.experimental.set_memory_growth(gpu, True)


def _has_gpu() -> bool:
    return any(device.startswith(("gpu", "cuda")) for device in map(str, keras.distribution.list_devices()))
