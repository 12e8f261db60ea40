"""Lets the network compute in bfloat16 or float16."""

import torch
from fastai.callback.fp16 import AMPMode, MixedPrecision
from fastcore.foundation import L
from torch.amp.autocast_mode import autocast
from torch.amp.grad_scaler import GradScaler

from wildcam.training.recipe import Precision

_DTYPES = {Precision.BFLOAT16: torch.bfloat16, Precision.FLOAT16: torch.float16}


class HalfPrecision(MixedPrecision):
    """fastai's, on whichever device the network is; its own needs CUDA. Loss and weights stay float32."""

    def __init__(self, precision: Precision) -> None:
        super().__init__(AMPMode.FP16 if precision is Precision.FLOAT16 else AMPMode.BF16)
        self._precision = precision

    def before_fit(self) -> None:
        """Only float16 needs its gradients scaled: bfloat16 has the range of float32."""
        device = self.dls.device.type
        self.autocast = casting(self._precision, device)
        self.learn.scaler = GradScaler(device, enabled=self._precision is Precision.FLOAT16)
        self.scales = L()


def casting(precision: Precision, device: str) -> autocast:
    """A context in which torch computes so; in float32 it changes nothing."""
    return autocast(device, dtype=_DTYPES.get(precision), enabled=precision in _DTYPES)
