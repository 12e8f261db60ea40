"""Copies of frozen models with other values."""

import ast

import pytest

from wildcam.changed import changed
from wildcam.errors import UsageError
from wildcam.settings import PROJECT_DIR, Settings


def test_a_copy_has_the_new_values_and_the_original_stays(tmp_path):
    settings = Settings(home=tmp_path, models=tmp_path, slots=1)
    assert changed(settings, slots=3) == Settings(home=tmp_path, models=tmp_path, slots=3)
    assert settings.slots == 1


def test_a_misspelt_or_mistyped_field_is_refused(tmp_path):
    settings = Settings(home=tmp_path, models=tmp_path)
    with pytest.raises(UsageError, match="Unknown field of Settings 'slot'.*slots"):
        changed(settings, slot=3)
    with pytest.raises(UsageError, match="slots = 'many'"):
        changed(settings, slots="many")


def test_nothing_copies_a_model_unchecked():
    calls = [
        f"{path.relative_to(PROJECT_DIR)}:{node.lineno}"
        for folder in ("wildcam", "pages", "bench")
        for path in (PROJECT_DIR / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in ("model_copy", "model_construct")
    ]
    assert calls == []
