"""The preset that training begins with, where nobody chose one."""

from wildcam.training.compute_device import has_gpu

FROZEN, FINE_TUNED = "probe", "efficientnet_lite0"


def default_preset() -> str:
    """Frozen features where there is no GPU, since they train in a minute; else fine-tuning from the same weights."""
    return FINE_TUNED if has_gpu() else FROZEN
