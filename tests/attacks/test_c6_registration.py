"""RULES C.6 at the provider: clients register themselves (RFC 7591), where allowed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from oauthapp.callers.provider import client_store
from oauthapp.database import reading
from oauthapp.settings import ProviderLimits
from tests.attacks.house import NOW
from tests.attacks.house import Clock
from tests.attacks.provider_house import VERIFIER
from tests.attacks.provider_house import Provider
from tests.attacks.provider_house import basic
from tests.attacks.provider_house import opened

URI = "https://rp.example/cb"
METADATA = {"redirect_uris": [URI], "client_name": "Theirs"}


@pytest.fixture
def open_to_all(tmp_path: Path, clock: Clock) -> Iterator[Provider]:
    yield from opened(tmp_path, clock, registration="open")


@pytest.fixture
def by_token(tmp_path: Path, clock: Clock) -> Iterator[Provider]:
    yield from opened(
        tmp_path, clock, registration="token", registration_token="the token"
    )


def register(provider: Provider, **changes: Any) -> Any:
    wanted = {**METADATA, **changes}
    sent = {name: value for name, value in wanted.items() if value is not None}
    return provider.machine().post("/register", json=sent)


def test_C6_nobody_registers_unless_the_settings_allow_it(provider: Provider) -> None:
    metadata = provider.machine().get("/.well-known/openid-configuration").get_json()

    assert register(provider).status_code == 404
    assert "registration_endpoint" not in metadata


def test_C6_a_client_that_registered_signs_people_in(open_to_all: Provider) -> None:
    provider = open_to_all
    answer = register(provider)
    told = answer.get_json()

    assert answer.status_code == 201
    assert answer.headers["Cache-Control"] == "no-store"
    code = provider.code(client_id=told["client_id"], redirect_uri=URI)
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": URI}
    headers = basic(told["client_id"], told["client_secret"])
    tokens = provider.machine().post(
        "/token", data={**form, "code_verifier": VERIFIER}, headers=headers
    )
    assert tokens.status_code == 200


def test_C6_the_answer_says_what_was_registered(open_to_all: Provider) -> None:
    told = register(open_to_all, logo_uri="https://rp.example/logo").get_json()
    secret = told.pop("client_secret")

    assert len(secret) >= 32
    assert told.pop("client_id")
    assert told == {
        **METADATA,
        "client_id_issued_at": int(NOW),
        "client_secret_expires_at": 0,
        "application_type": "web",
        "grant_types": ["authorization_code"],
        "response_types": ["code"],
        "token_endpoint_auth_method": "client_secret_basic",
        "require_pushed_authorization_requests": False,
        "scope": "openid profile email offline_access",
    }


def test_C6_a_scope_is_registered_once(open_to_all: Provider) -> None:
    told = register(open_to_all, scope="openid email " * 2000).get_json()

    assert told["scope"] == "openid email"


@pytest.mark.parametrize(("size", "status"), [(48_000, 201), (49_152, 400)])
def test_C6_a_client_with_more_than_can_be_read_again_is_refused(
    open_to_all: Provider, size: int, status: int
) -> None:
    answer = register(open_to_all, client_name="x" * size)
    told = answer.get_json()

    assert answer.status_code == status
    if status == 400:
        assert told["error"] == "invalid_client_metadata"
        return
    page = open_to_all.browser().authorize(
        client_id=told["client_id"], redirect_uri=URI
    )
    assert page.request.path == "/login"


def test_C6_a_public_client_gets_no_secret(open_to_all: Provider) -> None:
    told = register(open_to_all, token_endpoint_auth_method="none").get_json()

    assert "client_secret" not in told
    assert "client_secret_expires_at" not in told


def test_C6_a_native_client_has_a_port_that_varies(open_to_all: Provider) -> None:
    changes = {"application_type": "native", "token_endpoint_auth_method": "none"}
    uris = ["http://127.0.0.1/cb"]
    told = register(open_to_all, redirect_uris=uris, **changes).get_json()
    page = open_to_all.browser().authorize(
        client_id=told["client_id"], redirect_uri="http://127.0.0.1:4711/cb"
    )

    assert page.request.path == "/login"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"redirect_uris": None}, "invalid_redirect_uri"),
        ({"redirect_uris": []}, "invalid_redirect_uri"),
        ({"redirect_uris": "https://rp.example/cb"}, "invalid_redirect_uri"),
        ({"redirect_uris": [7]}, "invalid_redirect_uri"),
        ({"redirect_uris": ["http://rp.example/cb"]}, "invalid_redirect_uri"),
        ({"redirect_uris": [URI + "#x"]}, "invalid_redirect_uri"),
        ({"redirect_uris": ["javascript:alert(1)"]}, "invalid_redirect_uri"),
        ({"token_endpoint_auth_method": "private_key_jwt"}, "invalid_client_metadata"),
        ({"grant_types": ["implicit"]}, "invalid_client_metadata"),
        ({"response_types": ["token"]}, "invalid_client_metadata"),
        ({"id_token_signed_response_alg": "none"}, "invalid_client_metadata"),
        ({"application_type": "desktop"}, "invalid_client_metadata"),
        ({"application_type": ["web"]}, "invalid_client_metadata"),
        ({"client_name": 7}, "invalid_client_metadata"),
        ({"scope": ["openid"]}, "invalid_client_metadata"),
        ({"backchannel_logout_uri": "http://rp.example/x"}, "invalid_client_metadata"),
        (
            {"frontchannel_logout_uri": "https://evil.example/x"},
            "invalid_client_metadata",
        ),
        (
            {
                "grant_types": ["client_credentials"],
                "token_endpoint_auth_method": "none",
            },
            "invalid_client_metadata",
        ),
    ],
    ids=str,
)
def test_C6_what_cannot_be_had_is_refused_with_its_error(
    open_to_all: Provider, changes: dict[str, Any], error: str
) -> None:
    answer = register(open_to_all, **changes)

    assert (answer.status_code, answer.get_json()["error"]) == (400, error)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "application/json"),
        (b"[]", "application/json"),
        (b"{", "application/json"),
        (b"\xff", "application/json"),
        (b"[" * 100_000, "application/json"),
        (b'{"redirect_uris":["https://rp.example/cb"]}', "text/plain"),
    ],
)
def test_C6_what_is_no_json_object_is_refused(
    open_to_all: Provider, body: bytes, content_type: str
) -> None:
    answer = open_to_all.machine().post(
        "/register", data=body, content_type=content_type
    )

    assert answer.status_code == 400
    assert answer.get_json()["error"] == "invalid_client_metadata"


@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        (None, 401),
        ("Bearer wrong", 401),
        ("Bearer \xff", 401),
        ("Basic the token", 401),
        ("Bearer the token", 201),
        ("bearer the token", 201),
    ],
)
def test_C6_an_initial_access_token_lets_in_only_who_has_it(
    by_token: Provider, authorization: str | None, status: int
) -> None:
    headers = {"Authorization": authorization} if authorization else {}
    answer = by_token.machine().post("/register", json=METADATA, headers=headers)

    assert answer.status_code == status
    if status == 401:
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="register"'


def test_C6_nobody_can_fill_the_disk_with_registrations(
    tmp_path: Path, clock: Clock
) -> None:
    limits = ProviderLimits(registered_clients=2)
    for provider in opened(tmp_path, clock, registration="open", limits=limits):
        answers = [register(provider) for _ in range(4)]

        assert [one.status_code for one in answers] == [201, 201, 503, 503]
        assert answers[-1].get_json()["error"] == "temporarily_unavailable"
        assert answers[-1].headers["Retry-After"] == "5"
        with reading(provider.services.database) as connection:
            assert client_store.count(connection) == 2


def test_C6_a_registered_secret_is_not_readable_at_rest(
    open_to_all: Provider, tmp_path: Path
) -> None:
    secret = register(open_to_all).get_json()["client_secret"]
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir() if file.is_file())

    assert secret.encode() not in kept
