"""A form on another site posts to the provider: a Lax cookie does not come along."""

from html import escape

import pytest
from playwright.sync_api import Page
from playwright.sync_api import Route
from playwright.sync_api import expect

from oauthapp.demo import Demo
from tests.browser.test_login import sign_in


@pytest.fixture
def other_site(page: Page) -> str:
    """A page whose button posts to the address in its query."""

    def form(route: Route) -> None:
        target = escape(route.request.url.partition("?")[2])
        button = f'<form method="post" action="{target}"><button>go</button></form>'
        route.fulfill(content_type="text/html", body=button)

    page.route("http://other-site.test/**", form)
    return "http://other-site.test/"


def test_another_sites_form_signs_nobody_out(
    page: Page, demo: Demo, other_site: str
) -> None:
    sign_in(page, demo)
    page.goto(f"{other_site}?{demo.provider_url}/logout")
    page.get_by_role("button", name="go").click()

    expect(page.get_by_text("You are still signed in at the provider")).to_be_visible()
    page.goto(demo.provider_url)
    expect(page.get_by_text("nobody in this browser")).to_have_count(0)
