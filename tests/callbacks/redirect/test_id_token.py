"""One good set of claims, and every way to spoil it."""

import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from joserfc.jwk import ECKey
from joserfc.jwk import RSAKey

from oauthapp.callbacks.redirect import id_token
from oauthapp.callbacks.redirect import id_token_refusals as refusals
from oauthapp.callbacks.redirect.id_token import Claimed
from oauthapp.callbacks.redirect.id_token import Expected
from oauthapp.callbacks.redirect.id_token import believe_id_token
from oauthapp.callbacks.redirect.id_token import half_hash
from oauthapp.callbacks.redirect.id_token_refusals import IdTokenRefused
from tests.attacks.evil_provider import DROP
from tests.attacks.evil_provider import altered
from tests.attacks.evil_provider import b64
from tests.attacks.evil_provider import signed
from tests.attacks.evil_provider import signed_with_public_key

NOW = 1_700_000_000.0
EXPECTED = Expected(
    issuer="https://op.example",
    client_id="the-app",
    alg="ES256",
    nonce="the-nonce",
    access_token="the-access-token",
    now=NOW,
)
GOOD: dict[str, Any] = {
    "iss": "https://op.example",
    "sub": "alice",
    "aud": "the-app",
    "exp": int(NOW) + 300,
    "iat": int(NOW),
    "nonce": "the-nonce",
    "at_hash": half_hash("the-access-token", "ES256"),
}
KEY = ECKey.generate_key("P-256", {"kid": "curve"})

#: Row of CLAIM_CHECKS → claims that violate it and nothing else.
SPOILT: dict[str, list[dict[str, Any]]] = {
    "issued_by_the_provider": [
        {"iss": value}
        for value in (
            "https://evil.example",
            "https://op.example/",
            "HTTPS://op.example",
            " https://op.example",
            "",
            ["https://op.example"],
            None,
            DROP,
        )
    ],
    "meant_for_us_alone": [
        {"aud": value}
        for value in (
            "another-app",
            ["another-app"],
            ["the-app", "another-app"],
            ["another-app", "the-app"],
            ["the-app", "the-app"],
            [["the-app"]],
            {"the-app": True},
            "THE-APP",
            "the-app ",
            "",
            [],
            True,
            None,
            DROP,
        )
    ],
    "given_to_us": [{"azp": value} for value in ("another-app", "", None, ["the-app"])],
    "not_expired": [
        {"exp": value}
        for value in (
            NOW - 60,
            0,
            -1,
            str(int(NOW) + 300),
            True,
            None,
            [NOW + 300],
            10**12,
            10**400,
            DROP,
        )
    ],
    "not_issued_in_future": [
        {"iat": value}
        for value in (NOW + 60.5, str(int(NOW)), False, None, {}, -(10**400), DROP)
    ],
    "valid_by_now": [
        {"nbf": value} for value in (NOW + 61, str(int(NOW)), None, True, [])
    ],
    "nonce_is_ours": [
        {"nonce": value}
        for value in ("another", "the-nonc", "", None, ["the-nonce"], DROP)
    ],
    "access_token_belongs_to_it": [
        {"at_hash": value}
        for value in (
            half_hash("another", "ES256"),
            half_hash("the-access-token", "ES384"),
            "",
            None,
        )
    ],
    "says_who": [
        {"sub": value}
        for value in (
            "",
            "a" * 256,
            "ålice",
            "a\0",
            "\x7f",
            None,
            7,
            ["alice"],
            {"a": 1},
            DROP,
        )
    ],
}
ROWS = [(check.__name__, refusal) for check, refusal in id_token.CLAIM_CHECKS]
CASES = [(row, refusal, lie) for row, refusal in ROWS for lie in SPOILT[row]]


def token(claims: dict[str, Any], key: ECKey = KEY, **header: Any) -> str:
    named = {"alg": "ES256", "kid": "curve", **header}
    return signed(named, json.dumps(claims).encode(), key)


def believed(claims: dict[str, Any]) -> Any:
    return believe_id_token(token(claims), KEY, EXPECTED)


def test_the_claims_of_a_good_token_are_believed() -> None:
    assert believed(GOOD) == GOOD


