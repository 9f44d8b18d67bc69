"""A token names a key; which one that is, only the provider's list decides."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from joserfc.jwk import ECKey
from joserfc.jwk import Key
from joserfc.jwk import KeySet
from joserfc.jwk import OctKey
from joserfc.jwk import OKPKey
from joserfc.jwk import RSAKey

from oauthapp.callbacks.redirect import id_token_refusals as refusals
from oauthapp.callbacks.redirect.id_token_key import choose_key
from oauthapp.callbacks.redirect.id_token_refusals import IdTokenRefused
from tests.attacks.evil_provider import b64

FIRST = RSAKey.generate_key(2048, {"kid": "first"})
SECOND = RSAKey.generate_key(2048, {"kid": "second", "use": "sig", "alg": "RS256"})
CURVE = ECKey.generate_key("P-256", {"kid": "curve"})
EDWARDS = OKPKey.generate_key("Ed25519", {"kid": "edwards"})
SHARED = OctKey.generate_key(256, {"kid": "first"})


def token(**header: Any) -> str:
    return f"{b64(json.dumps({'alg': 'RS256', **header}).encode())}.e30.AA"


def chosen(text: str, *keys: Key, alg: str = "RS256") -> Key | None:
    return choose_key(text, KeySet(list(keys)), alg)


def with_use(key: RSAKey, **use: str) -> RSAKey:
    return RSAKey.import_key({**key.as_dict(private=False), **use})


def test_the_named_key_is_chosen() -> None:
    assert chosen(token(kid="second"), FIRST, SECOND) is SECOND


def test_a_header_is_read_in_the_alphabet_of_urls() -> None:
    key = with_use(FIRST, kid="???>>>ÿ")
    text = token(kid="???>>>ÿ", x="~~~???>>>")

    assert set("-_") & set(text)
    assert chosen(text, key) is key


def test_without_a_name_the_only_fitting_key_is_chosen() -> None:
    assert chosen(token(), CURVE, FIRST, SHARED) is FIRST


def test_without_a_name_and_with_two_fitting_keys_none_is_chosen() -> None:
    assert chosen(token(), FIRST, SECOND) is None


@pytest.mark.parametrize("kid", ["third", "", "FIRST", None, 7, ["first"], {}])
def test_an_unknown_name_chooses_no_key(kid: object) -> None:
    assert chosen(token(kid=kid), FIRST) is None


def test_a_name_that_two_keys_have_chooses_neither() -> None:
    twin = with_use(SECOND, kid="first")

    assert chosen(token(kid="first"), FIRST, twin) is None


@pytest.mark.parametrize("key", [CURVE, EDWARDS, SHARED])
def test_a_key_of_another_type_is_never_chosen(key: Key) -> None:
    assert chosen(token(kid=key.kid), key) is None
    assert chosen(token(), key) is None


@pytest.mark.parametrize(
    ("alg", "key"), [("ES256", CURVE), ("EdDSA", EDWARDS), ("PS256", FIRST)]
)
def test_each_algorithm_has_its_type_of_key(alg: str, key: Key) -> None:
    assert chosen(token(alg=alg, kid=key.kid), key, alg=alg) is key


def test_a_key_for_encryption_is_not_chosen() -> None:
    assert chosen(token(kid="first"), with_use(FIRST, use="enc")) is None


def test_a_key_for_another_algorithm_is_not_chosen() -> None:
    assert chosen(token(kid="first"), with_use(FIRST, alg="PS256")) is None


@pytest.mark.parametrize(
    "alg", ["none", "None", "HS256", "RS512", "PS256", "rs256", "", None, ["RS256"]]
)
def test_the_token_does_not_choose_its_algorithm(alg: object) -> None:
    with pytest.raises(refusals.AlgorithmNotPinned):
        chosen(token(alg=alg, kid="first"), FIRST, SHARED)


@pytest.mark.parametrize(
    ("text", "arrived", "expected"),
    [
        (token(alg="none"), "'none'", "alg RS256"),
        (token(alg="x" * 500), "'" + "x" * 39, "alg RS256"),
        (token(crit=["b64"]), "crit", refusals.HeaderNotUnderstood.expected),
        (
            "!!!!" + token(),
            "a header that is no base64url JSON",
            IdTokenRefused.expected,
        ),
        ("!!!.e30.AA", "a header that is no base64url JSON", IdTokenRefused.expected),
        ("W10.e30.AA", "a header that is no JSON object", IdTokenRefused.expected),
    ],
)
def test_a_refusal_shows_both_sides(text: str, arrived: str, expected: str) -> None:
    with pytest.raises(IdTokenRefused) as refused:
        chosen(text, FIRST)

    assert (refused.value.arrived, refused.value.expected) == (arrived, expected)


@pytest.mark.parametrize("crit", [["exp"], ["b64"], [], "exp", None])
def test_a_demand_that_is_not_understood_is_refused(crit: object) -> None:
    with pytest.raises(refusals.HeaderNotUnderstood):
        chosen(token(crit=crit, kid="first"), FIRST)


@pytest.mark.parametrize("name", ["jwk", "jku", "x5u", "x5c"])
def test_a_key_that_the_token_brings_is_not_looked_at(name: str) -> None:
    brought = {"jwk": SECOND.as_dict(private=False), "x5c": ["AA"]}
    header = {name: brought.get(name, "http://127.0.0.1:9/keys")}

    assert chosen(token(kid="first", **header), FIRST) is FIRST
    assert chosen(token(kid="second", **header), FIRST) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "..",
        "e30",
        "!!!.e30.AA",
        "e30 .e30.AA",
        b64(b"no json") + ".e30.AA",
        b64(b"[]") + ".e30.AA",
        b64(b'"RS256"') + ".e30.AA",
        b64(b"\xff") + ".e30.AA",
        b64(b'{"x":NaN,"alg":"RS256","kid":"first"}') + ".e30.AA",
        b64(b'{"alg":Infinity,"alg":"RS256","kid":"first"}') + ".e30.AA",
        b64(b"[" * 5000) + ".e30.AA",
        "ü.e30.AA",
    ],
)
def test_a_malformed_header_is_refused(text: str) -> None:
    with pytest.raises(IdTokenRefused):
        chosen(text, FIRST)


@given(st.text() | st.binary().map(lambda raw: f"{b64(raw)}.e30.AA"))
@settings(max_examples=300, derandomize=True, deadline=None)
def test_no_text_makes_it_raise_anything_but_a_refusal(text: str) -> None:
    with pytest.raises(IdTokenRefused):
        chosen(text, FIRST)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_header_in_another_encoding_than_utf_8_is_refused(encoding: str) -> None:
    raw = json.dumps({"alg": "RS256", "kid": "first"}).encode(encoding)
    text = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
    with pytest.raises(IdTokenRefused):
        chosen(f"{text}.e30.", FIRST)
