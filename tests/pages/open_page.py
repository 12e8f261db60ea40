"""A page of the app in a session of its own, at an address."""

from streamlit.testing.v1 import AppTest

from wildcam.settings import PROJECT_DIR

APP = PROJECT_DIR / "app.py"


def open_page(name: str, **address: str) -> AppTest:
    """The page `pages/NAME/page.py`, run without an exception. Home is the one that a session begins with."""
    app = AppTest.from_file(APP, default_timeout=120)
    app.run().switch_page(f"pages/{name}/page.py")  # which knows the pages of the run before
    app.query_params.update(address)
    app.run()
    assert not app.exception, app.exception[0].value
    return app
