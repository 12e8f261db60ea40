"""Bundles of untrained networks of full size, for timing: what they say means nothing, what it costs is real."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from wildcam.architectures.presets import Task, find_preset
from wildcam.augmentation import Augmentation
from wildcam.data.labels import LabelPolicy
from wildcam.serving.bundle import Bundle, write_bundle
from wildcam.serving.card import ANIMAL, EMPTY, ModelCard
from wildcam.settings import PROJECT_DIR

CLASSES = 215
"""Species of iWildCam 2020."""


def untrained(preset: str, folder: Path) -> Bundle:
    """A bundle of the preset, exported by its own framework in a process of its own."""
    graph = folder / f"{preset}.onnx"
    environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"}
    subprocess.run(
        [sys.executable, "-m", "bench.models", preset, str(graph)],
        cwd=PROJECT_DIR,
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return write_bundle(folder / preset, graph, _card(preset))


def _card(preset: str) -> ModelCard:
    empty = preset == "empty_cnn"
    defaults = find_preset(preset).defaults
    return ModelCard(
        name=preset,
        task=Task.EMPTY if empty else Task.SPECIES,
        classes=(EMPTY, ANIMAL) if empty else tuple(f"species {k}" for k in range(CLASSES)),
        image_size=find_preset(preset).image_size,
        preset=preset,
        dataset="none",
        run_id="none",
        best_epoch=1,
        split_policy="location",
        split_fingerprint="",
        label_policy=LabelPolicy(),
        augmentation=Augmentation(**{name: defaults[name] for name in Augmentation.model_fields if name in defaults}),
        parity=0.0,
        created_at=datetime.now(UTC),
        sha256="",
    )


def _export(preset: str, graph: Path) -> None:
    if preset == "resnet50":
        from wildcam.architectures.fastai_models import Serving, network_of
        from wildcam.training.fastai_backend.onnx_export import write_onnx

        write_onnx(Serving(network_of(preset, CLASSES)).eval(), find_preset(preset).image_size, graph)
        return
    from wildcam.architectures import keras_models
    from wildcam.training.keras_backend import onnx_export

    network = keras_models.build_network(preset, CLASSES, find_preset(preset).image_size)
    onnx_export.write_onnx(keras_models.for_serving(network), graph)


if __name__ == "__main__":
    _export(sys.argv[1], Path(sys.argv[2]))
