"""What every page is on a phone, light and dark: accessible, and no wider than it."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from playwright.sync_api import BrowserContext
from playwright.sync_api import Page

PHONE = {"width": 390, "height": 844}
#: axe-core's rules that look at colours: all that light and dark differ in.
OF_COLOURS = ["color-contrast", "link-in-text-block"]


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
    _require_accessible(page, {})
    page.emulate_media(color_scheme="dark")
    _require_accessible(page, {"runOnly": OF_COLOURS})


def _require_accessible(page: Page, rules: dict[str, list[str]]) -> None:
    found = Axe().run(page, options={"resultTypes": ["violations"], **rules})
    assert found.violations_count == 0, found.generate_report()
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE["width"], f"{page.url} is {wide} px wide"