@pytest.mark.parametrize(("row", "refusal", "lie"), CASES)
def test_each_check_refuses_for_its_own_reason(
    row: str, refusal: type[IdTokenRefused], lie: dict[str, Any]
) -> None:
    with pytest.raises(refusal) as refused:
        believed(altered(GOOD, lie))

    assert type(refused.value) is refusal


@pytest.mark.parametrize("check", SPOILT)
def test_a_check_that_is_off_lets_the_lie_through(check: str) -> None:
    seen = Claimed(claims=altered(GOOD, SPOILT[check][0]), expected=EXPECTED)

    assert id_token.believe_claims(seen, {f"id_token.{check}"}) == seen.claims


def test_every_check_has_a_case_in_this_order() -> None:
    assert list(SPOILT) == [check for check, _refusal in ROWS]


@pytest.mark.parametrize(
    ("lie", "arrived", "expected"),
    [
        ({"iss": "x"}, "iss: 'x'", "https://op.example"),
        ({"aud": ["x"]}, "aud: ['x']", "the-app"),
        ({"azp": "x"}, "azp: 'x'", "the-app"),
        ({"exp": 1}, "exp: 1", "our clock says 1700000000"),
        ({"iat": DROP}, "iat: None", "our clock says 1700000000"),
        ({"nbf": "x"}, "nbf: 'x'", "our clock says 1700000000"),
        ({"nonce": "x"}, "", refusals.NonceWrong.expected),
        ({"at_hash": "x"}, "", refusals.AccessTokenHashWrong.expected),
        ({"iss": "x" * 500}, "iss: '" + "x" * 194, "https://op.example"),
    ],
)
def test_a_refusal_shows_both_sides(
    lie: dict[str, Any], arrived: str, expected: str
) -> None:
    with pytest.raises(IdTokenRefused) as refused:
        believed(altered(GOOD, lie))

    assert (refused.value.arrived, refused.value.expected) == (arrived, expected)


@pytest.mark.parametrize("place", range(len(ROWS) - 1))
def test_of_two_violations_the_earlier_check_is_the_reason(place: int) -> None:
    (first, refusal), (second, _) = ROWS[place], ROWS[place + 1]

    with pytest.raises(refusal):
        believed(altered(GOOD, {**SPOILT[first][0], **SPOILT[second][0]}))


@pytest.mark.parametrize(
    "truth",
    [
        {"aud": ["the-app"]},
        {"azp": "the-app"},
        {"azp": DROP},
        {"exp": NOW - 59.5},
        {"exp": 10**12 - 1},
        {"iat": NOW + 60},
        {"iat": 0},
        {"nbf": NOW + 60},
        {"nbf": NOW - 1e6},
        {"at_hash": DROP},
        {"sub": "a"},
        {"sub": "a" * 255},
        {"something": {"else": [1, 2]}},
    ],
)
def test_what_the_rules_allow_is_believed(truth: dict[str, Any]) -> None:
    claims = altered(GOOD, truth)

    assert believed(claims) == claims


@pytest.mark.parametrize(
    ("payload", "arrived"),
    [
        (b"", "a payload that is no JSON"),
        (b"\xff\xfe", "a payload that is no JSON"),
        (b"not json", "a payload that is no JSON"),
        (b"[" * 7000, "a payload that is no JSON"),
        (b'{"sub": "\\ud800"}', "a payload that is no JSON"),
        (b'{"exp": NaN}', "a payload that is no JSON"),
        (b'{"exp": Infinity}', "a payload that is no JSON"),
        (b"[]", "a payload that is no JSON object"),
        (b'"alice"', "a payload that is no JSON object"),
        (b"null", "a payload that is no JSON object"),
    ],
)
def test_a_payload_that_is_no_json_object_is_refused(
    payload: bytes, arrived: str
) -> None:
    malformed = signed({"alg": "ES256", "kid": "curve"}, payload, KEY)

    with pytest.raises(IdTokenRefused) as refused:
        believe_id_token(malformed, KEY, EXPECTED)

    assert type(refused.value) is IdTokenRefused
    assert refused.value.arrived == arrived


