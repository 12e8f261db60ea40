"""Every section of a page, one click after another."""

from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import TESTING_KEY, ButtonGroup


def check(app: AppTest, where: str, errors: bool = False) -> None:
    assert not app.exception, f"{where}: {app.exception[0].message}\n{app.exception[0].stack_trace}"
    assert errors or not app.error, f"{where}: {app.error[0].value}"


def select(control: ButtonGroup, title: str) -> AppTest:
    """Click on the option of that title."""
    control.root.session_state[TESTING_KEY][control.id] = str  # titles are given, not values
    return control.set_value(title).run()


def visit_sections(app: AppTest, where: str, errors: bool = False, outer: tuple[str, ...] = ()) -> None:
    """Click on every option of every segmented control, and of those that appear after a click."""
    keys = tuple(str(control.key) for control in app.segmented_control if str(control.key) not in outer)
    for key in reversed(keys):  # the first is the outermost: its options take the others away
        for title in app.segmented_control(key=key).options[1 if outer else 0 :]:
            app = select(app.segmented_control(key=key), title)
            check(app, f"{where}, {title}", errors)
            visit_sections(app, f"{where}, {title}", errors, (*outer, *keys))
