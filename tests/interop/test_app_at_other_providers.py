"""Our app signs in at providers that no one here wrote."""

from collections.abc import Callable
from contextlib import ExitStack

import pytest
import requests

from oauthapp.settings import LoginProvider
from oauthapp.visitor import Visitor

#: It runs in this process and uses what Authlib deprecates.
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture
def issuer(stack: ExitStack) -> str:
    """A running oidc-provider-mock with the user alice."""
    from oidc_provider_mock import User
    from oidc_provider_mock import run_server_in_thread

    alice = User(sub="alice", claims={"name": "Alice Elsewhere"})
    server = stack.enter_context(run_server_in_thread(user_claims=[alice]))
    url = f"http://localhost:{server.server_port}/.well-known/openid-configuration"
    named: str = requests.get(url, timeout=5).json()["issuer"]
    return named


@pytest.fixture
def app_url(issuer: str, app_url_at: Callable[[LoginProvider], str]) -> str:
    registration = LoginProvider(issuer=issuer, client_id="any", client_secret="any")
    return app_url_at(registration)


def test_the_app_signs_in_at_oidc_provider_mock(app_url: str, visitor: Visitor) -> None:
    visitor.open(f"{app_url}/login/other?next=/me")
    visitor.submit({"sub": "alice"})

    me = visitor.open_json(f"{app_url}/me")
    assert me["sub"] == "alice"
    assert me["provider"] == "other"
    assert me["claims"]["name"] == "Alice Elsewhere"


def test_a_denied_login_at_oidc_provider_mock_signs_nobody_in(
    app_url: str, visitor: Visitor
) -> None:
    visitor.open(f"{app_url}/login/other")
    page = visitor.submit({}, button=("action", "deny"))

    assert page.status_code == 400
    # On Python 3.11 it is a version whose denial carries no state, so that it could
    # be anybody's (RFC 6749 §4.1.2.1).
    assert "provider_said_no" in page.text or "state_missing" in page.text
    assert visitor.open(f"{app_url}/me").status_code == 401
