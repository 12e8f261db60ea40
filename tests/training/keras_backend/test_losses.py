import math

import keras
import numpy as np
import pytest

from wildcam.training.imbalance import LossTerms
from wildcam.training.keras_backend.losses import ImbalanceLoss, objective

pytestmark = pytest.mark.slow


def test_an_image_costs_what_it_does_by_hand(loss_case):
    loss = ImbalanceLoss(loss_case.terms)
    probabilities = np.array([loss_case.probabilities, loss_case.probabilities], np.float32)
    shares = np.array([loss_case.shares, loss_case.shares], np.float32)
    assert float(loss(shares, probabilities)) == pytest.approx(loss_case.cost, rel=1e-5)


def test_a_sigmoid_is_two_classes():
    plain = LossTerms(np.ones(2, np.float32), np.zeros(2, np.float32), focus=0.0, smoothing=0.0)
    adjusted = LossTerms(np.ones(2, np.float32), np.log(np.float32([3 / 4, 1 / 4])), focus=0.0, smoothing=0.0)
    shares, animal = np.eye(2, dtype=np.float32), np.full((2, 1), 1 / 4, np.float32)  # one empty, one animal
    assert float(ImbalanceLoss(plain)(shares, animal)) == pytest.approx((math.log(4 / 3) + math.log(4)) / 2, rel=1e-5)
    # 3/4 · 3/4 and 1/4 · 1/4 are 9 to 1
    assert float(ImbalanceLoss(adjusted)(shares, animal)) == pytest.approx(
        (math.log(10 / 9) + math.log(10)) / 2, rel=1e-5
    )


@pytest.mark.parametrize("columns", [1, 2])
def test_train_accuracy_counts_the_class_of_the_larger_share(columns):
    terms = LossTerms(np.ones(2, np.float32), np.zeros(2, np.float32), focus=2.0, smoothing=0.1)
    _, (_, accuracy) = objective(terms, sigmoid=columns == 1)
    probabilities = np.float32([[0.6, 0.4], [0.2, 0.8], [0.7, 0.3]])[:, -columns:]
    accuracy.update_state(np.float32([[0.7, 0.3], [0.4, 0.6], [0.1, 0.9]]), probabilities)
    assert float(accuracy.result()) == pytest.approx(2 / 3)


def test_a_certain_mistake_is_costly_but_finite_and_so_is_its_gradient():
    terms = LossTerms(np.ones(3, np.float32), np.zeros(3, np.float32), focus=2.0, smoothing=0.1)
    logits = keras.Variable(np.float32([[60.0, 0.0, -60.0]]))
    shares = np.float32([[0.0, 0.0, 1.0]])
    if keras.backend.backend() != "tensorflow":
        pytest.skip("gradients are taken by TensorFlow's tape")
    import tensorflow as tf

    with tf.GradientTape() as tape:
        loss = ImbalanceLoss(terms)(shares, keras.ops.softmax(logits))
    gradient = tape.gradient(loss, logits.value)
    assert 50 < float(loss) < 200
    assert np.isfinite(gradient.numpy()).all()