def spoil(place: int, good: str) -> str:
    """`good` with its header, payload or signature exchanged for another one."""
    parts = good.split(".")
    parts[place] = token({**GOOD, "sub": "mallory"}, typ="JWT").split(".")[place]
    return ".".join(parts)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_token_with_one_part_exchanged_is_refused(place: int) -> None:
    with pytest.raises(refusals.SignatureInvalid):
        believe_id_token(spoil(place, token(GOOD)), KEY, EXPECTED)


def test_every_single_altered_character_is_refused() -> None:
    good = token(GOOD)
    for place in range(0, len(good), 7):
        other = "A" if good[place] != "A" else "B"
        with pytest.raises(IdTokenRefused):
            spoilt = good[:place] + other + good[place + 1 :]
            believe_id_token(spoilt, KEY, EXPECTED)


@pytest.mark.parametrize("name", ["pi.atm", "zip", "x5t", "epk"])
def test_a_member_of_the_header_that_is_not_known_is_ignored(name: str) -> None:
    assert believe_id_token(token(GOOD, **{name: "x"}), KEY, EXPECTED) == GOOD


@pytest.mark.parametrize("crit", [None, 7, ["exp"], ["pi.atm"], "b64"])
def test_a_demand_is_refused_here_too_whatever_it_is(crit: object) -> None:
    with pytest.raises(refusals.SignatureInvalid):
        believe_id_token(token(GOOD, crit=crit), KEY, EXPECTED)


def test_a_token_of_another_key_is_refused() -> None:
    stranger = ECKey.generate_key("P-256", {"kid": "curve"})

    with pytest.raises(refusals.SignatureInvalid):
        believe_id_token(token(GOOD, stranger), KEY, EXPECTED)


def test_an_unsigned_token_is_refused() -> None:
    for name in ("none", "None", "NONE"):
        header, payload = (
            b64(b'{"alg":"%s"}' % name.encode()),
            token(GOOD).split(".")[1],
        )
        for signature in ("", "AA"):
            with pytest.raises(refusals.SignatureInvalid):
                unsigned = f"{header}.{payload}.{signature}"
                believe_id_token(unsigned, KEY, EXPECTED)


def test_a_public_key_is_no_hmac_secret() -> None:
    key = RSAKey.generate_key(2048, {"kid": "rsa"})
    forged = signed_with_public_key({}, json.dumps(GOOD).encode(), key)

    with pytest.raises(refusals.SignatureInvalid):
        believe_id_token(forged, key, EXPECTED)


def test_another_algorithm_of_the_same_key_is_refused() -> None:
    key = RSAKey.generate_key(2048, {"kid": "rsa"})
    agreed = replace(EXPECTED, alg="PS256")
    payload = json.dumps(altered(GOOD, {"at_hash": DROP})).encode()

    assert believe_id_token(signed({"alg": "PS256"}, payload, key), key, agreed)
    with pytest.raises(refusals.SignatureInvalid):
        believe_id_token(signed({"alg": "RS256"}, payload, key), key, agreed)


@pytest.mark.parametrize(
    ("alg", "sha", "half"),
    [("RS256", "sha256", 16), ("ES384", "sha384", 24), ("EdDSA", "sha512", 32)],
)
def test_half_hash_is_the_left_half_of_the_hash_the_algorithm_uses(
    alg: str, sha: str, half: int
) -> None:
    digest = hashlib.new(sha, b"the-access-token").digest()

    assert half_hash("the-access-token", alg) == b64(digest[:half])


def test_half_hash_loses_nothing_but_the_padding() -> None:
    for number in range(500):
        digest = hashlib.sha384(str(number).encode()).digest()
        assert half_hash(str(number), "ES384") == b64(digest[:24])


def test_half_hash_agrees_with_the_example_of_the_standard() -> None:
    # OIDC Core §A.3 and §A.4
    access_token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"

    assert half_hash(access_token, "RS256") == "77QmUPtjPfzWtF2AnpK9RQ"


def test_no_refusal_shows_a_nonce_or_a_hash() -> None:
    for row in ("nonce_is_ours", "access_token_belongs_to_it"):
        with pytest.raises(IdTokenRefused) as refused:
            believed(altered(GOOD, SPOILT[row][0]))
        told = str(refused.value.explain())
        assert "the-nonce" not in told
        assert GOOD["at_hash"] not in told


# --- properties ----------------------------------------------------------------------

