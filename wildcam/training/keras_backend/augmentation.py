"""The recipe's augmentation as Keras layers, put before a network for training only."""

import keras
from keras import layers, ops

from wildcam.augmentation import Augmentation

VALUE_RANGE = (0, 255)
FILL = "reflect"  # what a turned or shrunk image shows beyond its edge


def for_training(network: keras.Model, augmentation: Augmentation) -> keras.Model:
    """The network behind the random transforms: uint8 images, (N, S, S, 3), RGB, 0–255, in.

    Each image of a batch is changed on its own; outside training nothing is changed.
    """
    images = keras.Input(network.input_shape[1:], dtype="uint8", name="images")
    batch = ops.cast(images, "float32")
    for layer in augmentation_layers(augmentation):
        batch = layer(batch)
    return keras.Model(images, network(batch), name="training")


def augmentation_layers(augmentation: Augmentation) -> list[keras.Layer]:
    """The layers of the ranges; none for a range of zero."""
    transforms: list[keras.Layer] = []
    if augmentation.flip:
        transforms.append(layers.RandomFlip("horizontal"))
    if degrees := augmentation.rotation_degrees:
        transforms.append(layers.RandomRotation(degrees / 360, fill_mode=FILL))
    if zoom := augmentation.zoom:
        transforms.append(layers.RandomZoom((-zoom, zoom), fill_mode=FILL))
    if brightness := augmentation.brightness:
        transforms.append(layers.RandomBrightness(brightness, value_range=VALUE_RANGE))
    if contrast := augmentation.contrast:
        transforms.append(layers.RandomContrast(contrast, value_range=VALUE_RANGE))
    return transforms
