"""A webhook of a login is replayed in a real browser: readable, and by keyboard."""

from playwright.sync_api import Page
from playwright.sync_api import expect

from oauthapp.demo import Demo
from tests.browser.accessible import check
from tests.browser.accessible import context
from tests.browser.test_accessibility import fill_in

__all__ = ["context"]


def webhook_of(page: Page, demo: Demo) -> str:
    """The id of the webhook that came when somebody signed in."""
    page.goto(f"{demo.app_url}/login/demo")
    fill_in(page, demo.users[0].password)
    page.get_by_role("button", name="Allow").click()
    page.wait_for_url(f"{demo.app_url}/")
    expect(page.get_by_text("/webhooks/demo").first).to_be_visible()
    calls = page.request.get(f"{demo.app_url}/calls").json()["calls"]
    return next(str(one["id"]) for one in calls if one["path"] == "/webhooks/demo")


def test_a_replay_can_be_asked_for_by_keyboard_and_is_told_as_a_duplicate(
    page: Page, demo: Demo
) -> None:
    page.goto(f"{demo.app_url}/inspect/{webhook_of(page, demo)}/replay")
    check(page)
    button = page.get_by_role("button", name="Send it as it was")
    button.focus()
    page.keyboard.press("Enter")

    page.wait_for_url("**/replay?sent=*")
    link = page.get_by_role("link", name="See the new call")
    for _again in range(20):  # the answer is on its way before it is recorded
        if link.count():
            break
        page.get_by_role("link", name="Look again").press("Enter")
        page.wait_for_load_state()
    expect(page.get_by_role("status")).to_contain_text("accepted, duplicate")
    check(page)
