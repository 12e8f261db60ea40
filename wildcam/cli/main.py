"""The command line, put together: `python -m wildcam COMMAND`.

Exit codes: 0, 1 (it failed), 2 (the command or its values are wrong). An error is one line on standard error.
"""

import re
import sys
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

import typer
from typer.exceptions import Abort, TyperException

from wildcam.accounts.acting import acts_for
from wildcam.accounts.audit import write_audit
from wildcam.cli.output import print_note
from wildcam.disk import refusals_named
from wildcam.errors import UsageError, WildcamError
from wildcam.settings import load_settings

FAILED, MISUSED = 1, 2

COMMANDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "demo": ("demo", "make_demo"),
        "serve": ("serve", "serve"),
        "data": ("data", "app"),
        "presets": ("presets", "list_presets"),
        "train": ("train", "train"),
        "runs": ("runs", "app"),
        "models": ("models", "app"),
        "identify": ("identify", "identify"),
        "predict": ("predict", "predict"),
        "results": ("results", "take_results"),
        "export": ("export", "export_predictions"),
        "evaluate": ("evaluate", "evaluate"),
        "study": ("study", "study"),
        "users": ("users", "app"),
        "audit": ("audit", "audit"),
        "backup": ("upkeep", "backup"),
        "restore": ("upkeep", "restore"),
        "doctor": ("upkeep", "doctor"),
        "disk": ("disk", "disk"),
        "clean": ("disk", "clean"),
    }
)
"""Module and name of each command, or group of commands, in the order of the help."""

OPTION = re.compile(r"--\w[\w-]*")


def build(word: str = "") -> typer.Typer:
    """The command line; where the word is a command, with that one alone: each loads only the libraries that it needs,
    and all of them take seconds.
    """
    app = typer.Typer(
        add_completion=False,
        rich_markup_mode=None,
        context_settings={"token_normalize_func": lambda token: token.replace("-", "_")},  # camtrap-dp is camtrap_dp
    )
    app.callback(help="WildCam: explore camera-trap photos, train classifiers, identify species, evaluate.")(_group)
    for name in [word] if word in COMMANDS else COMMANDS:
        module, attribute = COMMANDS[name]
        found = getattr(import_module(f"wildcam.cli.{module}"), attribute)
        if isinstance(found, typer.Typer):
            app.add_typer(found, name=name)
        else:
            app.command(name)(found)
    return app


def _group() -> None:
    """Keeps one command alone a command of a group."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    acts_for(record=write_audit)
    try:
        with refusals_named(load_settings().home):
            return build(words[0] if words else "")(words, standalone_mode=False, prog_name="wildcam") or 0
    except TyperException as error:
        message = OPTION.sub(lambda option: option[0].replace("_", "-"), error.format_message())  # as they are typed
        return _complain(f"{message.rstrip('.')}. See --help.", error.exit_code)
    except UsageError as error:
        return _complain(str(error), MISUSED)
    except WildcamError as error:
        return _complain(str(error), FAILED)
    except OSError as error:
        return _complain(f"{error.strerror or error}: {error.filename or 'a file'} cannot be used.", FAILED)
    except (Abort, KeyboardInterrupt):
        return _complain("Interrupted.", FAILED)
    finally:
        acts_for()


def _complain(message: str, code: int) -> int:
    print_note(f"wildcam: {' '.join(message.split())}")
    return code
