"""What every page is on a phone, light and dark: accessible, and no wider than it."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from playwright.sync_api import BrowserContext
from playwright.sync_api import Page

PHONE = {"width": 390, "height": 844}
#: axe-core's rules that look at colours: all that light and dark differ in.
OF_COLOURS = ["color-contrast", "link-in-text-block"]
VIOLATIONS = {"resultTypes": ["violations"]}


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A phone."""
    opened = browser.new_context(viewport=PHONE)
    opened.set_default_timeout(10_000)
    yield opened
    opened.close()


def check(page: Page) -> None:
    """By every rule in the light, and in the dark by those that look at colours."""
    page.emulate_media(color_scheme="light")
    _require_accessible(page, Axe().run(page, options=VIOLATIONS))
    page.emulate_media(color_scheme="dark")
    again = page.evaluate(
        "options => axe.run(options)", {**VIOLATIONS, "runOnly": OF_COLOURS}
    )  # it is in the page by now, and takes a while to get there
    _require_accessible(page, AxeResults(again))


def _require_accessible(page: Page, found: AxeResults) -> None:
    assert found.violations_count == 0, found.generate_report()
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE["width"], f"{page.url} is {wide} px wide"
