"""Keras's torch backend, in a process of its own: a backend is chosen once."""

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow

TRAIN = """
import sys
from pathlib import Path
import numpy as np
from PIL import Image
from wildcam.architectures.keras_models import build_network, for_serving
from wildcam.training.keras_backend.trainer import KerasTrainer
from wildcam.training.inputs.image_set import ImageSet
from wildcam.training.recipe import Recipe
from wildcam.training.trainer import Examples, Plan, Reporter

class Log(Reporter):
    def __init__(self, stop_at):
        self.checks_left = stop_at

    def epoch(self, epoch, metrics):
        print(epoch, sorted(metrics))

    def stop_requested(self):
        self.checks_left -= 1
        return self.checks_left == 0

folder = Path(sys.argv[1])
paths = [folder / f"{number}.png" for number in range(4)]
for number, path in enumerate(paths):
    Image.new("RGB", (32, 32), (60 * number, 90, 40)).save(path)
examples = Examples(ImageSet(paths, 32), np.arange(4) % 2)
recipe = Recipe.of("colours", "empty_cnn", image_size=32, batch_size=4, epochs=2)
plan = Plan(recipe, ("empty", "animal"), examples, examples, folder / "checkpoint", folder / "downloads")
images = examples.images.batch(range(4))
print(KerasTrainer(plan).fit(Log(stop_at=3)).stopped)  # in the second epoch
trainer = KerasTrainer(plan)
print(trainer.fit(Log(stop_at=99)).last_epoch, trainer.predict(images).sum(axis=1).round(5).tolist())
print(tuple(for_serving(build_network("efficientnet_b0", 5, 32))(images).shape))
"""


def test_the_keras_presets_run_on_torch_too(tmp_path):
    environment = os.environ | {"KERAS_BACKEND": "torch", "CUDA_VISIBLE_DEVICES": ""}
    answer = subprocess.run(
        [sys.executable, "-c", TRAIN, str(tmp_path)], env=environment, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stderr
    metrics = "['learning_rate', 'train_accuracy', 'train_loss', 'val_accuracy', 'val_loss', 'val_macro_f1']"
    expected = [f"1 {metrics}", "True", f"2 {metrics}", "2 [1.0, 1.0, 1.0, 1.0]", "(4, 5)"]
    assert answer.stdout.splitlines() == expected
