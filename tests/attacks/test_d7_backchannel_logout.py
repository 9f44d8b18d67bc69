"""RULES D.7: the provider signs somebody out, and nobody else can."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from joserfc.jwk import RSAKey
from werkzeug.test import TestResponse

from oauthapp.callbacks.backchannel.verify import LOGOUT_EVENT
from tests.attacks.evil_browser import EvilBrowser
from tests.attacks.evil_provider import CLIENT_ID
from tests.attacks.evil_provider import DROP
from tests.attacks.evil_provider import SUB
from tests.attacks.evil_provider import EvilProvider
from tests.attacks.evil_provider import altered
from tests.attacks.evil_provider import signed
from tests.attacks.evil_provider import signed_with_public_key
from tests.attacks.house import NOW
from tests.attacks.house import Clock
from tests.attacks.house import House

HEADER = {"alg": "RS256", "kid": "first", "typ": "logout+jwt"}
SID = "the-providers-session"


@pytest.fixture
def browser(house: House, evil: EvilProvider) -> EvilBrowser:
    """Somebody who is signed in."""
    browser = house.browser()
    browser.bring(evil.authorize(browser.begin()))
    assert browser.is_signed_in()
    return browser


def logout_token(
    evil: EvilProvider, key: RSAKey, header: dict[str, Any] = HEADER, **lies: Any
) -> str:
    honest = {
        "iss": evil.issuer,
        "aud": CLIENT_ID,
        "iat": int(NOW),
        "exp": int(NOW) + 120,
        "jti": "one",
        "events": {LOGOUT_EVENT: {}},
        "sub": SUB,
        "sid": SID,
    }
    return signed(header, json.dumps(altered(honest, lies)).encode(), key)


def send(house: House, token: str, provider: str = "demo") -> TestResponse:
    return house.app.test_client().post(
        f"/backchannel-logout/{provider}",
        data={"logout_token": token},
        base_url=house.settings.base_url,
    )


def reason(answer: TestResponse) -> str:
    said = answer.get_json()
    assert said["error"] == "invalid_request"
    return str(said["error_description"]).partition(":")[0]


def test_D7_a_valid_logout_token_ends_the_session(
    house: House, evil: EvilProvider, rsa_key: RSAKey, browser: EvilBrowser
) -> None:
    answer = send(house, logout_token(evil, rsa_key))

    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["Cache-Control"] == "no-store"
    assert not browser.is_signed_in()


@pytest.mark.parametrize("left", [{"sid": DROP}, {"sub": DROP}])
def test_D7_sub_or_sid_alone_is_enough(
    house: House,
    evil: EvilProvider,
    rsa_key: RSAKey,
    browser: EvilBrowser,
    left: dict[str, Any],
) -> None:
    assert send(house, logout_token(evil, rsa_key, **left)).status_code == 200
    assert not browser.is_signed_in()


@pytest.mark.parametrize(
    "about", [{"sid": "another"}, {"sub": "another"}, {"sid": DROP, "sub": "another"}]
)
def test_D7_a_logout_of_somebody_else_ends_nothing_here(
    house: House,
    evil: EvilProvider,
    rsa_key: RSAKey,
    browser: EvilBrowser,
    about: dict[str, Any],
) -> None:
    assert send(house, logout_token(evil, rsa_key, **about)).status_code == 200
    assert browser.is_signed_in()


@pytest.mark.parametrize(
    ("lie", "code"),
    [
        ({"iss": "http://evil.example"}, "logout_token_iss"),
        ({"iss": DROP}, "logout_token_iss"),
        ({"aud": "another"}, "logout_token_aud"),
        ({"aud": [CLIENT_ID, "another"]}, "logout_token_aud"),
        ({"aud": DROP}, "logout_token_aud"),
        ({"iat": int(NOW) + 61}, "logout_token_iat"),
        ({"iat": DROP}, "logout_token_iat"),
        ({"iat": "now"}, "logout_token_iat"),
        ({"exp": int(NOW) - 60}, "logout_token_exp"),
        ({"exp": DROP}, "logout_token_exp"),
        ({"exp": True}, "logout_token_exp"),
        ({"events": DROP}, "logout_token_events"),
        ({"events": {}}, "logout_token_events"),
        ({"events": LOGOUT_EVENT}, "logout_token_events"),
        ({"events": {LOGOUT_EVENT: "yes"}}, "logout_token_events"),
        ({"sub": DROP, "sid": DROP}, "logout_token_sub_sid"),
        ({"sid": 7}, "logout_token_sub_sid"),
        ({"sub": ""}, "logout_token_sub_sid"),
        ({"nonce": "n"}, "logout_token_nonce"),
        ({"nonce": ""}, "logout_token_nonce"),
        ({"jti": DROP}, "logout_token_jti"),
        ({"jti": ""}, "logout_token_jti"),
        ({"jti": "j" * 256}, "logout_token_jti"),
    ],
    ids=str,
)
def test_D7_a_token_that_lies_signs_nobody_out(
    house: House,
    evil: EvilProvider,
    rsa_key: RSAKey,
    browser: EvilBrowser,
    lie: dict[str, Any],
    code: str,
) -> None:
    answer = send(house, logout_token(evil, rsa_key, **lie))

    assert answer.status_code == 400
    assert reason(answer) == code
    assert browser.is_signed_in()


def test_D7_the_limits_of_time_are_exact(
    house: House, evil: EvilProvider, rsa_key: RSAKey
) -> None:
    on_time = {"iat": int(NOW) + 60, "exp": int(NOW) - 59}

    assert send(house, logout_token(evil, rsa_key, **on_time)).status_code == 200


def test_D7_only_the_providers_key_and_algorithm_count(
    house: House,
    evil: EvilProvider,
    rsa_key: RSAKey,
    other_rsa_key: RSAKey,
    browser: EvilBrowser,
) -> None:
    honest = json.dumps({"iss": evil.issuer}).encode()
    forged = [
        logout_token(evil, other_rsa_key),
        logout_token(evil, other_rsa_key, {**HEADER, "kid": "second"}),
        "eyJhbGciOiJub25lIn0.e30.",  # {"alg":"none"}
        signed_with_public_key(HEADER, honest, rsa_key),
        "not.a.token",
        "",
    ]
    for token in forged:
        answer = send(house, token)
        assert answer.status_code == 400, token
        wanted = "logout_token_signature" if token else "logout_token_missing"
        assert reason(answer) == wanted
    assert browser.is_signed_in()


def test_D7_a_token_is_obeyed_once(
    house: House, evil: EvilProvider, rsa_key: RSAKey
) -> None:
    token = logout_token(evil, rsa_key)

    assert send(house, token).status_code == 200
    again = send(house, token)
    assert again.status_code == 400
    assert reason(again) == "logout_token_replayed"


def test_D7_of_eight_at_once_one_is_obeyed(
    house: House, evil: EvilProvider, rsa_key: RSAKey
) -> None:
    token = logout_token(evil, rsa_key)
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda _: send(house, token).status_code, range(8)))

    assert sorted(statuses) == [200] + [400] * 7


def test_D7_a_token_is_remembered_as_long_as_it_is_good(
    house: House, evil: EvilProvider, rsa_key: RSAKey, clock: Clock
) -> None:
    send(house, logout_token(evil, rsa_key))
    clock.now += 179  # exp and leeway end at 180
    send(house, logout_token(evil, rsa_key, jti="two", exp=int(NOW) + 300))

    assert reason(send(house, logout_token(evil, rsa_key))) == "logout_token_replayed"


def test_D7_another_providers_token_signs_nobody_out_here(
    house: House,
    evil: EvilProvider,
    other: EvilProvider,
    rsa_key: RSAKey,
    other_rsa_key: RSAKey,
    browser: EvilBrowser,
) -> None:
    theirs = logout_token(other, other_rsa_key, {**HEADER, "kid": "second"})

    assert send(house, theirs, "demo").status_code == 400
    assert send(house, theirs, "other").status_code in (200, 400)
    assert browser.is_signed_in()


def test_D7_an_id_token_is_no_logout_token(
    house: House, evil: EvilProvider, rsa_key: RSAKey, browser: EvilBrowser
) -> None:
    claims = {**evil.honest_claims("nonce"), "jti": "x"}
    token = signed(HEADER, json.dumps(claims).encode(), rsa_key)

    assert send(house, token).status_code == 400
    assert browser.is_signed_in()


def test_D7_an_unknown_provider_and_another_method_are_refused(house: House) -> None:
    assert send(house, "x", "nobody").status_code == 404
    client = house.app.test_client()
    assert client.get("/backchannel-logout/demo").status_code == 405
