"""Our app signs in at providers that no one here wrote."""

from collections.abc import Callable
from contextlib import ExitStack

import requests
from oidc_provider_mock import User
from oidc_provider_mock import run_server_in_thread

from oauthapp.settings import LoginProvider
from oauthapp.visitor import Visitor


def test_the_app_signs_in_at_oidc_provider_mock(
    stack: ExitStack, app_url_at: Callable[[LoginProvider], str], visitor: Visitor
) -> None:
    alice = User(sub="alice", userinfo={"name": "Alice Elsewhere"})
    server = stack.enter_context(run_server_in_thread(user_claims=[alice]))
    issuer = _issuer(f"http://localhost:{server.server_port}")
    app_url = app_url_at(
        LoginProvider(issuer=issuer, client_id="any", client_secret="any")
    )

    visitor.open(f"{app_url}/login/other?next=/me")
    visitor.submit({"sub": "alice"})

    me = visitor.open_json(f"{app_url}/me")
    assert me["sub"] == "alice"
    assert me["provider"] == "other"
    assert me["claims"]["name"] == "Alice Elsewhere"


def test_a_denied_login_at_oidc_provider_mock_signs_nobody_in(
    stack: ExitStack, app_url_at: Callable[[LoginProvider], str], visitor: Visitor
) -> None:
    server = stack.enter_context(run_server_in_thread())
    issuer = _issuer(f"http://localhost:{server.server_port}")
    app_url = app_url_at(
        LoginProvider(issuer=issuer, client_id="any", client_secret="any")
    )

    visitor.open(f"{app_url}/login/other")
    page = visitor.submit({}, button=("action", "deny"))

    assert page.status_code == 400
    assert "provider_said_no" in page.text
    assert visitor.open(f"{app_url}/me").status_code == 401


def _issuer(url: str) -> str:
    metadata = requests.get(f"{url}/.well-known/openid-configuration", timeout=5)
    issuer: str = metadata.json()["issuer"]
    return issuer
