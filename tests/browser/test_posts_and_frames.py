"""What only a real browser decides: a form posted by script, frames, and the CSP."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs

import msgspec
import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Page
from playwright.sync_api import expect
from werkzeug import Response

from oauthapp.configuration import load_settings
from oauthapp.demo_settings import write_demo_settings
from oauthapp.provider_workers import provider_working
from oauthapp.running import build_app
from oauthapp.running import build_provider
from oauthapp.serving import Server
from oauthapp.settings import Settings
from oauthapp.settings import User
from tests.browser.conftest import let_go
from tests.callers.receiver import Receiver
from tests.callers.receiver import receiver

__all__ = ["receiver"]


@dataclass(frozen=True, kw_only=True)
class Parties:
    app_url: str
    provider_url: str
    alice: User


@pytest.fixture
def parties(tmp_path: Path, receiver: Receiver, browser: Browser) -> Iterator[Parties]:
    """Both, as in the demo, but for form_post and a client that shows frames."""
    with ExitStack() as stack:
        app_server, provider_server = Server("localhost", 0), Server("127.0.0.1", 0)
        path = write_demo_settings(
            tmp_path, app_port=app_server.port, provider_port=provider_server.port
        )
        settings = _changed(load_settings(path, {}), receiver.url)
        assert settings.app is not None and settings.provider is not None
        provider = build_provider(settings)
        stack.enter_context(app_server.running(build_app(settings)))
        stack.enter_context(provider_server.running(provider))
        stack.enter_context(provider_working(provider))
        yield Parties(
            app_url=settings.app.base_url,
            provider_url=settings.provider.issuer,
            alice=settings.provider.users[0],
        )
        let_go(browser)


def _changed(settings: Settings, told_at: str) -> Settings:
    replace = msgspec.structs.replace
    app, provider = settings.app, settings.provider
    assert app is not None and provider is not None
    by_post = replace(app.providers["demo"], response_mode="form_post")
    client = replace(
        provider.clients[0],
        redirect_uris=[*provider.clients[0].redirect_uris, told_at],
        frontchannel_logout_uri=told_at,
    )
    return replace(
        settings,
        app=replace(app, providers={"demo": by_post}),
        provider=replace(provider, clients=[client]),
    )


def sign_in(page: Page, parties: Parties) -> None:
    page.goto(f"{parties.app_url}/login/demo?next=/me")
    page.get_by_label("User name").fill(parties.alice.sub)
    page.get_by_label("Password").fill(parties.alice.password)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Allow").click()


def test_form_post_signs_in_across_sites(page: Page, parties: Parties) -> None:
    sign_in(page, parties)

    page.wait_for_url(f"{parties.app_url}/me")
    expect(page.get_by_text("Alice Example").first).to_be_visible()


def test_a_refusal_comes_by_form_post_too(page: Page, parties: Parties) -> None:
    page.goto(f"{parties.app_url}/login/demo")
    page.get_by_label("User name").fill(parties.alice.sub)
    page.get_by_label("Password").fill(parties.alice.password)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Deny").click()

    expect(page.get_by_text("provider_said_no")).to_be_visible()


def test_form_post_works_without_javascript(browser: Browser, parties: Parties) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, parties)
    page.get_by_role("button", name="Continue").click()

    page.wait_for_url(f"{parties.app_url}/me")
    context.close()


def test_signing_out_at_the_provider_ends_the_session_at_the_app(
    page: Page, parties: Parties, receiver: Receiver
) -> None:
    receiver.answers.append(Response("signed out", mimetype="text/html"))
    sign_in(page, parties)
    page.wait_for_url(f"{parties.app_url}/me")
    page.goto(f"{parties.provider_url}/logout")
    page.get_by_role("button", name="Sign out").click()

    # The frame was shown, and then the page went on by itself.
    page.wait_for_url(f"{parties.provider_url}/")
    assert told(receiver) == [parties.provider_url]
    # The logout token came from server to server meanwhile.
    page.goto(f"{parties.app_url}/me")
    while page.get_by_text("Alice Example").count():
        page.reload()
    expect(page.get_by_text("not_signed_in")).to_be_visible()


def told(receiver: Receiver) -> list[str]:
    """The issuer that each frame named."""
    return [parse_qs(query)["iss"][0] for query in receiver.queries if "sid=" in query]
