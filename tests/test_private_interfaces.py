"""What the program takes from the inside of a library, and where it overrules a library's types.

Each is listed with the version in which it was seen. Another version fails here: look at the place again, mend it or
drop it, then raise the version in the table.
"""

import ast
import importlib
import re
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest

from wildcam.settings import PROJECT_DIR

SOURCES = sorted(
    [PROJECT_DIR / "app.py", *(PROJECT_DIR / "pages").rglob("*.py"), *(PROJECT_DIR / "wildcam").rglob("*.py")]
)

SEEN_IN = {"pandas": "3.1.1", "pyarrow": "25.0.1", "pydantic": "2.14.4", "streamlit": "1.67.0", "tensorboard": "2.21.0"}
SEEN_IN |= {"onnxruntime": "1.32.0", "openvino": "2026.4.1", "mypy": "2.4.1"}

INTERNAL = {
    ("streamlit.elements.lib.column_types", "ColumnConfig"): "streamlit",  # what st.column_config returns
    ("streamlit.elements.arrow", "DataframeStateInput"): "streamlit",  # a selection that is written
    ("streamlit.delta_generator", "DeltaGenerator"): "streamlit",  # what a container is
    ("streamlit.navigation.page", "StreamlitPage"): "streamlit",  # what st.Page returns
}
"""Names from modules that Streamlit does not document."""

IGNORED = {
    r"json_schema_extra": "pydantic",  # is a dictionary or a function
    r"field\.annotation \| None": "pydantic",  # is typed as a class
    r"tensorboard\.compat\.proto": "tensorboard",  # generated, without annotations
    r"\bpc\.\w+_regex": "pyarrow",  # functions are made when it is imported
    r"hash_pandas_object": "pandas",  # its annotation leaves DataFrames out
    r"from openvino import": "openvino",
    r"from onnxruntime import": "onnxruntime",
    r"__signature__": "mypy",  # a function may have one
    r'columns\["image_id"\]': "mypy",  # what a caller gives may be anything with a length
}
"""Code on a line with `type: ignore`, and the library that made it necessary. mypy reports one that is not needed."""


@pytest.mark.parametrize("library", sorted({*INTERNAL.values(), *IGNORED.values()}))
def test_the_library_is_the_version_that_was_inspected(library: str) -> None:
    places = [what for what, name in [*INTERNAL.items(), *IGNORED.items()] if name == library]
    assert version(library) == SEEN_IN[library], f"look again at {places}, then raise SEEN_IN[{library!r}]"


@pytest.mark.parametrize(("module", "name"), INTERNAL)
def test_an_internal_name_is_still_there(module: str, name: str) -> None:
    assert hasattr(importlib.import_module(module), name)


def internal_imports() -> Iterator[tuple[Path, str, str]]:
    public = re.compile(r"streamlit(\.(testing\.v1|components\.v1|column_config))?")
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "streamlit":
                for alias in node.names:
                    if not public.fullmatch(str(node.module)):
                        yield path, str(node.module), alias.name


def test_every_name_from_the_inside_of_streamlit_is_listed() -> None:
    found = [
        f"{path.relative_to(PROJECT_DIR)}: {module}.{name}"
        for path, module, name in internal_imports()
        if (module, name) not in INTERNAL
    ]
    assert not found, "use a documented name, or list it in INTERNAL\n" + "\n".join(found)


def test_every_ignored_type_is_listed_with_its_library() -> None:
    found = []
    for path in SOURCES:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if "# type: ignore" in line and not any(re.search(pattern, line) for pattern in IGNORED):
                found.append(f"{path.relative_to(PROJECT_DIR)}:{number} {line.strip()}")
            assert "# type: ignore" not in line or "# type: ignore[" in line, f"{path}:{number} names no error code"
    assert not found, "mend the type, or list it in IGNORED\n" + "\n".join(found)
