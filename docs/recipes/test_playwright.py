"""A real browser: a page of Playwright; pytest-playwright has the fixture, too."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page
from playwright.sync_api import sync_playwright

from oauthapp.testing.provider import OAuthProvider

pytestmark = pytest.mark.browser


@pytest.fixture
def page() -> Iterator[Page]:
    """The machine's own chromium; pytest-playwright brings a fixture of this name."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None and not os.environ.get("CI"):
        pytest.skip("no chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox"]
        )
        yield browser.new_page()
        browser.close()


def test_alice_signs_in(page: Page, oauth_provider: OAuthProvider, origin: str) -> None:
    oauth_provider.sign_in(page, f"{origin}/login")

    assert page.url == f"{origin}/"
    assert page.get_by_text("alice").is_visible()
