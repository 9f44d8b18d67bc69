"""The provider in somebody else's tests: each kind of client signs in at it."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs
from urllib.parse import urlsplit

import httpx
import httpx2
import pytest
import requests
from authlib.integrations.flask_client import OAuth
from flask import Flask
from flask import redirect
from flask import session
from joserfc import jws
from joserfc import jwt
from joserfc.jwk import KeySet
from werkzeug.wrappers import Response

from oauthapp.clock import MovableClock
from oauthapp.testing.listening import bound
from oauthapp.testing.listening import listening
from oauthapp.testing.provider import OAuthProvider
from oauthapp.testing.seen import sent
from oauthapp.testing.walking import SignInStopped

HERE = "http://localhost"


def application(provider: OAuthProvider, origin: str = HERE) -> Flask:
    """A relying party as Authlib's documentation shows it."""
    app = Flask(__name__)
    app.secret_key = "only for tests"
    client = provider.client(f"{origin}/callback")
    oauth = OAuth(app)
    oauth.register(
        "provider",
        client_id=client.client_id,
        client_secret=client.client_secret,
        server_metadata_url=f"{provider.issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid email", "code_challenge_method": "S256"},
    )

    @app.get("/login")
    def login() -> Response:
        return oauth.provider.authorize_redirect(f"{origin}/callback")

    @app.get("/callback")
    def callback() -> Response | tuple[str, int]:
        error = parse_qs(urlsplit(_url()).query).get("error")
        if error:
            return error[0], 403
        token = oauth.provider.authorize_access_token()
        session["user"] = token["userinfo"]["sub"]
        return redirect("/")

    @app.get("/")
    def home() -> str:
        return str(session.get("user", "nobody"))

    return app


def _url() -> str:
    from flask import request

    return request.url


@pytest.fixture
def served(oauth_provider: OAuthProvider) -> Iterator[str]:
    """The application on a real socket."""
    server = bound("localhost")
    origin = f"http://localhost:{server.server_port}"
    with listening(server, application(oauth_provider, origin)):
        yield origin


def test_flasks_test_client_signs_in(oauth_provider: OAuthProvider) -> None:
    browser = application(oauth_provider).test_client()

    answer = oauth_provider.sign_in(browser, "/login")

    assert (answer.status_code, answer.location) == (302, "/")
    assert browser.get("/").text == "alice"


def test_requests_signs_in(oauth_provider: OAuthProvider, served: str) -> None:
    with requests.Session() as browser:
        oauth_provider.sign_in(browser, f"{served}/login", as_="bob")

        assert browser.get(f"{served}/").text == "bob"


@pytest.mark.parametrize("library", [httpx, httpx2], ids=["httpx", "httpx2"])
def test_httpx_and_its_successor_sign_in(
    library: Any, oauth_provider: OAuthProvider, served: str
) -> None:
    with library.Client() as browser:
        oauth_provider.sign_in(browser, f"{served}/login")

        assert browser.get(f"{served}/").text == "alice"


def test_a_user_who_says_no(oauth_provider: OAuthProvider) -> None:
    browser = application(oauth_provider).test_client()
    oauth_provider.deny()

    answer = oauth_provider.sign_in(browser, "/login")

    assert (answer.status_code, answer.text) == (403, "access_denied")
    oauth_provider.requests.assert_none("/token")
    oauth_provider.approve()
    assert oauth_provider.sign_in(browser, "/login").status_code == 302


def test_two_users_in_one_browser_are_two_sessions(
    oauth_provider: OAuthProvider,
) -> None:
    browser = application(oauth_provider).test_client()
    for user in ("alice", "bob", "alice"):
        oauth_provider.sign_in(browser, "/login", as_=user)
        assert browser.get("/").text == user


def test_a_user_of_the_tests_own(oauth_provider: OAuthProvider) -> None:
    oauth_provider.add_user("carol", name="Carol", email="carol@example.com")
    browser = application(oauth_provider).test_client()

    oauth_provider.sign_in(browser, "/login", as_="carol")

    assert browser.get("/").text == "carol"


def test_what_the_provider_was_asked_is_seen_without_secrets(
    oauth_provider: OAuthProvider,
) -> None:
    oauth_provider.sign_in(application(oauth_provider).test_client(), "/login")

    asked = sent(oauth_provider.requests.only("/token"))

    assert asked["grant_type"] == "authorization_code"
    assert asked["code_verifier"].startswith("[code_verifier ")
    assert sent(oauth_provider.requests.only("/authorize"))["scope"] == "openid email"


