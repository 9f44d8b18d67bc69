"""Inspector and bins in a browser: by keyboard, without JavaScript, on a phone."""

from collections.abc import Iterator

import pytest
import requests
from playwright.sync_api import Browser
from playwright.sync_api import Page
from playwright.sync_api import expect

from oauthapp.demo import Demo
from tests.browser.accessible import check
from tests.browser.accessible import context

__all__ = ["context"]

SCRIPT = "<script>document.title = 'evil'</script>"
EVIL = f"{SCRIPT}\x1b[31m"


@pytest.fixture
def without_javascript(browser: Browser) -> Iterator[Page]:
    opened = browser.new_context(java_script_enabled=False)
    opened.set_default_timeout(10_000)
    yield opened.new_page()
    opened.close()


def send_what_is_refused(demo: Demo) -> None:
    """A message with a signature of nobody's, by a hostile sender."""
    requests.post(
        f"{demo.app_url}/webhooks/demo?{EVIL}",
        json={EVIL: EVIL},
        headers={
            "webhook-id": "msg_evil",
            "webhook-timestamp": "1",
            "webhook-signature": f"v1,{'A' * 43}=",
            "X-Evil": SCRIPT,
            **{f"X-Many-{number}": "x" * 50 for number in range(100)},
        },
        timeout=10,
    )


def test_every_page_is_accessible_and_fits_a_phone(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.app_url}/inspect")
    check(page)  # nothing has happened yet
    send_what_is_refused(demo)
    page.goto(f"{demo.app_url}/inspect?text=evil&since=1")
    check(page)  # found, and the form filled in
    page.locator(".found a").first.click()
    expect(page.get_by_role("heading", name="Why it was refused")).to_be_visible()
    check(page)  # one call
    page.goto(f"{demo.app_url}/inspect?status=abc")
    check(page)  # nothing one can look for
    page.goto(f"{demo.app_url}/inspect/bins")
    check(page)
    page.get_by_label("Body").fill(EVIL)
    page.get_by_label("Fail so many times first").fill("1")
    page.get_by_role("button", name="Make a bin").click()
    requests.post(page.locator(".address code").inner_text(), json={}, timeout=10)
    page.get_by_role("link", name="Look again").click()
    expect(page.get_by_text("bin_failing")).to_be_visible()
    check(page)  # one bin
    assert page.title() != "evil"


def test_a_call_is_found_by_keyboard_without_javascript(
    without_javascript: Page, demo: Demo
) -> None:
    page = without_javascript
    send_what_is_refused(demo)
    page.goto(demo.app_url)
    page.get_by_role("link", name="Inspect").press("Enter")
    page.get_by_label("Text").press_sequentially("msg_evil")
    page.keyboard.press("Tab")
    page.keyboard.type("/webhooks")
    page.keyboard.press("Enter")
    expect(page.get_by_text("known as a message")).to_be_visible()

    page.get_by_role("link", name="POST /webhooks/demo").press("Enter")

    failed = page.locator(".check-list .failed")
    expect(page.get_by_role("heading", name="Why it was refused")).to_be_visible()
    expect(failed).to_have_count(1)
    expect(page.get_by_text("X-Evil", exact=True)).to_be_visible()
    assert "\x1b" not in page.content() and "<script>document" not in page.content()


def test_a_bin_shown_by_a_browser_is_of_no_origin(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.app_url}/inspect/bins")
    page.get_by_label("Content-Type").select_option("application/xml")
    page.get_by_label("Body").fill(
        '<x:script xmlns:x="http://www.w3.org/1999/xhtml">document.title="evil"'
        "</x:script>"
    )
    page.get_by_role("button", name="Make a bin").click()
    address = page.locator(".address code").inner_text()

    refused: list[str] = []
    beside = page.context.new_page()
    beside.on("console", lambda message: refused.append(message.text))
    beside.goto(address)

    assert beside.title() != "evil"
    assert beside.evaluate("self.origin") == "null"
    assert any("sandboxed" in one or "script" in one for one in refused)
