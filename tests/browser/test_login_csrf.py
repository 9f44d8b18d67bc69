"""A victim's browser, an attacker's bait, and the one check between them."""

from playwright.sync_api import Page
from playwright.sync_api import expect

from oauthapp.demo import Demo
from oauthapp.playing.stage import ALLOW
from oauthapp.settings import User
from oauthapp.visitor import Visitor

CHECK = "state_is_this_browsers"


def test_a_victim_works_in_the_attackers_account_only_while_the_check_is_off(
    page: Page, demo: Demo
) -> None:
    page.goto(bait(demo, demo.users[0]))
    expect(page.get_by_text("This login was begun in another browser.")).to_be_visible()
    page.goto(f"{demo.app_url}/security")
    expect(page.locator(f"#{CHECK}")).to_contain_text("Pass: held")

    page.get_by_role("button", name=f"Switch off: {CHECK}").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text(CHECK)
    page.goto(bait(demo, demo.users[1]))
    page.goto(f"{demo.app_url}/me")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bob")
    page.goto(f"{demo.app_url}/security")
    expect(page.locator(f"#{CHECK}")).to_contain_text("Fail: let through")

    page.get_by_role("button", name="Switch all checks on again").press("Enter")
    expect(page.get_by_role("alert")).to_have_count(0)


def bait(demo: Demo, attacker: User) -> str:
    """The end of the attacker's own login, as a link to send to somebody."""
    visitor = Visitor()
    visitor.open(f"{demo.app_url}/login/demo")
    visitor.submit({"username": attacker.sub, "password": attacker.password})
    address = visitor.redirect_of({}, button=ALLOW)
    visitor.close()
    return address