FEW = settings(max_examples=300, derandomize=True, deadline=None)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inside: (
        st.lists(inside, max_size=3) | st.dictionaries(st.text(), inside, max_size=3)
    ),
    max_leaves=5,
)
CLAIMS = st.fixed_dictionaries(
    {}, optional={name: st.just(value) | ANYTHING for name, value in GOOD.items()}
).flatmap(
    lambda claims: st.sampled_from(
        [claims, {**GOOD, **claims}, {**claims, "azp": "the-app"}]
    )
)


def plainly_good(claims: dict[str, Any]) -> bool:
    """The same judgement, made without looking at how `id_token` makes it."""

    def seconds(name: str) -> bool:
        return type(claims.get(name)) in (int, float)

    return bool(
        claims.get("iss") == "https://op.example"
        and (claims.get("aud") == "the-app" or claims.get("aud") == ["the-app"])
        and ("azp" not in claims or claims["azp"] == "the-app")
        and seconds("exp")
        and NOW - 60 < claims["exp"] < 10**12
        and seconds("iat")
        and -(10**12) < claims["iat"] <= NOW + 60
        and claims.get("nonce") == "the-nonce"
        and claims.get("at_hash", GOOD["at_hash"]) == GOOD["at_hash"]
        and type(claims.get("sub")) is str
        and 1 <= len(claims["sub"]) <= 255
        and all(31 < ord(letter) < 127 for letter in claims["sub"])
    )


@given(CLAIMS)
@FEW
def test_whatever_is_claimed_is_believed_only_when_a_plain_check_accepts_it(
    claims: dict[str, Any],
) -> None:
    seen = Claimed(claims=claims, expected=EXPECTED)

    assert all(check(seen) for check, _ in id_token.CLAIM_CHECKS) == plainly_good(
        claims
    )


def test_a_token_that_is_no_text_is_refused() -> None:
    with pytest.raises(refusals.SignatureInvalid):
        believe_id_token("\ud800.e30.AA", KEY, EXPECTED)


@given(st.text() | st.from_regex(r"[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*"))
@FEW
def test_no_text_makes_it_raise_anything_but_a_refusal(text: str) -> None:
    with pytest.raises(IdTokenRefused):
        believe_id_token(text, KEY, EXPECTED)


@given(st.binary(max_size=60))
@FEW
def test_no_signed_payload_makes_it_raise_anything_but_a_refusal(
    payload: bytes,
) -> None:
    with pytest.raises(IdTokenRefused):
        odd = signed({"alg": "ES256", "kid": "curve"}, payload, KEY)
        believe_id_token(odd, KEY, EXPECTED)


@given(st.dictionaries(st.text(max_size=9), ANYTHING, max_size=4))
@example({"crit": [None]})
@FEW
def test_no_header_makes_it_raise_anything_but_a_refusal(
    header: dict[str, Any],
) -> None:
    part = b64(json.dumps({"alg": "ES256", **header}).encode())
    with pytest.raises(IdTokenRefused):
        believe_id_token(f"{part}.{b64(b'{}')}.{'A' * 86}", KEY, EXPECTED)


def test_a_header_nested_too_deep_is_refused_wherever_it_is_read() -> None:
    deep = '{"alg":"ES256","x":' + "[" * 990 + "]" * 990 + "}"

    with pytest.raises(IdTokenRefused):
        believe_id_token(f"{b64(deep.encode())}.{b64(b'{}')}.AA", KEY, EXPECTED)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "utf-16-le"])
def test_claims_in_another_encoding_than_utf_8_are_refused(encoding: str) -> None:
    claims = json.dumps(GOOD).encode(encoding)
    with pytest.raises(IdTokenRefused):
        believe_id_token(
            signed({"alg": "ES256", "kid": "curve"}, claims, KEY), KEY, EXPECTED
        )


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_json_is_refused_also_where_another_member_hides_it(
    constant: str,
) -> None:
    hidden = f'{{"aud": {constant}, {json.dumps(GOOD)[1:]}'.encode()
    with pytest.raises(IdTokenRefused):
        odd = signed({"alg": "ES256", "kid": "curve"}, hidden, KEY)
        believe_id_token(odd, KEY, EXPECTED)
