"""What a client asks for, and what of it may be given."""

import msgspec
import pytest

from oauthapp.callers.provider.asked import OFFLINE
from oauthapp.callers.provider.asked import Asked
from oauthapp.settings import Client

CLIENT = Client(
    client_id="web",
    client_secret="s",
    redirect_uris=["https://rp.example/cb"],
    scope=f"openid email {OFFLINE}",
)


def granted(scope: str, client: Client = CLIENT) -> str:
    return Asked(parameters=(("scope", scope),), client=client).granted_scope()


@pytest.mark.parametrize(
    ("scope", "given"),
    [
        ("openid", "openid"),
        ("email openid email", "email openid"),
        (f"openid  admin {OFFLINE}", f"openid {OFFLINE}"),
        ("admin", ""),
        ("", ""),
    ],
)
def test_a_scope_is_given_once_and_in_the_order_asked_for(
    scope: str, given: str
) -> None:
    assert granted(scope) == given


def test_who_may_not_refresh_has_no_offline_access() -> None:
    without = msgspec.structs.replace(CLIENT, grant_types=["authorization_code"])

    assert granted(f"{OFFLINE} openid", without) == "openid"


def test_of_very_many_scopes_those_that_may_be_are_given() -> None:
    many = msgspec.structs.replace(CLIENT, scope="openid " * 200_000 + "email")
    asked = " ".join(f"s{number}" for number in range(100_000))

    assert granted(f"{asked} email", many) == "email"
