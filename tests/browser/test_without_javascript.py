"""The whole login and the comparison, with JavaScript off."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import BrowserContext
from playwright.sync_api import Page
from playwright.sync_api import expect

from oauthapp.demo import Demo


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(java_script_enabled=False)
    opened.set_default_timeout(10_000)
    yield opened
    opened.close()


def test_a_login_can_be_made_and_compared_by_keyboard(page: Page, demo: Demo) -> None:
    page.goto(demo.app_url)
    page.get_by_role("link", name="Sign in with demo").press("Enter")
    page.get_by_label("User name").press_sequentially("alice")
    page.keyboard.press("Tab")
    page.keyboard.type(demo.users[0].password)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Allow").press("Enter")
    page.wait_for_url(f"{demo.app_url}/")

    page.reload()
    expect(page.get_by_text("/callback/demo").first).to_be_visible()
    expect(page.get_by_text("/webhooks/demo").first).to_be_visible()
