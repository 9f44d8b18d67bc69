"""openid-client and oauth4webapi change, ask about, end and read our tokens."""

from typing import Any

import pytest

from tests.interop.node_tools import LibraryRefused
from tests.interop.npm_party import Party
from tests.interop.npm_party import PartyWith

OAUTH4WEBAPI = pytest.mark.parametrize("library", ["oauth4webapi.mjs"], indirect=True)


def test_a_code_used_twice_ends_all_that_came_of_it(party_with: PartyWith) -> None:
    party = party_with()
    callback = party.decide(party.authorization_url())
    tokens = party.ask("finish", callback=callback)
    assert party.userinfo(tokens)["sub"] == "alice"

    with pytest.raises(LibraryRefused) as refused:
        party.ask("finish", callback=callback)

    assert refused.value.error == "invalid_grant"
    assert error_of_refreshing(party, tokens) == "invalid_grant"
    assert_refused_by_userinfo(party, tokens)


def test_each_refresh_token_leads_to_the_next(party_with: PartyWith) -> None:
    party = party_with()
    first = party.sign_in()

    second = refreshed(party, first)
    third = refreshed(party, second)

    assert len({one["refresh_token"] for one in (first, second, third)}) == 3
    assert third["claims"]["sub"] == "alice"
    assert party.userinfo(third)["name"] == "Alice Example"


def test_a_refresh_token_used_twice_ends_all_that_came_of_the_login(
    party_with: PartyWith,
) -> None:
    party = party_with()
    first = party.sign_in()
    second = refreshed(party, first)

    assert error_of_refreshing(party, first) == "invalid_grant"

    assert error_of_refreshing(party, second) == "invalid_grant"
    for tokens in (first, second):
        assert_refused_by_userinfo(party, tokens)


def test_an_access_token_is_introspected_until_it_is_revoked(
    party_with: PartyWith,
) -> None:
    party = party_with()
    tokens = party.sign_in()

    told = party.ask("introspect", token=tokens["access_token"])
    assert (told["active"], told["sub"], told["client_id"]) == (True, "alice", "theirs")
    assert told["scope"] == "openid profile offline_access"
    assert told["token_type"] == "Bearer"

    party.ask("revoke", token=tokens["access_token"])

    told = party.ask("introspect", token=tokens["access_token"])
    assert told == {"active": False}
    assert_refused_by_userinfo(party, tokens)
    assert refreshed(party, tokens)  # that one still can


def test_revoking_the_refresh_token_ends_all_that_came_of_the_login(
    party_with: PartyWith,
) -> None:
    party = party_with()
    tokens = party.sign_in()
    assert party.ask("introspect", token=tokens["refresh_token"])["active"]

    party.ask("revoke", token=tokens["refresh_token"])

    assert party.ask("introspect", token=tokens["refresh_token"]) == {"active": False}
    assert error_of_refreshing(party, tokens) == "invalid_grant"
    assert_refused_by_userinfo(party, tokens)


def test_a_public_client_revokes_but_may_not_introspect(party_with: PartyWith) -> None:
    party = party_with(token_endpoint_auth_method="none", client_secret="")
    tokens = party.sign_in()

    with pytest.raises(LibraryRefused) as refused:
        party.ask("introspect", token=tokens["access_token"])
    assert refused.value.status == 401

    party.ask("revoke", token=tokens["refresh_token"])
    assert error_of_refreshing(party, tokens) == "invalid_grant"


def test_a_client_gets_a_token_in_its_own_name(party_with: PartyWith) -> None:
    party = party_with(grant_types=["client_credentials"], scope="openid read write")

    tokens = party.ask("client_credentials", scope="read")
    told = party.ask("introspect", token=tokens["access_token"])

    assert (tokens["scope"], tokens["token_type"]) == ("read", "bearer")
    assert "refresh_token" not in tokens
    assert (told["sub"], told["scope"]) == ("theirs", "read")
    with pytest.raises(LibraryRefused) as refused:
        party.ask("client_credentials", scope="openid")
    assert refused.value.error == "invalid_scope"


@OAUTH4WEBAPI  # the other library is for clients only
@pytest.mark.parametrize("alg", ["RS256", "ES256"])
def test_an_api_reads_a_jwt_access_token(party_with: PartyWith, alg: str) -> None:
    party = party_with(
        access_token_format="jwt",
        audience="https://api.example",
        provider={"signing_alg": alg},
    )
    tokens = party.sign_in()

    claims = read(party, tokens["access_token"])

    assert (claims["iss"], claims["aud"]) == (party.issuer, "https://api.example")
    assert (claims["sub"], claims["client_id"]) == ("alice", "theirs")
    assert claims["scope"] == "openid profile offline_access"
    assert party.userinfo(tokens)["sub"] == "alice"


@OAUTH4WEBAPI
@pytest.mark.parametrize(
    ("kind", "audience", "wrong"),
    [
        ("access_token", "https://another.example", '"aud"'),
        ("id_token", "theirs", '"typ"'),
    ],
)
def test_an_api_reads_no_token_that_is_for_somebody_else(
    party_with: PartyWith, kind: str, audience: str, wrong: str
) -> None:
    party = party_with(access_token_format="jwt", audience="https://api.example")
    tokens = party.sign_in()

    with pytest.raises(LibraryRefused) as refused:
        read(party, tokens[kind], audience)

    assert wrong in refused.value.report["message"]


def refreshed(party: Party, tokens: dict[str, Any]) -> dict[str, Any]:
    """The tokens that come of changing the refresh token."""
    changed: dict[str, Any] = party.ask(
        "refresh", refresh_token=tokens["refresh_token"]
    )
    return changed


def error_of_refreshing(party: Party, tokens: dict[str, Any]) -> str:
    with pytest.raises(LibraryRefused) as refused:
        refreshed(party, tokens)
    assert refused.value.status == 400
    return refused.value.error


def assert_refused_by_userinfo(party: Party, tokens: dict[str, Any]) -> None:
    with pytest.raises(LibraryRefused) as refused:
        party.userinfo(tokens)
    assert refused.value.status == 401
    challenge = refused.value.report["cause"][0]
    assert challenge["scheme"] == "bearer"
    assert challenge["parameters"]["error"] == "invalid_token"


def read(
    party: Party, access_token: str, audience: str = "https://api.example"
) -> dict[str, Any]:
    claims: dict[str, Any] = party.ask(
        "read", access_token=access_token, audience=audience
    )
    return claims
