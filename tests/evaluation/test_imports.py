"""The evaluation is numbers alone: charts and reports are drawn elsewhere."""

import ast
import subprocess
import sys

import pytest

from wildcam.settings import PROJECT_DIR

MODULES = sorted(path.stem for path in (PROJECT_DIR / "wildcam" / "evaluation").glob("[a-z]*.py"))


def test_an_evaluation_loads_no_charts() -> None:
    code = "import sys\n" + "\n".join(f"import wildcam.evaluation.{name}" for name in MODULES)
    code += (
        "\nprint([name for name in sys.modules if name.split('.')[0] == 'plotly' or name.startswith('wildcam.charts')])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT_DIR, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("path", sorted((PROJECT_DIR / "wildcam" / "charts").glob("*.py")), ids=lambda path: path.stem)
def test_charts_take_tables_and_know_nothing_of_training_or_studies(path: object) -> None:
    imported = [node.module or "" for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ImportFrom)]
    assert not [name for name in imported if name.startswith(("wildcam.training", "wildcam.studies"))]
