"""openid-client and oauth4webapi register themselves at our provider (RFC 7591)."""

import pytest

from tests.interop.node_tools import LibraryRefused
from tests.interop.npm_party import METHODS
from tests.interop.npm_party import PartyWith


@pytest.mark.parametrize("method", METHODS)
def test_a_client_registers_itself_and_signs_a_visitor_in(
    party_with: PartyWith, method: str
) -> None:
    party = party_with(registers=True, provider={"registration": "open"})
    wanted = {
        "redirect_uris": [party.redirect_uri],
        "grant_types": ["authorization_code", "refresh_token"],
        "token_endpoint_auth_method": method,
    }

    client = party.ask("register", issuer=party.issuer, metadata=wanted)
    tokens = party.sign_in()

    assert client["token_endpoint_auth_method"] == method
    assert ("client_secret" in client) == (method != "none")
    assert tokens["claims"]["aud"] == client["client_id"]
    assert party.ask("refresh", refresh_token=tokens["refresh_token"])


def test_a_registration_may_need_an_initial_access_token(party_with: PartyWith) -> None:
    needed = {"registration": "token", "registration_token": "the-token"}
    party = party_with(registers=True, provider=needed)
    wanted = {
        "redirect_uris": [party.redirect_uri],
        "token_endpoint_auth_method": "client_secret_basic",
    }
    about = {"issuer": party.issuer, "metadata": wanted}

    with pytest.raises(LibraryRefused) as refused:
        party.ask("register", **about, token="another")

    assert refused.value.status == 401
    assert refused.value.report["cause"][0]["scheme"] == "bearer"
    assert party.ask("register", **about, token="the-token")["client_secret"]
