"""A person with a browser signs in, says no, errs, reloads, goes back, signs out."""

from playwright.sync_api import Page
from playwright.sync_api import expect

from oauthapp.demo import Demo


def test_signing_in_shows_who_you_are(page: Page, demo: Demo) -> None:
    sign_in(page, demo)
    page.goto(f"{demo.app_url}/me")

    expect(page.get_by_text("Alice Example").first).to_be_visible()


def test_the_compare_page_shows_both_callbacks(page: Page, demo: Demo) -> None:
    sign_in(page, demo)

    expect(page.get_by_text("/callback/demo").first).to_be_visible()
    expect(page.get_by_text("/webhooks/demo").first).to_be_visible()
    expect(page.get_by_text("looks like a browser").first).to_be_visible()
    expect(page.get_by_text("looks like a server").first).to_be_visible()


def test_saying_no_signs_nobody_in(page: Page, demo: Demo) -> None:
    begin(page, demo)
    fill_in_password(page, demo)
    page.get_by_role("button", name="Deny").click()

    expect(page.get_by_text("provider_said_no")).to_be_visible()
    assert page.request.get(f"{demo.app_url}/me").status == 401


def test_a_wrong_password_can_be_corrected(page: Page, demo: Demo) -> None:
    begin(page, demo)
    page.get_by_label("User name").fill("alice")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()

    fill_in_password(page, demo)
    page.get_by_role("button", name="Allow").click()

    assert page.request.get(f"{demo.app_url}/me").status == 200


def test_reloading_at_the_end_changes_nothing(page: Page, demo: Demo) -> None:
    sign_in(page, demo)
    page.reload()

    assert page.url == f"{demo.app_url}/"
    assert page.request.get(f"{demo.app_url}/me").status == 200


def test_the_back_button_does_not_break_the_session(page: Page, demo: Demo) -> None:
    sign_in(page, demo)
    page.go_back()
    page.goto(f"{demo.app_url}/me")

    expect(page.get_by_text("Alice Example").first).to_be_visible()


def test_signing_out_ends_the_session(page: Page, demo: Demo) -> None:
    sign_in(page, demo)
    page.goto(f"{demo.app_url}/me")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_load_state()

    assert page.request.get(f"{demo.app_url}/me").status == 401


def test_the_provider_remembers_consent(page: Page, demo: Demo) -> None:
    sign_in(page, demo)
    begin(page, demo)  # no login page, no consent page

    assert page.url == f"{demo.app_url}/"


def begin(page: Page, demo: Demo) -> None:
    page.goto(demo.app_url)
    page.get_by_role("link", name="Sign in with demo").first.click()
    page.wait_for_load_state()


def fill_in_password(page: Page, demo: Demo) -> None:
    page.get_by_label("User name").fill("alice")
    page.get_by_label("Password").fill(demo.users[0].password)
    page.get_by_role("button", name="Sign in").click()


def sign_in(page: Page, demo: Demo) -> None:
    begin(page, demo)
    fill_in_password(page, demo)
    page.get_by_role("button", name="Allow").click()
    page.wait_for_url(f"{demo.app_url}/")
