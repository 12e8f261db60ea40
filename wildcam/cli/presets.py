"""`presets`: the experiments to start from."""

from typing import Annotated

import typer

from wildcam.architectures.parameters import count_parameters
from wildcam.architectures.presets import PRESETS
from wildcam.cli.output import AsJson, print_rows


def list_presets(
    classes: Annotated[int, typer.Option(min=2, help="Count parameters for this many classes.")] = 215,
    as_json: AsJson = False,
) -> None:
    """List the presets with framework, input size and parameters."""
    rows = []
    for name, preset in PRESETS.items():
        count = count_parameters(name, classes, preset.image_size)
        row = {
            "preset": name,
            "framework": str(preset.framework),
            "input px": preset.image_size,
            "trainable": count.trainable if as_json else f"{count.trainable:,}",
            "total": count.total if as_json else f"{count.total:,}",
            "title": preset.title,
        }
        rows.append(row | ({"description": preset.description, "reported": preset.reported} if as_json else {}))
    print_rows(rows, as_json=as_json, empty="")
