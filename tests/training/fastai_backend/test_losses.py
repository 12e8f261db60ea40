import numpy as np
import pytest
import torch

from wildcam.training.fastai_backend.losses import ImbalanceLoss
from wildcam.training.imbalance import LossTerms

pytestmark = pytest.mark.slow


def test_an_image_costs_what_it_does_by_hand(loss_case):
    logits = torch.log(torch.tensor([loss_case.probabilities, loss_case.probabilities])) + 7  # any constant
    shares = torch.tensor([loss_case.shares, loss_case.shares])
    assert ImbalanceLoss(loss_case.terms)(logits, shares).item() == pytest.approx(loss_case.cost, rel=1e-5)


def test_whole_targets_count_as_their_classs_full_share():
    terms = LossTerms(np.float32([2, 1, 5]), np.float32([-1, -2, -3]), focus=2.0, smoothing=0.1)
    loss, logits = ImbalanceLoss(terms), torch.tensor([[1.0, 2.0, 3.0], [0.0, 1.0, 0.0]])
    assert loss(logits, torch.tensor([2, 0])) == loss(logits, torch.tensor([[0.0, 0, 1], [1, 0, 0]]))


def test_plain_terms_give_the_cross_entropy_of_torch():
    terms = LossTerms(np.ones(4, np.float32), np.zeros(4, np.float32), focus=0.0, smoothing=0.2)
    logits, targets = torch.randn(5, 4, generator=torch.Generator().manual_seed(0)), torch.tensor([0, 3, 1, 1, 2])
    expected = torch.nn.functional.cross_entropy(logits, targets, label_smoothing=0.2)
    torch.testing.assert_close(ImbalanceLoss(terms)(logits, targets), expected)
