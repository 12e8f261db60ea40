"""What one would write first with Keras: two models, `predict`, and every view read from its file again.

A process that times `plain FOLDER` or `tta FOLDER`, a line each on standard input, and answers in seconds.
"""

import sys
import time
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from bench.models import CLASSES
from wildcam.architectures.keras_models import build_network
from wildcam.architectures.presets import find_preset
from wildcam.augmentation import Augmentation
from wildcam.training.keras_backend.augmentation import augmentation_layers

BATCH, MORE_VIEWS = 32, 3


def main() -> None:
    tf.config.threading.set_intra_op_parallelism_threads(2)
    names = ("empty_cnn", "efficientnet_b0")
    models = {name: build_network(name, CLASSES, find_preset(name).image_size) for name in names}
    defaults = find_preset("efficientnet_b0").defaults
    ranges = Augmentation(**{name: defaults[name] for name in Augmentation.model_fields if name in defaults})
    change = keras.Sequential(augmentation_layers(ranges))
    print("ready", flush=True)
    for line in sys.stdin:
        way, rest = line.split(maxsplit=1)
        share, folder = rest.split(maxsplit=1)
        files = sorted(Path(folder.strip()).glob("*.jpg"))
        begun = time.perf_counter()
        p_animal = _predict(models["empty_cnn"], files, way, change)[:, 0]
        animals = np.argsort(p_animal)[round(float(share) * len(files)) :]  # so many are empty
        _predict(models["efficientnet_b0"], [files[k] for k in sorted(animals)], way, change)
        print(time.perf_counter() - begun, flush=True)


def _predict(model: keras.Model, files: list[Path], way: str, change: keras.Model) -> np.ndarray:
    views = []
    for number in range(1 + (MORE_VIEWS if way == "tta" else 0)):
        images = np.stack(
            [keras.utils.img_to_array(keras.utils.load_img(file, target_size=model.input_shape[1:3])) for file in files]
        )
        views.append(model.predict(change(images, training=True) if number else images, BATCH, verbose=0))
    return np.mean(views, axis=0)


if __name__ == "__main__":
    main()
