"""The diagram of the parts: the layers that pyproject.toml declares, and the imports that there are between them."""

import re
import sys
import tomllib
from html import escape
from pathlib import Path

import grimp

REPOSITORY = Path(__file__).resolve().parent.parent.parent
WIDTH, ROW, BOX_HEIGHT, BOX_WIDTH, LEFT, TOP = 760, 44, 30, 320, 200, 16
GROUND_FLOOR = "ground floor"
STYLE = """
  text { font: 14px system-ui, sans-serif; fill: #1c2420; }
  .box { fill: #e8f3ec; stroke: #1f6f43; }
  .arrow { fill: none; stroke: #1f6f43; stroke-opacity: .55; }
  .background { fill: #ffffff; }
"""


def layers_diagram() -> str:
    """An SVG: a box for each layer from the top to the ground floor, an arc for each part that another one uses.

    Arcs to the left skip layers, arrows between neighbours are straight. The ground floor serves all and gets no arcs.
    """
    layers = read_layers()
    names = [" · ".join(layer) for layer in layers[:-1]] + [f"{GROUND_FLOOR}: {', '.join(layers[-1])}"]
    height = TOP * 2 + ROW * len(layers)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
        f"<title>The layers of WildCam, from the top to the {GROUND_FLOOR}</title><style>{STYLE}</style>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0L8 4L0 8z" fill="#1f6f43"/></marker></defs>',
        f'<rect class="background" width="{WIDTH}" height="{height}"/>',
        *(_arrow(source, target) for source, target in sorted(arrows(layers))),
        *(_box(row, name, wide=row == len(names) - 1) for row, name in enumerate(names)),
        "</svg>",
    ]
    return "\n".join(parts)


def read_layers() -> list[list[str]]:
    """The parts of each layer, from the top, without the package's name."""
    linter = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    layers = next(contract["layers"] for contract in linter["contracts"] if contract["id"] == "layers")
    return [[name.removeprefix("wildcam.") for name in re.split(r"\s*[|:]\s*", layer)] for layer in layers]


def arrows(layers: list[list[str]]) -> set[tuple[int, int]]:
    """Pairs of rows of which the first imports the second; those to the ground floor are left out."""
    row_of = {name: row for row, layer in enumerate(layers) for name in layer}
    sys.path.insert(0, str(REPOSITORY))
    graph = grimp.build_graph("pages", "wildcam", exclude_type_checking_imports=True, cache_dir=None)
    sys.path.remove(str(REPOSITORY))
    found = set()
    for module in graph.modules:
        for imported in graph.find_modules_directly_imported_by(module):
            source, target = row_of.get(_part_of(module)), row_of.get(_part_of(imported))
            if source is not None and target is not None and source != target != len(layers) - 1:
                found.add((source, target))
    return found


def _part_of(module: str) -> str:
    root, *rest = module.split(".")
    return "pages" if root == "pages" else (rest or [""])[0]


def _box(row: int, name: str, *, wide: bool) -> str:
    left, width = (10, WIDTH - 20) if wide else (LEFT, BOX_WIDTH)
    top, size = TOP + row * ROW, 12 if wide else 14
    return (
        f'<rect class="box" x="{left}" y="{top}" width="{width}" height="{BOX_HEIGHT}" rx="6"/>'
        f'<text x="{left + width / 2}" y="{top + 20}" text-anchor="middle" '
        f'style="font-size:{size}px">{escape(name)}</text>'
    )


def _arrow(source: int, target: int) -> str:
    middle = LEFT + BOX_WIDTH / 2
    if target == source + 1:
        top, bottom = TOP + source * ROW + BOX_HEIGHT, TOP + target * ROW
        return f'<path class="arrow" d="M{middle} {top}L{middle} {bottom}" marker-end="url(#tip)"/>'
    left = source % 2 == 0
    edge = LEFT if left else LEFT + BOX_WIDTH
    reach = min(180, 12 * (target - source) + 10) * (-1 if left else 1)
    start, end = TOP + source * ROW + BOX_HEIGHT / 2, TOP + target * ROW + BOX_HEIGHT / 2
    return (
        f'<path class="arrow" d="M{edge} {start}C{edge + reach} {start} {edge + reach} {end} {edge} {end}" '
        'marker-end="url(#tip)"/>'
    )
