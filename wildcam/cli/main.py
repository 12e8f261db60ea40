"""The command line, put together: `python -m wildcam COMMAND`.

Exit codes: 0, 1 (it failed), 2 (the command or its values are wrong). An error is one line on standard error.
"""

import sys

import typer
from typer.exceptions import Abort, TyperException

from wildcam.cli import (
    data,
    demo,
    evaluate,
    export,
    identify,
    models,
    predict,
    presets,
    results,
    runs,
    serve,
    study,
    train,
)
from wildcam.errors import UsageError, WildcamError

FAILED, MISUSED = 1, 2

app = typer.Typer(
    help="WildCam: explore camera-trap photos, train classifiers, identify species, evaluate.",
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"token_normalize_func": lambda token: token.replace("-", "_")},  # camtrap-dp is camtrap_dp
)
app.command("demo")(demo.make_demo)
app.command("serve")(serve.serve)
app.add_typer(data.app, name="data", help="Import, list, describe and check data sets.")
app.command("presets")(presets.list_presets)
app.command("train")(train.train)
app.add_typer(runs.app, name="runs", help="List, watch, stop, resume, clone and delete runs.")
app.add_typer(models.app, name="models", help="List, promote and verify models.")
app.command("identify")(identify.identify)
app.command("predict")(predict.predict)
app.command("results")(results.take_results)
app.command("export")(export.export_predictions)
app.command("evaluate")(evaluate.evaluate)
app.command("study")(study.study)


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    try:
        return app(arguments, standalone_mode=False, prog_name="wildcam") or 0
    except TyperException as error:
        return _complain(f"{error.format_message().rstrip('.')}. See --help.", error.exit_code)
    except UsageError as error:
        return _complain(str(error), MISUSED)
    except WildcamError as error:
        return _complain(str(error), FAILED)
    except OSError as error:
        return _complain(f"{error.strerror or error}: {error.filename or 'a file'} cannot be used.", FAILED)
    except (Abort, KeyboardInterrupt):
        return _complain("Interrupted.", FAILED)


def _complain(message: str, code: int) -> int:
    print(f"wildcam: {' '.join(message.split())}", file=sys.stderr)
    return code
