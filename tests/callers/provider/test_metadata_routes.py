"""The metadata's promises, one by one, are kept."""

from typing import Any

import pytest

from oauthapp.callers.provider.claims import SCOPE_CLAIMS
from tests.attacks.provider_house import ISSUER
from tests.attacks.provider_house import Provider
from tests.attacks.provider_house import answered


@pytest.fixture
def metadata(provider: Provider) -> dict[str, Any]:
    answer = provider.machine().get("/.well-known/openid-configuration")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    found: dict[str, Any] = answer.get_json()
    return found


def test_each_endpoint_is_ours_and_answers(
    provider: Provider, metadata: dict[str, Any]
) -> None:
    machine = provider.machine()
    answers = {
        "authorization_endpoint": ("get", 400),
        "token_endpoint": ("post", 400),
        "userinfo_endpoint": ("get", 401),
        "end_session_endpoint": ("get", 200),
        "jwks_uri": ("get", 200),
        "revocation_endpoint": ("post", 401),
        "introspection_endpoint": ("post", 401),
        "pushed_authorization_request_endpoint": ("post", 401),
    }
    promised = {n for n in metadata if n.endswith("_endpoint") or n == "jwks_uri"}

    assert promised == set(answers)
    for name, (method, status) in answers.items():
        url = metadata[name]
        assert url.startswith(f"{ISSUER}/")
        found = getattr(machine, method)(url.removeprefix(ISSUER))
        assert found.status_code == status, name


def test_each_scope_opens_its_claims_and_no_others(
    provider: Provider, metadata: dict[str, Any]
) -> None:
    promised = set(metadata["claims_supported"]) - {"sub", "auth_time", "sid"}

    assert promised == {c for claims in SCOPE_CLAIMS.values() for c in claims}
    assert {"openid", "offline_access"} <= set(metadata["scopes_supported"])
    for scope in metadata["scopes_supported"]:
        answer = provider.browser().authorize(scope=scope)
        refused = scope in ("address", "phone")  # which this client may not have
        assert (answer.status_code == 303) is refused
        if refused:
            assert answered(answer)["error"] == "invalid_scope"


def test_each_prompt_is_understood(
    provider: Provider, metadata: dict[str, Any]
) -> None:
    for prompt in metadata["prompt_values_supported"]:
        browser = provider.browser()
        browser.sign_in()
        answer = browser.authorize(prompt=prompt)
        assert "invalid_request" not in (answer.location or "")


@pytest.mark.parametrize("feature", ["request", "request_uri"])
def test_what_is_not_supported_is_said_and_refused(
    provider: Provider, metadata: dict[str, Any], feature: str
) -> None:
    assert metadata[f"{feature}_parameter_supported"] is False
    said = answered(provider.browser().authorize(**{feature: "x"}))
    assert said["error"] == f"{feature}_not_supported"


def test_each_way_to_authenticate_redeems_a_code(
    provider: Provider, metadata: dict[str, Any]
) -> None:
    uri = "http://127.0.0.1:7/cb"
    code = provider.code(client_id="native", redirect_uri=uri)
    form = {
        "grant_type": "authorization_code",
        "client_id": "native",
        "code": code,
        "redirect_uri": uri,
        "code_verifier": "v" * 43,
    }
    assert provider.machine().post("/token", data=form).status_code == 200
    methods = {
        one.token_endpoint_auth_method for one in provider.services.settings.clients
    }
    assert methods == set(metadata["token_endpoint_auth_methods_supported"])
