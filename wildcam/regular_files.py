"""The one way to open a file that somebody else has named: a regular one, of a bounded size.

A pipe waits for its writer, a device never ends, and a file may be larger than the memory.
"""

import errno
import os
import stat
from io import BufferedReader
from pathlib import Path

Name = str | os.PathLike[str]
NO_FILE = "it is a pipe, a socket or a device, not a file"


class NotARegularFile(OSError):
    """A folder, a pipe, a socket or a device in place of a file."""


class TooLarge(OSError):
    """More bytes than are read at once."""


def open_regular(path: Name) -> BufferedReader:
    """Open a file to read its bytes. Raises `OSError`, `NotARegularFile` for what is none, and waits for nothing."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY)
    except OSError as error:
        if error.errno == errno.ENXIO:  # a socket, or a device that is not there
            raise NotARegularFile(error.errno, NO_FILE, os.fspath(path)) from error
        raise
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode):
        return os.fdopen(descriptor, "rb")
    os.close(descriptor)
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), os.fspath(path))
    raise NotARegularFile(errno.EINVAL, NO_FILE, os.fspath(path))


def read_regular(path: Name, most_bytes: int) -> bytes:
    """The bytes of a file. Raises `OSError`, `TooLarge` before anything is read where it has more than that."""
    with open_regular(path) as file:
        size = os.fstat(file.fileno()).st_size
        if size > most_bytes:
            sentence = f"it has {size / 1e6:,.0f} MB, and at most {most_bytes / 1e6:,.0f} MB are read"
            raise TooLarge(errno.EFBIG, sentence, os.fspath(path))
        return file.read(most_bytes)


def is_special(path: Name) -> bool:
    """Whether a pipe, a socket or a device lies there."""
    try:
        mode = Path(path).stat().st_mode
    except (OSError, ValueError):
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)
