"""Images that a network of either framework learns to tell apart in a few epochs; losses worked out by hand."""

import math
from dataclasses import dataclass

import numpy as np
import pytest
from PIL import Image

from wildcam.training.imbalance import LossTerms
from wildcam.training.inputs.image_set import ImageSet
from wildcam.training.trainer import Examples

SIDE = 32


@pytest.fixture(scope="session")
def images(tmp_path_factory):
    """40 to train on and 20 to validate on: brownish or greenish noise."""
    folder = tmp_path_factory.mktemp("images")
    random = np.random.default_rng(0)
    subsets = []
    for subset, count in (("train", 40), ("val", 20)):
        targets = np.arange(count) % 2
        paths = []
        for number, target in enumerate(targets):
            colour = np.array([(150, 90, 40), (40, 120, 90)][target])
            pixels = np.clip(colour + random.normal(0, 25, (SIDE, SIDE, 3)), 0, 255).astype(np.uint8)
            paths.append(folder / f"{subset}{number}.png")
            Image.fromarray(pixels).save(paths[-1])
        ids = tuple(f"{subset}{number}" for number in range(count))
        subsets.append(Examples(ImageSet(paths, SIDE), targets.astype(np.int64), ids))
    return tuple(subsets)


@dataclass(frozen=True)
class LossCase:
    """An image of a half, a quarter and a quarter of probability, and what it costs."""

    shares: tuple[float, float, float]
    terms: LossTerms
    cost: float
    probabilities: tuple[float, float, float] = (1 / 2, 1 / 4, 1 / 4)


def loss_terms_of(weights=(1, 1, 1), priors=(1, 1, 1), focus=0.0, smoothing=0.0):
    return LossTerms(np.float32(weights), np.log(np.float32(priors)), focus, smoothing)


LN2 = math.log(2)
FIRST, SECOND = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0)


@pytest.fixture(
    params=[
        pytest.param(LossCase(FIRST, loss_terms_of(), LN2), id="plain"),
        pytest.param(LossCase(SECOND, loss_terms_of(weights=(2, 3, 1)), 3 * 2 * LN2), id="weights"),
        # a tenth for every class: 0.8 · ln 2 + 0.2 · ln 4
        pytest.param(LossCase(FIRST, loss_terms_of(smoothing=0.3), 1.2 * LN2), id="smoothing"),
        pytest.param(LossCase(SECOND, loss_terms_of(focus=2.0), (3 / 4) ** 2 * 2 * LN2), id="focal"),
        # a quarter to two sixteenths: two thirds
        pytest.param(LossCase(FIRST, loss_terms_of(priors=(1 / 2, 1 / 4, 1 / 4)), math.log(3 / 2)), id="priors"),
        pytest.param(LossCase((0.75, 0.25, 0.0), loss_terms_of(), 0.75 * LN2 + 0.25 * 2 * LN2), id="mixup"),
        # weighted shares (1, 2, 0), smoothed (1, 1.7, 0.3)
        pytest.param(
            LossCase(
                (0.5, 0.5, 0.0), loss_terms_of(weights=(2, 4, 1), smoothing=0.3), LN2 + 1.7 * 2 * LN2 + 0.3 * 2 * LN2
            ),
            id="all of it",
        ),
    ]
)
def loss_case(request):
    """One kind of loss, by hand."""
    return request.param
