"""RULES D.4: only an id_token that this provider made for this login signs in."""

import json
from collections.abc import Callable
from collections.abc import Mapping
from typing import Any

import pytest
from joserfc.jwk import ECKey
from joserfc.jwk import RSAKey

from oauthapp.callbacks.redirect.discovery import REFRESH_PAUSE
from oauthapp.callbacks.redirect.id_token import half_hash
from tests.attacks.evil_browser import EvilBrowser
from tests.attacks.evil_browser import reason
from tests.attacks.evil_provider import ACCESS_TOKEN
from tests.attacks.evil_provider import CLIENT_ID
from tests.attacks.evil_provider import DROP
from tests.attacks.evil_provider import EvilProvider
from tests.attacks.evil_provider import b64
from tests.attacks.evil_provider import signed
from tests.attacks.evil_provider import signed_with_public_key
from tests.attacks.house import NOW
from tests.attacks.house import Clock
from tests.attacks.house import House
from tests.attacks.house import registration

Lie = Mapping[str, Any]


def refusal(browser: EvilBrowser, evil: EvilProvider) -> str:
    """The reason why this login fails; it must, and must leave nobody signed in."""
    answer = browser.bring(evil.authorize(browser.begin()))
    assert answer.status_code == 400, answer.text
    assert not browser.is_signed_in()
    assert evil.calls("/userinfo") == []
    return reason(answer)


def lets_in(browser: EvilBrowser, evil: EvilProvider) -> bool:
    return browser.bring(evil.authorize(browser.begin())).status_code == 303


CLAIMS: list[tuple[Lie, str]] = [
    ({"iss": "https://evil.example"}, "id_token_iss"),
    ({"iss": DROP}, "id_token_iss"),
    ({"aud": "another-app"}, "id_token_aud"),
    ({"aud": [CLIENT_ID, "another-app"]}, "id_token_aud"),
    ({"aud": [CLIENT_ID, "another-app"], "azp": CLIENT_ID}, "id_token_aud"),
    ({"aud": []}, "id_token_aud"),
    ({"aud": DROP}, "id_token_aud"),
    ({"azp": "another-app"}, "id_token_azp"),
    ({"exp": NOW - 61}, "id_token_exp"),
    ({"exp": NOW - 60}, "id_token_exp"),
    ({"exp": str(NOW + 300)}, "id_token_exp"),
    ({"exp": DROP}, "id_token_exp"),
    ({"iat": NOW + 61}, "id_token_iat"),
    ({"iat": DROP}, "id_token_iat"),
    ({"nbf": NOW + 61}, "id_token_nbf"),
    ({"nonce": "another"}, "id_token_nonce"),
    ({"nonce": ""}, "id_token_nonce"),
    ({"nonce": DROP}, "id_token_nonce"),
    ({"at_hash": half_hash("another token", "RS256")}, "id_token_at_hash"),
    ({"at_hash": ""}, "id_token_at_hash"),
    ({"sub": ""}, "id_token_sub"),
    ({"sub": "a" * 256}, "id_token_sub"),
    ({"sub": ["alice"]}, "id_token_sub"),
    ({"sub": DROP}, "id_token_sub"),
]


@pytest.mark.parametrize(("lie", "why"), CLAIMS)
def test_D4_a_false_claim_is_refused(
    browser: EvilBrowser, evil: EvilProvider, lie: Lie, why: str
) -> None:
    evil.claims.update(lie)

    assert refusal(browser, evil) == why


@pytest.mark.parametrize(
    "lie",
    [
        {"aud": [CLIENT_ID]},
        {"azp": CLIENT_ID},
        {"exp": NOW - 59},
        {"iat": NOW + 60},
        {"nbf": NOW + 60},
        {"at_hash": DROP},
    ],
    ids=repr,
)
def test_D4_what_the_standard_allows_is_let_in(
    browser: EvilBrowser, evil: EvilProvider, lie: Lie
) -> None:
    evil.claims.update(lie)

    assert lets_in(browser, evil)


