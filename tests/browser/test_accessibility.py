"""Every page, light and dark: no violation that axe-core finds, and it fits a phone."""

from playwright.sync_api import Page
from playwright.sync_api import expect

from oauthapp.demo import Demo
from tests.browser.accessible import check
from tests.browser.accessible import context

__all__ = ["context"]


def test_every_page_of_a_login_is_accessible_and_fits_a_phone(
    page: Page, demo: Demo
) -> None:
    page.goto(demo.app_url)
    check(page)  # nothing has happened yet
    page.get_by_role("link", name="Sign in with demo").click()
    check(page)  # sign in
    fill_in(page, "wrong")
    check(page)  # wrong password
    fill_in(page, demo.users[0].password)
    check(page)  # consent
    page.get_by_role("button", name="Allow").click()
    page.wait_for_url(f"{demo.app_url}/")
    expect(page.get_by_text("/webhooks/demo").first).to_be_visible()
    check(page)  # compare
    for summary in page.locator("summary").all():
        summary.click()
    check(page)  # compare, every call opened
    page.goto(f"{demo.app_url}/me")
    check(page)
    page.get_by_role("button", name="Sign out").click()
    check(page)  # sign out at the provider as well?
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{demo.app_url}/")


def test_every_page_of_a_payment_is_accessible_and_fits_a_phone(
    page: Page, demo: Demo
) -> None:
    page.goto(f"{demo.app_url}/orders")
    check(page)  # the shop
    page.get_by_role("button", name="Buy it").click()
    check(page)  # the payment page
    payment = page.url
    checkout = payment.rpartition("/")[2]
    page.goto(f"{demo.app_url}/orders/return?checkout={checkout}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Waiting for the webhook")
    check(page)  # not paid
    page.get_by_role("link", name="Go and pay").click()
    page.get_by_role("button", name="Pay 12.50 EUR").click()
    page.wait_for_url(f"{demo.app_url}/orders/ord_*")
    while page.get_by_role("link", name="Look again").count():
        page.get_by_role("link", name="Look again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your order is paid")
    check(page)  # paid
    page.goto(payment)
    check(page)  # the payment page, afterwards


def test_the_checklist_is_accessible_and_fits_a_phone(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.app_url}/callback/demo?state=x&code=y&iss=z")
    page.goto(f"{demo.app_url}/security")
    check(page)
    page.get_by_role("button", name="Switch off: state_came").click()
    expect(page.get_by_role("alert")).to_be_visible()
    check(page)
    page.goto(demo.app_url)
    expect(page.get_by_role("alert")).to_contain_text("state_came")
    check(page)


ERRORS = ("/me", "/nowhere", "/login/nobody", "/callback/demo?state=x&code=y&iss=z")


def test_every_error_page_is_accessible_and_fits_a_phone(
    page: Page, demo: Demo
) -> None:
    for path in ERRORS:
        page.goto(f"{demo.app_url}{path}")
        check(page)


def test_the_providers_own_pages_are_accessible_and_fit_a_phone(
    page: Page, demo: Demo
) -> None:
    page.goto(demo.provider_url)
    check(page)
    page.get_by_role("link", name="Let this provider do something wrong").click()
    page.get_by_role("button", name="Arm token_500").click()
    expect(page.get_by_text("Armed now")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Disarm all").click()
    check(page)
    page.goto(f"{demo.provider_url}/authorize?client_id=oauthapp-demo&redirect_uri=x")
    check(page)


def test_the_pages_of_a_job_and_a_build_are_accessible_and_fit_a_phone(
    page: Page, demo: Demo
) -> None:
    page.goto(f"{demo.app_url}/builds")
    check(page)  # nothing was pushed
    page.goto(f"{demo.app_url}/exports")
    check(page)
    page.get_by_role("button", name="Begin an export at demo").click()
    check(page)  # under way
    demo.arrivals.wait_for("/results/")
    page.get_by_role("link", name="Look again").click()
    expect(page.get_by_role("heading", name="The export is done")).to_be_visible()
    check(page)
    page.goto(f"{demo.provider_url}/repos/demo")
    check(page)  # nothing was pushed
    page.get_by_role("button", name="Push a commit").click()
    check(page)
    demo.arrivals.wait_for("/webhooks/")
    page.goto(f"{demo.app_url}/builds")
    check(page)


def fill_in(page: Page, password: str) -> None:
    page.get_by_label("User name").fill("alice")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_load_state()
