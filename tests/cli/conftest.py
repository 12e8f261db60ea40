"""The command line in this process, so that no command loads everything anew; workers are processes all the same."""

import io
import os
import subprocess
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from unittest import mock

import pytest

from wildcam.cli.main import main


@pytest.fixture(scope="session")
def command_here(command_line: type) -> type:
    """Made with a folder, it runs commands there."""

    class CommandHere(command_line):
        def __call__(self, *words: object) -> subprocess.CompletedProcess[str]:
            with ExitStack() as changed:
                changed.enter_context(mock.patch.dict(os.environ, self.environment))
                out = changed.enter_context(redirect_stdout(io.StringIO()))
                complaints = changed.enter_context(redirect_stderr(io.StringIO()))
                code = main(list(map(str, words)))
            return subprocess.CompletedProcess(words, code, out.getvalue(), complaints.getvalue())

    return CommandHere
