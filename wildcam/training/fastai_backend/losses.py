"""The recipe's loss for fastai; see `LossTerms`."""

import torch
from torch import Tensor, nn

from wildcam.training.imbalance import LossTerms


class ImbalanceLoss(nn.Module):
    """Logits, (B, C), against targets, int64, (B,), or shares of the classes, float32, (B, C)."""

    weights: Tensor
    log_priors: Tensor

    def __init__(self, terms: LossTerms) -> None:
        super().__init__()
        self.register_buffer("weights", torch.from_numpy(terms.weights))
        self.register_buffer("log_priors", torch.from_numpy(terms.log_priors))
        self._focus = terms.focus
        self._smoothing = terms.smoothing

    def forward(self, logits: Tensor, targets: Tensor) -> Tensor:
        """Mean cost of the batch's images."""
        shares = targets if targets.ndim == 2 else nn.functional.one_hot(targets, len(self.weights))
        logs = torch.log_softmax(logits + self.log_priors, dim=1)  # (B, C)
        weighted = shares * self.weights
        wanted = (1 - self._smoothing) * weighted + self._smoothing * weighted.mean(dim=1, keepdim=True)
        if self._focus:
            wanted = wanted * (1 - logs.exp()) ** self._focus
        return -(wanted * logs).sum(dim=1).mean()