def test_D4_a_nonce_of_another_login_is_refused(
    browser: EvilBrowser, evil: EvilProvider
) -> None:
    """A token that was really made, for this app and user, replayed into a login."""
    stolen: list[str] = []

    def keep(header: Lie, claims: Lie) -> str:
        stolen.append(evil.sign_honestly(header, claims))
        return stolen[0]

    evil.sign = keep
    assert lets_in(browser, evil)

    again = browser.bring(evil.authorize(browser.begin()))
    assert reason(again) == "id_token_nonce"


# --- algorithm and signature ---------------------------------------------------------


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "nOnE"])
@pytest.mark.parametrize("signature", ["", "AA"])
def test_D4_an_unsigned_token_is_refused(
    browser: EvilBrowser, evil: EvilProvider, alg: str, signature: str
) -> None:
    evil.sign = lambda _header, claims: (
        f"{b64(json.dumps({'alg': alg}).encode())}."
        f"{b64(json.dumps(claims).encode())}.{signature}"
    )

    assert refusal(browser, evil) == "id_token_alg"


@pytest.mark.parametrize("kid", ["first", DROP])
def test_D4_an_hmac_with_the_public_key_is_refused(
    browser: EvilBrowser, evil: EvilProvider, kid: object
) -> None:
    named = {} if kid is DROP else {"kid": kid}
    evil.sign = lambda _header, claims: signed_with_public_key(
        named, json.dumps(claims).encode(), evil.key
    )

    assert refusal(browser, evil) == "id_token_alg"


def test_D4_an_hmac_that_calls_itself_rsa_is_refused(
    browser: EvilBrowser, evil: EvilProvider
) -> None:
    def forge(header: Lie, claims: Lie) -> str:
        forged = signed_with_public_key(header, json.dumps(claims).encode(), evil.key)
        return ".".join([b64(json.dumps(header).encode()), *forged.split(".")[1:]])

    evil.sign = forge

    assert refusal(browser, evil) == "id_token_signature"


@pytest.mark.parametrize("alg", ["RS384", "RS512", "PS256"])
def test_D4_the_token_does_not_choose_another_good_algorithm(
    browser: EvilBrowser, evil: EvilProvider, alg: str
) -> None:
    evil.header["alg"] = alg

    assert refusal(browser, evil) == "id_token_alg"


def test_D4_the_metadata_do_not_choose_the_algorithm(
    browser: EvilBrowser, evil: EvilProvider, ec_key: ECKey
) -> None:
    evil.metadata["id_token_signing_alg_values_supported"] = ["ES256", "none"]
    evil.published.append(ec_key.as_dict(private=False))
    evil.header.update(alg="ES256", kid="curve")
    evil.sign = lambda header, claims: signed(
        header, json.dumps(claims).encode(), ec_key
    )

    assert refusal(browser, evil) == "id_token_alg"


def test_D4_another_algorithm_is_let_in_where_the_settings_say_so(
    open_house: Callable[..., House], evil: EvilProvider, ec_key: ECKey
) -> None:
    evil.key, evil.alg = ec_key, "ES256"
    evil.published = [ec_key.as_dict(private=False)]
    providers = {"demo": registration(evil.issuer, id_token_alg="ES256")}

    assert lets_in(open_house(providers=providers).browser(), evil)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_D4_a_token_with_one_bit_turned_is_refused(
    browser: EvilBrowser, evil: EvilProvider, place: int
) -> None:
    def turn(header: Lie, claims: Lie) -> str:
        parts = evil.sign_honestly(header, claims).split(".")
        letter = parts[place][20]
        parts[place] = (
            parts[place][:20] + ("A" if letter != "A" else "B") + parts[place][21:]
        )
        return ".".join(parts)

    evil.sign = turn

    assert refusal(browser, evil).startswith("id_token_")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda token: token + ".",
        lambda token: token + "=",
        lambda token: token.rpartition(".")[0] + ".",
        lambda token: token.rpartition(".")[0],
        lambda token: token.split(".")[1],
        lambda token: token.replace(".", ".."),
        lambda token: f"{token} ",
        lambda token: "e30.e30.",
        lambda token: json.dumps({"payload": token.split(".")[1], "signatures": []}),
        lambda token: "not a token at all",
        lambda token: "." * 1000,
    ],
)
def test_D4_what_is_no_compact_jws_is_refused(
    browser: EvilBrowser, evil: EvilProvider, spoil: Callable[[str], str]
) -> None:
    evil.sign = lambda header, claims: spoil(evil.sign_honestly(header, claims))

    assert refusal(browser, evil).startswith("id_token_")


