"""The page Glossary."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from pages.widgets.glossary import glossary_help
from wildcam.glossary import load_glossary
from wildcam.settings import PROJECT_DIR


@pytest.fixture
def open_page() -> Callable[..., AppTest]:
    def open_(**parameters: str) -> AppTest:
        app = AppTest.from_file(PROJECT_DIR / "pages" / "glossary" / "page.py", default_timeout=60)
        for name, value in parameters.items():
            app.query_params[name] = value
        return app.run()

    return open_


def test_every_term_is_explained(open_page: Callable[..., AppTest]) -> None:
    app = open_page()
    assert not app.exception
    shown = " ".join(element.value for element in app.markdown)
    assert all(term.text in shown for group in load_glossary() for term in group.terms.values())


def test_a_link_leads_to_its_term_alone(open_page: Callable[..., AppTest]) -> None:
    app = open_page(term="macro_f1")
    assert [element.value for element in app.markdown][0] == "**Macro-F1**"
    assert len(app.markdown) == 2


def test_an_old_link_to_a_term_that_is_gone_shows_all(open_page: Callable[..., AppTest]) -> None:
    app = open_page(term="gone")
    assert not app.exception
    assert len(app.subheader) == len(load_glossary())


def test_a_help_text_holds_the_line_and_the_link() -> None:
    text = glossary_help("macro_f1")
    assert "TP" in text
    assert text.endswith("[Glossary](glossary?term=macro_f1)")
