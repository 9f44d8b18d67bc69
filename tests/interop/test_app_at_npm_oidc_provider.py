"""Our app signs people in and out at oidc-provider, a certified one, on Node.

It demands PKCE, names itself in its answers (RFC 9207), and calls our app before it
shows the page after a sign-out, so that no test has to wait.
"""

from collections.abc import Callable
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
import requests

from oauthapp.serving import Server
from oauthapp.settings import LoginProvider
from oauthapp.visitor import Visitor
from tests.interop.node_tools import running

ALLOW = ("decision", "allow")
DENY = ("decision", "deny")
SIGN_OUT = ("logout", "yes")


@dataclass(frozen=True, kw_only=True)
class Parties:
    app_url: str
    issuer: str


Start = Callable[..., Parties]


@pytest.fixture
def start(
    stack: ExitStack,
    app_server: Server,
    app_url_at: Callable[[LoginProvider], str],
    node_packages: None,
) -> Start:
    """Starts both; named arguments change what the provider knows of our app."""

    def start(**changes: object) -> Parties:
        client = client_at(f"http://localhost:{app_server.port}") | changes
        ready = stack.enter_context(running("provider.mjs", {"clients": [client]}))
        registration = LoginProvider(
            issuer=ready["issuer"], client_id="ours", client_secret="s: %/+"
        )
        return Parties(app_url=app_url_at(registration), issuer=ready["issuer"])

    return start


def client_at(app_url: str) -> dict[str, object]:
    """Our app as the README says to register it."""
    return {
        "client_id": "ours",
        "client_secret": "s: %/+",  # each of these is to be encoded on its way
        "redirect_uris": [f"{app_url}/callback/other"],
        "post_logout_redirect_uris": [f"{app_url}/signed-out/other"],
        "backchannel_logout_uri": f"{app_url}/backchannel-logout/other",
        "backchannel_logout_session_required": True,
    }


@pytest.fixture
def second_visitor() -> Iterator[Visitor]:
    """The same person in another browser."""
    one = Visitor()
    yield one
    one.close()


def test_the_app_signs_in_at_oidc_provider(start: Start, visitor: Visitor) -> None:
    parties = start()
    sign_in(visitor, parties)

    me = visitor.open_json(f"{parties.app_url}/me")
    assert (me["provider"], me["sub"]) == ("other", "alice")
    assert me["claims"]["name"] == "alice Elsewhere"
    assert me["claims"]["email"] == "alice@example.com"


def test_a_denied_login_at_oidc_provider_signs_nobody_in(
    start: Start, visitor: Visitor
) -> None:
    parties = start()
    visitor.open(f"{parties.app_url}/login/other")
    visitor.submit({"login": "alice"}, button=ALLOW)
    page = visitor.submit({}, button=DENY)

    assert page.status_code == 400
    assert "provider_said_no" in page.text
    assert not signed_in(visitor, parties)


def test_signing_out_of_the_app_leads_through_oidc_provider_and_back(
    start: Start, visitor: Visitor
) -> None:
    parties = start()
    sign_in(visitor, parties)

    sign_out_of_the_app(visitor, parties)
    home = visitor.submit({}, button=SIGN_OUT)

    assert (home.status_code, home.url) == (200, f"{parties.app_url}/")
    assert not signed_in(visitor, parties)
    asked = visitor.open(f"{parties.app_url}/login/other")
    assert 'name="login"' in asked.text  # signed out there, too


def test_the_way_back_must_be_registered_to_the_letter(
    start: Start, visitor: Visitor, app_server: Server
) -> None:
    slash_added = f"http://localhost:{app_server.port}/signed-out/other/"
    parties = start(post_logout_redirect_uris=[slash_added])
    sign_in(visitor, parties)

    page = sign_out_of_the_app(visitor, parties)

    assert page.status_code == 400
    assert "post_logout_redirect_uri not registered" in page.text
    assert not signed_in(visitor, parties)  # at ours it has ended all the same


def test_signing_out_at_oidc_provider_ends_that_session_of_the_app(
    start: Start, visitor: Visitor, second_visitor: Visitor
) -> None:
    parties = start()
    sign_in(visitor, parties)
    sign_in(second_visitor, parties)

    sign_out_at_the_provider(visitor, parties)

    assert not signed_in(visitor, parties)
    assert signed_in(second_visitor, parties)


def test_a_logout_that_names_the_user_alone_ends_all_sessions_of_the_app(
    start: Start, visitor: Visitor, second_visitor: Visitor
) -> None:
    parties = start(backchannel_logout_session_required=False)
    sign_in(visitor, parties)
    sign_in(second_visitor, parties)

    sign_out_at_the_provider(visitor, parties)

    assert not signed_in(visitor, parties)
    assert not signed_in(second_visitor, parties)


def sign_in(visitor: Visitor, parties: Parties) -> None:
    visitor.open(f"{parties.app_url}/login/other?next=/me")
    visitor.submit({"login": "alice"}, button=ALLOW)
    page = visitor.submit({}, button=ALLOW)
    assert (page.status_code, page.url) == (200, f"{parties.app_url}/me"), page.text


def sign_out_of_the_app(visitor: Visitor, parties: Parties) -> requests.Response:
    """The provider's page that it leads to."""
    visitor.open(f"{parties.app_url}/me")
    return visitor.submit({})


def sign_out_at_the_provider(visitor: Visitor, parties: Parties) -> None:
    url = f"{parties.issuer}/.well-known/openid-configuration"
    visitor.open(visitor.open_json(url)["end_session_endpoint"])
    page = visitor.submit({}, button=SIGN_OUT)
    assert page.status_code == 200, page.text


def signed_in(visitor: Visitor, parties: Parties) -> bool:
    status = visitor.open(f"{parties.app_url}/me").status_code
    assert status in (200, 401)
    return status == 200
