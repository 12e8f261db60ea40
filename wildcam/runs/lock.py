"""An operating-system lock that is free the moment its holder dies, also after a reboot."""

import fcntl
import os
import time
from pathlib import Path
from typing import Self

from wildcam.errors import RunError

HANDOVER_SECONDS = 5.0
"""How long a worker that has written its last state may take to let go of its run."""


class Lock:
    """An exclusive hold on a file. Close-on-exec, so a child process takes it only when handed it."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    @classmethod
    def acquire(cls, path: Path, *, timeout_seconds: float = 0.0) -> "Lock | None":
        """Take the lock, or None where another process holds it for longer than the timeout."""
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        deadline = time.monotonic() + timeout_seconds
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return cls(descriptor)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    os.close(descriptor)
                    return None
                time.sleep(0.02)

    @classmethod
    def adopt(cls, descriptor: int) -> "Lock":
        """Take over a lock that the parent process held for this one: there is no moment without a holder."""
        try:
            os.set_inheritable(descriptor, False)
        except OSError as error:
            raise RunError(f"No lock was handed over as descriptor {descriptor}: start runs from the app.") from error
        return cls(descriptor)

    def release(self) -> None:
        """Let go. The lock stays with a process that was handed the descriptor meanwhile."""
        os.close(self.descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def is_held(path: Path) -> bool:
    """Whether a living process holds the lock. A shared hold asks: two readers never disturb each other."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return False
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
