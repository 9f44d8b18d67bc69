"""RULES E.4 with RFC 8935: a provider pushes an event, and nobody else can."""

import json
from typing import Any

import pytest
from joserfc.jwk import RSAKey
from sqlalchemy import select
from werkzeug.test import TestResponse

from oauthapp.app_workers import app_worker
from oauthapp.callbacks.security_event import verify
from oauthapp.callbacks.security_event.verify import CHECKS
from oauthapp.database import reading
from oauthapp.schema.app import inbox
from tests.attacks.evil_provider import CLIENT_ID
from tests.attacks.evil_provider import DROP
from tests.attacks.evil_provider import EvilProvider
from tests.attacks.evil_provider import altered
from tests.attacks.evil_provider import signed
from tests.attacks.evil_provider import signed_with_public_key
from tests.attacks.house import NOW
from tests.attacks.house import House

HEADER = {"alg": "RS256", "kid": "first", "typ": "secevent+jwt"}
EVENT = "https://schemas.openid.net/secevent/risc/event-type/account-disabled"


def event_token(
    evil: EvilProvider, key: RSAKey, header: dict[str, Any] = HEADER, **lies: Any
) -> str:
    honest = {
        "iss": evil.issuer,
        "aud": CLIENT_ID,
        "iat": int(NOW),
        "jti": "one",
        "events": {EVENT: {"subject": {"subject_type": "iss-sub", "sub": "alice"}}},
    }
    return signed(header, json.dumps(altered(honest, lies)).encode(), key)


def push(
    house: House,
    token: str | bytes,
    provider: str = "demo",
    content_type: str = "application/secevent+jwt",
) -> TestResponse:
    return house.app.test_client().post(
        f"/events/{provider}",
        data=token,
        content_type=content_type,
        base_url=house.settings.base_url,
    )


def kept(house: House) -> list[Any]:
    with reading(house.services.database) as connection:
        return list(connection.execute(select(inbox)))


def test_E4_a_pushed_event_is_kept_and_answered_202_with_nothing(
    house: House, evil: EvilProvider, rsa_key: RSAKey
) -> None:
    token = event_token(evil, rsa_key)
    answers = [push(house, token) for _ in range(2)]

    assert [(a.status_code, a.data) for a in answers] == [(202, b"")] * 2
    (row,) = kept(house)
    assert (row.source, row.message_id, row.event_type) == ("events/demo", "one", EVENT)
    assert (row.body, row.timestamp) == (token.encode(), int(NOW))


def test_E4_what_was_kept_is_processed(
    house: House, evil: EvilProvider, rsa_key: RSAKey
) -> None:
    push(house, event_token(evil, rsa_key))
    app_worker(house.services).run_once()

    assert [row.status for row in kept(house)] == ["done"]


#: Lies, the check that catches each, and the error code of RFC 8935 §2.4.
LIES: list[tuple[str, dict[str, Any], str]] = [
    ("issued_by_the_provider", {"iss": "https://evil.example"}, "invalid_issuer"),
    ("issued_by_the_provider", {"iss": DROP}, "invalid_issuer"),
    ("meant_for_us_alone", {"aud": "another"}, "invalid_audience"),
    ("meant_for_us_alone", {"aud": [CLIENT_ID, "another"]}, "invalid_audience"),
    ("meant_for_us_alone", {"aud": DROP}, "invalid_audience"),
    ("not_issued_in_future", {"iat": int(NOW) + 61}, "invalid_request"),
    ("not_issued_in_future", {"iat": DROP}, "invalid_request"),
    ("not_issued_in_future", {"iat": True}, "invalid_request"),
    ("not_issued_in_future", {"iat": "1"}, "invalid_request"),
    ("not_issued_in_future", {"iat": -1}, "invalid_request"),
    ("has_an_id", {"jti": DROP}, "invalid_request"),
    ("has_an_id", {"jti": ""}, "invalid_request"),
    ("has_an_id", {"jti": 7}, "invalid_request"),
    ("has_an_id", {"jti": "x" * 256}, "invalid_request"),
    ("has_an_id", {"jti": "a\0"}, "invalid_request"),
    ("tells_of_an_event", {"events": DROP}, "invalid_request"),
    ("tells_of_an_event", {"events": {}}, "invalid_request"),
    ("tells_of_an_event", {"events": [EVENT]}, "invalid_request"),
    ("tells_of_an_event", {"events": {EVENT: None}}, "invalid_request"),
    ("tells_of_an_event", {"events": {"a\0": {}}}, "invalid_request"),
]


@pytest.mark.parametrize(("check", "lies", "err"), LIES, ids=str)
def test_E4_each_lie_is_refused_and_without_its_check_is_not(
    house: House,
    evil: EvilProvider,
    rsa_key: RSAKey,
    check: str,
    lies: dict[str, Any],
    err: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answer = push(house, event_token(evil, rsa_key, **lies))

    assert (answer.status_code, answer.get_json()["err"]) == (400, err)
    assert answer.headers["Content-Language"] == "en"
    assert kept(house) == []
    others = [one for one in CHECKS if one[0].__name__ != check]
    assert len(others) == len(CHECKS) - 1
    monkeypatch.setattr(verify, "CHECKS", others)
    # What is not checked is kept, or breaks what relies on it.
    assert push(house, event_token(evil, rsa_key, **lies)).status_code != 400


@pytest.mark.parametrize("typ", [DROP, "JWT", "logout+jwt", "at+jwt"])
def test_E4_another_token_of_the_provider_is_no_event(
    house: House, evil: EvilProvider, rsa_key: RSAKey, typ: Any
) -> None:
    header = altered(HEADER, {"typ": typ})
    answer = push(house, event_token(evil, rsa_key, header))

    assert (answer.status_code, answer.get_json()["err"]) == (400, "invalid_request")


def test_E4_an_event_may_spell_out_its_media_type(
    house: House, evil: EvilProvider, rsa_key: RSAKey
) -> None:
    header = {**HEADER, "typ": "application/SecEvent+JWT"}

    assert push(house, event_token(evil, rsa_key, header)).status_code == 202


def test_E4_what_the_provider_did_not_sign_is_refused(
    house: House, evil: EvilProvider, rsa_key: RSAKey, other_rsa_key: RSAKey
) -> None:
    good = event_token(evil, rsa_key)
    forged = [
        event_token(evil, other_rsa_key),
        good[:-8] + "AAAAAAAA",
        good.replace(".", "..", 1),
        "",
        "x",
        "é.é.é",
        signed_with_public_key(
            HEADER, json.dumps({"iss": evil.issuer}).encode(), rsa_key
        ),
    ]
    for token in forged:
        answer = push(house, token.encode())
        assert (answer.status_code, answer.get_json()["err"]) == (400, "invalid_key")
    assert kept(house) == []


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", ""])
def test_E4_another_content_type_is_refused(
    house: House, evil: EvilProvider, rsa_key: RSAKey, content_type: str
) -> None:
    answer = push(house, event_token(evil, rsa_key), content_type=content_type)

    assert (answer.status_code, answer.get_json()["err"]) == (400, "invalid_request")


def test_E4_an_unknown_provider_is_404(
    house: House, evil: EvilProvider, rsa_key: RSAKey
) -> None:
    assert push(house, event_token(evil, rsa_key), provider="x").status_code == 404
