"""`python -m wildcam.web`: the server process that `wildcam serve` starts, with a pipe that says that it lives."""

import os
import signal
import stat
from threading import Thread

from wildcam.web.app import run


def _end_with_parent() -> None:
    """Stop the server when standard input ends: the parent is gone, however it ended, and the port must not stay."""
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    if stat.S_ISFIFO(os.fstat(0).st_mode):
        Thread(target=_end_with_parent, daemon=True).start()
    run()
