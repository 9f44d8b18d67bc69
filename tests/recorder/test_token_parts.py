"""Of a token what it says may be kept, and nothing that anybody could use."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oauthapp.recorder.redact import Redactor
from oauthapp.recorder.token_parts import kept_parts
from oauthapp.recorder.token_parts import read_parts

CLAIMS = {
    "iss": "https://op.example",
    "sub": "alice",
    "aud": ["app"],
    "exp": 1_700_000_300,
    "nonce": "the-nonce",
    "email": "alice@example.org",
    "address": {"country": "XX"},
    "email_verified": True,
}


def part(content: Any) -> str:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def jwt(claims: Any = CLAIMS, signature: str = "c2lnbmF0dXJl", **header: Any) -> str:
    return f"{part({'alg': 'RS256', **header})}.{part(claims)}.{signature}"


def masked(name: str, value: str) -> str:
    return f"<{name} {len(value)}>"


def test_header_and_claims_are_kept_without_the_signature() -> None:
    parts = kept_parts(jwt(kid="first"), masked)
    header, claims = read_parts(parts)

    assert header == {"alg": "RS256", "kid": "first"}
    assert {claims[name] for name in ("iss", "sub", "exp")} == {
        "https://op.example",
        "alice",
        1_700_000_300,
    }
    assert "c2lnbmF0dXJl" not in parts
    assert parts.count(".") == 1


def test_what_may_be_secret_or_personal_is_masked() -> None:
    _header, claims = read_parts(kept_parts(jwt(), masked))

    assert claims["nonce"] == "<nonce 9>"
    assert claims["email"] == "<email 17>"
    assert claims["address"] == "<address 17>"
    assert claims["email_verified"] == "<email_verified 4>"


def test_a_key_in_the_header_is_masked() -> None:
    header, _claims = read_parts(kept_parts(jwt(jwk={"k": "s3cr3t"}), masked))

    assert header["jwk"].startswith("<jwk")


def test_a_claim_that_hides_an_object_is_masked() -> None:
    _header, claims = read_parts(kept_parts(jwt({"sub": {"code": "c"}}), masked))

    assert claims["sub"].startswith("<sub")


def test_of_events_the_names_are_kept() -> None:
    events = {"https://e.example/logout": {}, "https://e.example/x": {"phone": "+1"}}
    _header, claims = read_parts(kept_parts(jwt({"events": events}), masked))

    assert claims["events"]["https://e.example/logout"] == {}
    assert claims["events"]["https://e.example/x"].startswith("<event")


@pytest.mark.parametrize("alg", ["none", "None", "nOnE", " none ", "", None, 1, ["x"]])
def test_of_a_token_that_claims_to_need_no_signature_nothing_is_kept(alg: Any) -> None:
    assert kept_parts(jwt(alg=alg), masked) == ""


@pytest.mark.parametrize(
    "token",
    [
        "",
        "opaque",
        "ey.ey.x",
        jwt(signature=""),
        jwt([1]),
        jwt(b"\xff\xfe"),
        jwt("text"),
        f"{jwt()}.more",
        f" {jwt()}",
        f"{part([])}.{part({})}.x",
        f"{part({'alg': 'RS256'})}.{part(b'[' * 99_999)}.x",
    ],
    ids=range(11),
)
def test_of_what_is_no_signed_token_nothing_is_kept(token: str) -> None:
    assert kept_parts(token, masked) == ""


@pytest.mark.parametrize(
    ("content_type", "body", "name"),
    [
        ("application/json", f'{{"id_token": "{jwt()}"}}', "id_token"),
        ("application/x-www-form-urlencoded", f"logout_token={jwt()}", "logout_token"),
        ("application/secevent+jwt", jwt(), "token"),
    ],
)
def test_a_token_on_its_way_is_kept_as_its_mask_and_what_it_says(
    content_type: str, body: str, name: str
) -> None:
    redact = Redactor(b"key")
    kept = redact.body(body.encode(), content_type)

    assert f"[{name} {redact.hash(jwt())} ey" in kept
    assert "c2lnbmF0dXJl" not in kept
    assert part(CLAIMS) not in kept


def test_a_nonce_in_a_token_has_the_hash_of_the_nonce_in_the_question() -> None:
    redact = Redactor(b"key")
    asked = redact.url("https://op.example/authorize?nonce=the-nonce")
    _name, _hash, parts = redact.url(f"?id_token_hint={jwt()}").split(" ")

    assert read_parts(parts[:-1])[1]["nonce"] == asked.partition("nonce=")[2]


def test_a_bearer_token_in_a_header_says_what_it_says_too() -> None:
    redact = Redactor(b"key")
    ((_, kept),) = redact.headers((("Authorization", f"Bearer {jwt()}"),))

    assert kept.startswith(f"Bearer [credentials {redact.hash(jwt())} ey")
    assert "c2lnbmF0dXJl" not in kept


@given(st.text() | st.from_regex(r"ey[\w-]+\.ey[\w-]+\.[\w-]+", fullmatch=True))
def test_nothing_is_too_strange_for_a_token(token: str) -> None:
    assert kept_parts(token, masked).count(".") in (0, 1)


@given(
    st.dictionaries(
        st.text() | st.sampled_from(["exp", "events", "sub", "aud"]),
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
            max_leaves=5,
        ),
        max_size=5,
    )
)
def test_whatever_a_token_says_can_be_kept_and_read_again(
    claims: dict[str, Any],
) -> None:
    parts = kept_parts(jwt(claims), masked)

    assert set(read_parts(parts)[1]) == set(json.loads(json.dumps(claims)))