def test_an_assertion_that_fails_tells_what_was_seen(
    oauth_provider: OAuthProvider,
) -> None:
    requests.get(f"{oauth_provider.issuer}/nowhere", timeout=5)

    with pytest.raises(AssertionError, match=r"0 calls to /token.*\n.*GET +/nowhere"):
        oauth_provider.requests.only("/token")


def test_a_login_that_the_provider_refuses_says_why(
    oauth_provider: OAuthProvider,
) -> None:
    app = application(oauth_provider, "http://testserver")
    oauth_provider._services.settings.clients.clear()

    with pytest.raises(SignInStopped, match="/authorize with 400: client_unknown"):
        oauth_provider.sign_in(app.test_client(), "/login")


def test_a_login_that_leads_nowhere_says_so(oauth_provider: OAuthProvider) -> None:
    app = application(oauth_provider)

    with pytest.raises(SignInStopped, match="leads nowhere"):
        oauth_provider.sign_in(app.test_client(), "/")


def test_an_unknown_client_library_is_named(oauth_provider: OAuthProvider) -> None:
    with pytest.raises(TypeError, match="cannot sign in with a object"):
        oauth_provider.sign_in(object(), "/login")


def test_tokens_for_an_api_without_a_browser(
    oauth_provider: OAuthProvider, callback_clock: MovableClock
) -> None:
    client = oauth_provider.client("http://localhost/callback")
    token = oauth_provider.issue_tokens(client, "bob", scope="openid email")

    def ask() -> requests.Response:
        headers = {"Authorization": f"Bearer {token['access_token']}"}
        url = f"{oauth_provider.issuer}/userinfo"
        return requests.get(url, headers=headers, timeout=5)

    assert ask().json()["email"] == "bob@example.com"
    callback_clock.advance(3601)
    assert ask().status_code == 401


def test_rotated_keys_are_both_published(oauth_provider: OAuthProvider) -> None:
    new = oauth_provider.rotate_keys()

    keys = requests.get(f"{oauth_provider.issuer}/jwks", timeout=5).json()["keys"]

    assert len(keys) == 2
    assert new in {key["kid"] for key in keys}


def test_logout_everywhere_ends_tokens(oauth_provider: OAuthProvider) -> None:
    client = oauth_provider.client("http://localhost/callback")
    browser = application(oauth_provider).test_client()
    oauth_provider.sign_in(browser, "/login")
    oauth_provider.logout_everywhere()

    oauth_provider.sign_in(browser, "/login")

    assert len(oauth_provider.requests.to("/login", method="POST")) == 2
    assert client.client_id


def test_nobody_gives_orders_by_http(oauth_provider: OAuthProvider) -> None:
    """A test asks its provider itself; what it tests has nothing to ask there."""
    for path in ("/control/faults", "/control/users", "/control/clock", "/faults"):
        for method in ("GET", "POST"):
            url = f"{oauth_provider.issuer}{path}"
            assert requests.request(method, url, timeout=5).status_code == 404


def test_who_fetches_the_key_that_a_token_names_gets_it_and_is_seen(
    oauth_provider: OAuthProvider,
) -> None:
    """Else a client that believes every `jku` would seem to refuse it."""
    client = oauth_provider.client("http://localhost/callback")
    oauth_provider.fault("id_token_jku_injected")

    token = oauth_provider.issue_tokens(client)["id_token"]
    brought = jws.extract_compact(token.encode()).headers()["jku"]
    keys = KeySet.import_key_set(requests.get(brought, timeout=5).json())

    assert jwt.decode(token, keys, algorithms=["RS256"]).claims["sub"] == "alice"
    assert len(oauth_provider.requests.to(urlsplit(brought).path)) == 1


def test_an_unknown_fault_is_refused(oauth_provider: OAuthProvider) -> None:
    for name in ("nothing", "deny", "state_replayed"):
        with pytest.raises(ValueError, match=f"'{name}' is no fault"):
            oauth_provider.fault(name)


def test_what_anybody_meets_is_not_armed_for_one(oauth_provider: OAuthProvider) -> None:
    with pytest.raises(ValueError, match="leave client= out"):
        oauth_provider.fault("jwks_empty", client="one")


def test_a_suite_may_fail_as_often_as_it_likes(oauth_provider: OAuthProvider) -> None:
    """Every test of it calls from one address, in one minute."""
    form = {"grant_type": "client_credentials", "client_id": "nobody"}
    answers = {
        requests.post(
            f"{oauth_provider.issuer}/token", data=form, timeout=5
        ).status_code
        for _ in range(12)
    }

    assert answers == {401}