def test_D4_a_header_nested_too_deep_is_refused_however_deep_it_is(
    browser: EvilBrowser, evil: EvilProvider
) -> None:
    for depth in range(100, 1000, 30):
        header = b'{"alg":"RS256","x":' + b"[" * depth + b"]" * depth + b"}"
        evil.sign = lambda *_said, header=header: f"{b64(header)}.e30.AA"
        assert refusal(browser, evil).startswith("id_token_")


@pytest.mark.parametrize("payload", [b"", b"[]", b"null", b'"alice"', b"{", b"\xff"])
def test_D4_a_signed_payload_that_is_no_json_object_is_refused(
    browser: EvilBrowser, evil: EvilProvider, payload: bytes
) -> None:
    evil.sign = lambda header, _claims: signed(header, payload, evil.key)

    assert refusal(browser, evil) == "id_token_malformed"


def test_D4_of_a_claim_said_twice_not_one_is_checked_and_the_other_used(
    browser: EvilBrowser, evil: EvilProvider
) -> None:
    def twice(header: Lie, claims: Lie) -> str:
        payload = json.dumps(claims)[:-1] + ', "sub": "mallory"}'
        return signed(header, payload.encode(), evil.key)

    evil.sign = twice
    evil.about["sub"] = "alice"

    assert reason(browser.bring(evil.authorize(browser.begin()))) == "userinfo_sub"


# --- keys ----------------------------------------------------------------------------


@pytest.mark.parametrize("brought", ["jwk", "jku", "x5u", "x5c", "all"])
def test_D4_a_key_that_the_token_brings_is_not_used(
    browser: EvilBrowser,
    evil: EvilProvider,
    other: EvilProvider,
    other_rsa_key: RSAKey,
    brought: str,
) -> None:
    keys = {
        "jwk": other_rsa_key.as_dict(private=False),
        "jku": f"{other.issuer}/jwks",
        "x5u": f"{other.issuer}/certificate",
        "x5c": ["AAAA"],
    }
    header = keys if brought == "all" else {brought: keys[brought]}
    for kid in ("first", "second"):
        evil.sign = lambda honest, claims, kid=kid: signed(
            {**honest, **header, "kid": kid},
            json.dumps(claims).encode(),
            other_rsa_key,
        )
        assert refusal(browser, evil) in ("id_token_signature", "id_token_kid")
    assert other.heard == []


@pytest.mark.parametrize("crit", [["exp"], ["b64"], ["alg"], [], "exp"])
def test_D4_a_critical_header_is_refused(
    browser: EvilBrowser, evil: EvilProvider, crit: object
) -> None:
    evil.header.update(crit=crit, b64=True)

    assert refusal(browser, evil) == "id_token_crit"


@pytest.mark.parametrize(
    "kid", ["third", "", None, 7, ["first"], "first\x00", "../first"]
)
def test_D4_an_unknown_kid_is_refused(
    browser: EvilBrowser, evil: EvilProvider, kid: object
) -> None:
    evil.header["kid"] = kid

    assert refusal(browser, evil) == "id_token_kid"


def test_D4_a_kid_is_optional_where_there_is_one_key(
    browser: EvilBrowser, evil: EvilProvider
) -> None:
    evil.header["kid"] = DROP

    assert lets_in(browser, evil)


