"""The device that a worker would compute on, found without loading a framework."""

import os
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

import psutil

from wildcam.counting import counted

CONTAINER_DIR = Path("/sys/fs/cgroup")  # https://docs.kernel.org/admin-guide/cgroup-v2.html#memory
FROZEN, FINE_TUNED = "probe", "efficientnet_lite0"
QUERY = ["nvidia-smi", "--query-gpu=name,memory.total", "--format=csv,noheader"]


def describe_device() -> str:
    """The GPUs with their memory, else the processor's cores and the machine's memory."""
    return (
        "; ".join(_gpus())
        or f"CPU with {counted(os.cpu_count() or 1, 'core')} and {_memory_gib():.0f} GiB of memory; no GPU was found"
    )


def default_preset() -> str:
    """What training begins with, where nobody chose: fine-tuning where there is a GPU whose driver answers, else frozen
    features of the same backbone, which train in a minute.
    """
    return FINE_TUNED if _gpus() else FROZEN


def free_memory_bytes() -> int:
    """Free memory of the machine, or of the container that this runs in."""
    free = psutil.virtual_memory().available
    with suppress(OSError, ValueError):  # no container with a limit of its own
        limit, used = (int((CONTAINER_DIR / name).read_text()) for name in ("memory.max", "memory.current"))
        free = min(free, limit - used)
    return max(0, free)


def _gpus() -> list[str]:
    if shutil.which(QUERY[0]) is None:
        return []
    try:
        done = subprocess.run(QUERY, capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):  # a driver that does not answer is no GPU to train on
        return []
    return [line.strip() for line in done.stdout.splitlines() if line.strip()]


def _memory_gib() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
