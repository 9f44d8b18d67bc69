"""RULES C.6 at the provider: revocation (RFC 7009)."""

import pytest

from tests.attacks.provider_house import OFFLINE
from tests.attacks.provider_house import Provider


def test_C6_a_revoked_access_token_opens_nothing_and_the_rest_lives(
    provider: Provider,
) -> None:
    tokens = provider.tokens(scope=OFFLINE)
    answer = provider.post("/revoke", token=tokens["access_token"])

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert provider.userinfo(tokens["access_token"]).status_code == 401
    assert provider.refresh(tokens["refresh_token"]).status_code == 200


@pytest.mark.parametrize("hint", ["refresh_token", "access_token", "unknown"])
def test_C6_a_revoked_refresh_token_takes_its_access_tokens_along(
    provider: Provider, hint: str
) -> None:
    tokens = provider.tokens(scope=OFFLINE)
    token = tokens["refresh_token"]
    answer = provider.post("/revoke", token=token, token_type_hint=hint)

    assert answer.status_code == 200
    assert provider.userinfo(tokens["access_token"]).status_code == 401
    assert provider.refresh(token).status_code == 400


@pytest.mark.parametrize("token", ["x", "é", "A" * 4000])
def test_C6_an_unknown_token_is_as_good_as_revoked(
    provider: Provider, token: str
) -> None:
    assert provider.post("/revoke", token=token).status_code == 200


def test_C6_another_clients_token_is_not_revoked(provider: Provider) -> None:
    tokens = provider.tokens(scope=OFFLINE)
    for token in (tokens["access_token"], tokens["refresh_token"]):
        told = provider.post("/revoke", "jwt", token=token)
        assert (told.status_code, told.get_json()["error"]) == (400, "invalid_request")
        # Who proves nothing does not learn whether there is such a token.
        assert provider.post("/revoke", "native", token=token).status_code == 200

    assert provider.userinfo(tokens["access_token"]).status_code == 200
    assert provider.refresh(tokens["refresh_token"]).status_code == 200


def test_C6_who_revokes_has_to_say_what_and_prove_who_it_is(provider: Provider) -> None:
    token = provider.tokens()["access_token"]
    missing = provider.post("/revoke")
    unproven = provider.machine().post("/revoke", data={"token": token})
    twice = provider.machine().post(
        "/revoke", data={"client_id": "native", "token": [token, token]}
    )

    assert (missing.status_code, missing.get_json()["error"]) == (
        400,
        "invalid_request",
    )
    assert (unproven.status_code, unproven.get_json()["error"]) == (
        401,
        "invalid_client",
    )
    assert unproven.headers["WWW-Authenticate"] == 'Basic realm="revoke"'
    assert twice.get_json()["error"] == "invalid_request"
    assert provider.machine().get("/revoke").status_code == 405
    assert provider.userinfo(token).status_code == 200
