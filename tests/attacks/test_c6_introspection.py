"""RULES C.6 at the provider: introspection (RFC 7662)."""

from typing import Any

import pytest

from tests.attacks.house import NOW
from tests.attacks.house import Clock
from tests.attacks.provider_house import ISSUER
from tests.attacks.provider_house import OFFLINE
from tests.attacks.provider_house import Provider


def ask(provider: Provider, token: str, client_id: str = "api") -> dict[str, Any]:
    answer = provider.post("/introspect", client_id, token=token)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    told: dict[str, Any] = answer.get_json()
    return told


INACTIVE = {"active": False}


def test_C6_an_api_is_told_what_an_access_token_is_good_for(provider: Provider) -> None:
    token = provider.tokens(scope="openid email")["access_token"]

    assert ask(provider, token) == {
        "active": True,
        "iss": ISSUER,
        "client_id": "web",
        "sub": "alice",
        "scope": "openid email",
        "token_type": "Bearer",
        "aud": ISSUER,
        "iat": int(NOW),
        "exp": int(NOW) + 3600,
    }


def test_C6_a_refresh_token_is_shown_to_its_own_client_only(provider: Provider) -> None:
    tokens = provider.tokens(scope=OFFLINE)
    own = ask(provider, tokens["refresh_token"], "web")

    assert (own["active"], own["scope"], own["sub"]) == (True, OFFLINE, "alice")
    assert "token_type" not in own
    assert ask(provider, tokens["refresh_token"], "api") == INACTIVE
    provider.refresh(tokens["refresh_token"])
    assert ask(provider, tokens["refresh_token"], "web") == INACTIVE


def test_C6_what_is_no_good_token_is_inactive_and_nothing_else_is_said(
    provider: Provider, clock: Clock
) -> None:
    expired, revoked = provider.tokens()["access_token"], provider.tokens()
    provider.post("/revoke", token=revoked["access_token"])
    replayed = provider.code()
    ended = provider.redeem(replayed).get_json()["access_token"]
    provider.redeem(replayed)
    code, id_token = provider.code(), revoked["id_token"]

    for token in ("x", "é", revoked["access_token"], ended, code, id_token):
        assert ask(provider, token) == INACTIVE
    clock.now += 3600
    assert ask(provider, expired) == INACTIVE


def test_C6_a_removed_users_token_is_inactive(provider: Provider) -> None:
    token = provider.tokens()["access_token"]
    provider.without("alice")

    assert ask(provider, token) == INACTIVE


@pytest.mark.parametrize(
    ("form", "status", "code"),
    [
        ({"token": "x"}, 401, "invalid_client"),
        ({"client_id": "native", "token": "x"}, 401, "invalid_client"),
        ({"client_id": "web", "client_secret": "no", "token": "x"}, 401, None),
    ],
)
def test_C6_who_asks_has_to_prove_who_it_is(
    provider: Provider, form: dict[str, str], status: int, code: str | None
) -> None:
    answer = provider.machine().post("/introspect", data=form)

    assert answer.status_code == status
    assert code in (None, answer.get_json()["error"])
    assert answer.headers["WWW-Authenticate"] == 'Basic realm="introspect"'


def test_C6_a_question_without_a_token_is_an_invalid_request(
    provider: Provider,
) -> None:
    answer = provider.post("/introspect", "api")

    assert (answer.status_code, answer.get_json()["error"]) == (400, "invalid_request")
    assert provider.machine().get("/introspect").status_code == 405
