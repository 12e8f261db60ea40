"""How a worker ended, where it could not write that to MLflow: killed, or its disk full. Files of the run's folder.

The standard library only: the supervisor of each worker imports this.
"""

import json
import os
import signal
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from wildcam.runs.states import State

STOP_FILE = "stop"  # a stop was requested
HEARD_FILE = "stop_heard"  # the worker is about to stop
EXIT_RECORD_FILE = "exit_record.json"

RESERVED_BYTES = 4096  # a block of its own, allocated in advance: it can be filled in on a full disk


@dataclass(frozen=True)
class ExitRecord:
    """The state that a worker could not store, with its sentence; or how its process ended."""

    stored_state: str = ""
    sentence: str = ""
    exit_code: int | None = None  # negative: the signal that killed it

    @classmethod
    def read(cls, path: Path) -> "ExitRecord":
        """What is known."""
        with suppress(OSError, ValueError, TypeError):
            return cls(**json.loads(path.read_text()))
        return cls()

    @staticmethod
    def reserve(path: Path) -> None:
        """Forget an earlier exit, and keep the room for the next."""
        path.parent.mkdir(parents=True, exist_ok=True)
        _fill(path, b"")

    def write(self, path: Path) -> None:
        """Fill in the reserved block, in one piece."""
        _fill(path, json.dumps(asdict(self)).encode())

    @property
    def state(self) -> State | None:
        """The state that it ended in; None where it wrote none."""
        return State(self.stored_state) if self.stored_state else None

    @property
    def reason(self) -> str:
        """One sentence, with what to change."""
        if self.stored_state:
            return self.sentence
        match self.exit_code:
            case None | 0:
                return "Its worker ended without an exit code (killed, or the machine went down)."
            case code if code == -signal.SIGKILL:
                return (
                    "Its worker was killed (signal 9), often by the kernel when memory runs out: "
                    "choose a smaller batch or image size, or close other programs."
                )
            case code if code < 0:
                return f"Its worker was ended by signal {-code} ({_signal_name(-code)}): see the end of its log."
            case code:
                return f"Its worker ended with exit code {code} before it could say why: see the end of its log."


def _fill(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o644)
    try:
        os.pwrite(descriptor, content.ljust(RESERVED_BYTES), 0)
    finally:
        os.close(descriptor)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return "unknown"
