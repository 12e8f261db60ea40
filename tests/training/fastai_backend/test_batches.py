from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from wildcam.architectures.fastai_models import FastaiNetwork, Serving
from wildcam.training.fastai_backend.augmentation import augmentation_transforms
from wildcam.training.fastai_backend.batches import data_loaders
from wildcam.training.inputs.image_set import ImageSet
from wildcam.training.recipe import Recipe
from wildcam.training.trainer import Examples, Plan

pytestmark = pytest.mark.slow

SIZE = 32
NO_AUGMENTATION = {"flip": False, "rotation_degrees": 0, "zoom": 0, "brightness": 0, "contrast": 0, "warp": 0}


@pytest.fixture
def make_loaders(tmp_path):
    """Loaders of nine images, with no augmentation but the given one. The n-th is n × 20 bright, and of class n."""
    for number in range(9):
        pixels = np.full((SIZE, SIZE, 3), number * 20, np.uint8)
        pixels[:, : SIZE // 4] += 50  # left and right differ
        Image.fromarray(pixels).save(tmp_path / f"{number}.png")
    examples = Examples(ImageSet([tmp_path / f"{number}.png" for number in range(9)], SIZE), np.arange(9))

    def make(**changes):
        recipe = Recipe.of("greys", "resnet50", image_size=SIZE, batch_size=4, **NO_AUGMENTATION | changes)
        return data_loaders(Plan(recipe, tuple("abcdefghi"), examples, examples, Path(), Path()))

    return make


def brightness(batch):
    """In 0–255, from normalised images; of the part that is as bright as the image's number says."""
    return (batch[:, 0, :, SIZE // 2 :].mean(dim=(1, 2)) * 0.229 + 0.485) * 255


def test_every_image_comes_once_with_its_own_target(make_loaders):
    loaders = make_loaders()
    loaders.train_ds.start_epoch(1)
    seen = []
    for batch, targets in loaders.train:
        assert (batch.dtype, targets.dtype) == (torch.float32, torch.int64)
        np.testing.assert_allclose(brightness(batch).numpy(), targets * 20, atol=0.01)
        seen += targets.tolist()
    assert sorted(seen) == list(range(9))
    assert seen != list(range(9))


def test_the_order_follows_from_seed_and_epoch_alone(make_loaders):
    def order(seed, epoch):
        loaders = make_loaders(seed=seed)
        loaders.train_ds.start_epoch(epoch)
        return [target for _, targets in loaders.train for target in targets.tolist()]

    assert order(1, 5) == order(1, 5)
    assert order(1, 5) != order(1, 6)
    assert order(1, 5) != order(2, 5)


def test_mixup_blends_images_and_classes_alike(make_loaders):
    for batch, shares in make_loaders(mixup=1.0).train:
        assert (shares.dtype, shares.shape[1]) == (torch.float32, 9)
        torch.testing.assert_close(shares.sum(dim=1), torch.ones(len(shares)))
        np.testing.assert_allclose(brightness(batch).numpy(), shares @ torch.arange(9.0) * 20, atol=0.51)


def test_a_strategy_that_chooses_fills_the_epoch_anew(make_loaders):
    loaders = make_loaders(imbalance_strategy="balanced")
    loaders.train_ds._examples.targets[:] = [0] * 8 + [1]
    loaders.train_ds.start_epoch(1)
    counts = np.bincount(np.concatenate([targets.numpy() for _, targets in loaders.train]))
    assert sorted(counts.tolist()) == [4, 5]


@pytest.mark.parametrize(
    "augmentation",
    [{"flip": True}, {"rotation_degrees": 20}, {"zoom": 0.3}, {"brightness": 0.4}, {"contrast": 0.4}, {"warp": 0.4}],
    ids=lambda augmentation: next(iter(augmentation)),
)
def test_each_transform_changes_training_images_and_those_only(make_loaders, augmentation):
    torch.manual_seed(0)
    plain, changed = make_loaders(), make_loaders(**augmentation)
    assert any(
        (image - other).abs().max() > 0.01
        for (batch, _), (others, _) in zip(plain.train, changed.train, strict=True)
        for image, other in zip(batch, others, strict=True)
    )
    for (batch, _), (others, _) in zip(plain.valid, changed.valid, strict=True):
        assert torch.equal(batch, others)


def test_ranges_of_zero_ask_for_no_transform():
    assert augmentation_transforms(Recipe.of("greys", "resnet50", **NO_AUGMENTATION).augmentation) == []


def test_images_of_one_batch_are_changed_each_on_its_own(make_loaders):
    torch.manual_seed(0)
    batch, targets = next(iter(make_loaders(brightness=0.4).train))
    ratios = brightness(batch)[1:] - targets[1:] * 20
    assert ratios.std() > 1


def test_validation_sees_what_a_served_model_sees(make_loaders):
    images = make_loaders().valid_ds._examples.images.batch(range(9))
    three_means = torch.nn.Sequential(torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten())
    channels = Serving(FastaiNetwork(three_means, list))
    served = channels(torch.from_numpy(images))
    validated = [channels.network(batch).softmax(dim=1) for batch, _ in make_loaders().valid]
    torch.testing.assert_close(torch.cat(validated).as_subclass(torch.Tensor), served)
