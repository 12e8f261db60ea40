"""The parts of the program and the one way that they depend on each other; the layers stand in pyproject.toml."""

import subprocess
import sys
import tomllib

import grimp
import networkx
import pytest

from wildcam.settings import PROJECT_DIR

LINTER = tomllib.loads((PROJECT_DIR / "pyproject.toml").read_text())["tool"]["importlinter"]
LAYERS = next(contract["layers"] for contract in LINTER["contracts"] if contract["id"] == "layers")
ENTRIES = {"wildcam.__main__", "wildcam.web.__main__"}
"""Modules that start the program and that nothing imports."""


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    sys.path.insert(0, str(PROJECT_DIR))
    try:
        return grimp.build_graph("pages", "wildcam", exclude_type_checking_imports=True, cache_dir=None)
    finally:
        sys.path.remove(str(PROJECT_DIR))


def test_no_import_runs_against_the_layers() -> None:
    code = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT_DIR, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[done.stdout.find("Broken contracts") :]


def test_no_files_import_each_other_in_a_circle(graph: grimp.ImportGraph) -> None:
    imports = networkx.DiGraph()
    for module in graph.modules:
        imports.add_edges_from((module, imported) for imported in graph.find_modules_directly_imported_by(module))
    circles = [sorted(circle) for circle in networkx.strongly_connected_components(imports) if len(circle) > 1]
    assert not circles, f"{len(circles)} circles: {circles}"


def test_every_part_has_its_place_among_the_layers(graph: grimp.ImportGraph) -> None:
    placed = {name for layer in LAYERS for name in layer.replace("|", " ").replace(":", " ").split()}
    assert graph.find_children("wildcam") - ENTRIES == placed - {"pages"}