def test_D4_a_kid_is_needed_where_there_are_two_keys(
    browser: EvilBrowser, evil: EvilProvider, other_rsa_key: RSAKey
) -> None:
    evil.published.append(other_rsa_key.as_dict(private=False))
    evil.header["kid"] = DROP

    assert refusal(browser, evil) == "id_token_kid"


def test_D4_a_key_published_for_encryption_does_not_sign(
    browser: EvilBrowser, evil: EvilProvider
) -> None:
    evil.published = [{**evil.published[0], "use": "enc"}]

    assert refusal(browser, evil) == "id_token_kid"


def test_D4_a_published_shared_secret_does_not_sign(
    browser: EvilBrowser, evil: EvilProvider
) -> None:
    evil.published = [{"kty": "oct", "kid": "first", "k": "A" * 43}]

    assert refusal(browser, evil) == "id_token_kid"


def rotate(evil: EvilProvider, key: RSAKey) -> None:
    evil.key = key
    evil.published = [key.as_dict(private=False)]


def test_D4_a_rotated_key_is_found_by_looking_once_more(
    browser: EvilBrowser, evil: EvilProvider, other_rsa_key: RSAKey, clock: Clock
) -> None:
    assert lets_in(browser, evil)
    rotate(evil, other_rsa_key)
    clock.now += REFRESH_PAUSE

    assert lets_in(browser, evil)
    assert len(evil.calls("/jwks")) == 2


def test_D4_unknown_kids_do_not_make_us_hammer_the_provider(
    browser: EvilBrowser, evil: EvilProvider, clock: Clock
) -> None:
    assert lets_in(browser, evil)
    evil.header["kid"] = "unheard of"
    clock.now += REFRESH_PAUSE
    for _ in range(5):
        answer = browser.bring(evil.authorize(browser.begin()))
        assert reason(answer) == "id_token_kid"

    assert len(evil.calls("/jwks")) == 2


def test_D4_a_key_that_was_withdrawn_is_forgotten(
    browser: EvilBrowser, evil: EvilProvider, other_rsa_key: RSAKey, clock: Clock
) -> None:
    assert lets_in(browser, evil)
    stolen = evil.key
    rotate(evil, other_rsa_key)
    clock.now += 3600
    evil.sign = lambda header, claims: signed(
        {**header, "kid": stolen.kid}, json.dumps(claims).encode(), stolen
    )

    answer = browser.bring(evil.authorize(browser.begin()))
    assert reason(answer) == "id_token_kid"


# --- what else an evil provider may put into its answers -----------------------------


@pytest.mark.parametrize(
    "lie",
    [
        {"sid": "\ud800"},
        {"name": "\ud800"},
        {"name": float("nan")},
        {"address": {"deep": ["\udfff"]}},
    ],
    ids=repr,
)
def test_D4_claims_that_are_no_text_are_refused_and_do_not_crash(
    browser: EvilBrowser, evil: EvilProvider, lie: Lie
) -> None:
    evil.claims.update(lie)

    assert refusal(browser, evil) == "id_token_malformed"


def test_D4_a_text_that_is_no_text_in_userinfo_is_the_providers_failure(
    browser: EvilBrowser, evil: EvilProvider
) -> None:
    evil.about["name"] = "\ud800"

    assert browser.bring(evil.authorize(browser.begin())).status_code == 502


def test_D4_markup_in_a_claim_is_only_text(
    browser: EvilBrowser, evil: EvilProvider
) -> None:
    evil.about["name"] = "<script>alert(1)</script>"
    assert lets_in(browser, evil)

    assert browser.open("/me").mimetype == "application/json"


def test_D4_no_id_token_is_no_login(browser: EvilBrowser, evil: EvilProvider) -> None:
    evil.tokens["id_token"] = DROP

    assert refusal(browser, evil) == "id_token_malformed"


def test_D4_the_access_token_of_another_login_is_noticed(
    browser: EvilBrowser, evil: EvilProvider
) -> None:
    evil.tokens["access_token"] = f"not-{ACCESS_TOKEN}"

    assert refusal(browser, evil) == "id_token_at_hash"
