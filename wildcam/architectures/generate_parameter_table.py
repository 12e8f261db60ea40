"""Fills `parameter_table.py` from the networks themselves: `python -m wildcam.architectures.generate_parameter_table`.

Counts grow linearly with the classes, and with the cells of the last feature map where a network flattens it. So three
networks of each preset are enough. A process for each framework, since torch and TensorFlow share one badly.
"""

import json
import math
import subprocess
import sys
from pathlib import Path

from wildcam.architectures.parameters import ParameterCount
from wildcam.architectures.presets import DEFAULT_BACKBONE, PRESETS, Framework
from wildcam.counting import counted

TABLE_PATH = Path(__file__).with_name("parameter_table.py")
CLASSES, SIDE, CELL = 2, 32, 4
"""What is counted: so many classes and one more, images of so many px and of one cell more."""

ROWS_BEGIN = "PARAMETER_TABLE = {\n"


def main() -> None:
    """Replace the rows of the table."""
    rows: dict[str, list[int]] = {}
    for framework in Framework:
        command = [sys.executable, "-m", "wildcam.architectures.generate_parameter_table", framework]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        rows |= json.loads(done.stdout.splitlines()[-1])
    lines = [f'    "{name}": ParameterRow({", ".join(f"{number:_}" for number in rows[name])}),\n' for name in PRESETS]
    head = TABLE_PATH.read_text(encoding="utf-8").partition(ROWS_BEGIN)[0]
    TABLE_PATH.write_text(head + ROWS_BEGIN + "".join(lines) + "}\n", encoding="utf-8")


def _row(preset: str) -> list[int]:
    """The fields of a `ParameterRow`."""
    first = _count(preset, CLASSES, SIDE)
    cells = (SIDE // CELL) ** 2
    each_class = _count(preset, CLASSES + 1, SIDE).total - first.total
    each_cell = (_count(preset, CLASSES, SIDE + CELL).total - first.total) // ((SIDE // CELL + 1) ** 2 - cells)
    added = each_class * CLASSES + each_cell * cells
    return [first.trainable - added, first.total - added, each_class, each_cell]


def _count(preset: str, classes: int, image_size: int) -> ParameterCount:
    print(f"{preset}, {counted(classes, 'class')}, {image_size} px", file=sys.stderr, flush=True)
    if PRESETS[preset].framework is Framework.KERAS:
        from wildcam.architectures import keras_models

        network = keras_models.build_network(preset, classes, image_size)
        return ParameterCount(
            sum(math.prod(weight.shape) for weight in network.trainable_weights), network.count_params()
        )
    if PRESETS[preset].framework is Framework.SCIKIT_LEARN:
        from wildcam.architectures.backbones import load_backbone

        info = load_backbone(DEFAULT_BACKBONE, pretrained=False).info
        head = (info.features + 1) * classes
        return ParameterCount(head, head + info.parameters)
    from wildcam.architectures import fastai_models

    number = sum(parameter.numel() for parameter in fastai_models.build_network(classes).parameters())
    return ParameterCount(number, number)


if __name__ == "__main__":
    if len(sys.argv) == 1:
        main()
    else:
        print(json.dumps({name: _row(name) for name, preset in PRESETS.items() if preset.framework == sys.argv[1]}))
