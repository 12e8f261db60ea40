"""When a page of the app is ready for a screenshot."""

from playwright.sync_api import Page


def settle(page: Page) -> None:
    """Wait until the script has run through."""
    page.get_by_test_id("stMain").wait_for()
    page.wait_for_timeout(700)
    page.wait_for_function(
        "() => document.querySelector('[data-testid=\"stApp\"]')?.dataset.testScriptState === 'notRunning'"
    )
    page.wait_for_timeout(300)
