"""RULES C.6 at the provider: who registers sends what it likes (RFC 7591 §5)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.attacks.house import Clock
from tests.attacks.provider_house import Provider
from tests.attacks.provider_house import basic
from tests.attacks.provider_house import opened

URI = "https://rp.example/cb"


@pytest.fixture
def open_to_all(tmp_path: Path, clock: Clock) -> Iterator[Provider]:
    yield from opened(tmp_path, clock, registration="open")


def register(provider: Provider, **metadata: Any) -> Any:
    return provider.machine().post(
        "/register", json={"redirect_uris": [URI], **metadata}
    )


@pytest.mark.parametrize(
    "rest", ["#x", "\r\nX-Evil: 1", "\n", "\t", " ", "\0", "\x7f", "é", "\\"], ids=ascii
)
def test_C6_a_native_clients_uri_can_stand_in_a_header(
    open_to_all: Provider, rest: str
) -> None:
    uri = f"com.example.app:/cb{rest}"
    answer = register(open_to_all, redirect_uris=[uri], application_type="native")

    assert (answer.status_code, answer.get_json().get("error")) == (
        400,
        "invalid_redirect_uri",
    )


@pytest.mark.parametrize("host", ["x;sandbox", "x;frame-src", "x,y", "*", "'self'"])
def test_C6_no_client_writes_into_the_policy_of_our_pages(
    open_to_all: Provider, host: str
) -> None:
    """After its `;` the other clients' frames stood in another directive."""
    uri = f"https://{host}/cb"
    logout = register(open_to_all, redirect_uris=[uri], frontchannel_logout_uri=uri)

    assert logout.status_code == 400


@pytest.mark.parametrize("scope", ["admin", "openid read", "openid\nwrite", 'a"b'])
@pytest.mark.parametrize("grant_type", ["authorization_code", "client_credentials"])
def test_C6_nobody_registers_for_a_scope_of_somebody_elses_api(
    open_to_all: Provider, scope: str, grant_type: str
) -> None:
    answer = register(open_to_all, scope=scope, grant_types=[grant_type])

    assert answer.status_code == 400
    assert answer.get_json()["error"] == "invalid_client_metadata"


def test_C6_what_a_client_registered_for_is_a_users_to_give(
    tmp_path: Path, clock: Clock
) -> None:
    more = {"groups": ["groups"], "read": []}
    for provider in opened(tmp_path, clock, registration="open", scopes=more):
        assert register(provider, scope="openid read").status_code == 400
        grant = "client_credentials"
        told = register(provider, scope="groups", grant_types=[grant]).get_json()
        answer = provider.machine().post(
            "/token",
            data={"grant_type": grant, "scope": "groups"},
            headers=basic(told["client_id"], told["client_secret"]),
        )
        assert answer.get_json()["error"] == "invalid_scope"


@pytest.mark.parametrize("text", [rb"\ud800", rb"\udcff", b"\xff", b"\xed\xa0\x80"])
def test_C6_metadata_that_is_no_text_is_refused(
    open_to_all: Provider, text: bytes
) -> None:
    answer = open_to_all.machine().post(
        "/register",
        data=b'{"redirect_uris":["https://rp.example/cb"],"client_name":"%s"}' % text,
        content_type="application/json",
    )

    assert answer.status_code == 400, answer.text
    assert answer.get_json()["error"] == "invalid_client_metadata"


@pytest.mark.parametrize("client_id", ["%FF", "%ED%A0%80", "%00", "a%00b", "%C3%A9"])
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/authorize", 400),
        ("/logout", 400),
        ("/token", 401),
        ("/revoke", 401),
        ("/introspect", 401),
        ("/par", 401),
    ],
)
def test_C6_a_client_id_that_is_no_text_is_nobodys(
    open_to_all: Provider, path: str, status: int, client_id: str
) -> None:
    answer = open_to_all.machine().post(
        path,
        data=f"client_id={client_id}&grant_type=refresh_token&token=x",
        content_type="application/x-www-form-urlencoded",
    )

    assert answer.status_code == status, answer.text
