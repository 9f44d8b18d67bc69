"""Who signs out is signed out everywhere: told from server to server, and by frames."""

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import msgspec
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet
from sqlalchemy import select
from werkzeug import Response

from oauthapp.callers.provider import keys
from oauthapp.callers.provider.logout_delivery import LOGOUT_EVENT
from oauthapp.database import reading
from oauthapp.provider_workers import provider_worker
from oauthapp.schema.sender import deliveries
from tests.attacks.house import Clock
from tests.attacks.provider_house import CLIENTS
from tests.attacks.provider_house import ISSUER
from tests.attacks.provider_house import Browser
from tests.attacks.provider_house import Provider
from tests.attacks.provider_house import opened
from tests.callers.receiver import Receiver
from tests.callers.receiver import receiver

__all__ = ["receiver"]


@pytest.fixture
def telling(tmp_path: Path, clock: Clock, receiver: Receiver) -> Iterator[Provider]:
    """A provider whose first client wants to be told by the back channel."""
    first = msgspec.structs.replace(CLIENTS[0], backchannel_logout_uri=receiver.url)
    clients = [first, *CLIENTS[1:]]
    yield from opened(
        tmp_path, clock, clients=clients, endpoints=[], deliver_to_loopback=True
    )


def signed_in(provider: Provider, **asked: str) -> tuple[Browser, dict[str, Any]]:
    """A browser in which alice is signed in, and the claims of her id_token."""
    browser = provider.browser()
    return browser, login(provider, browser, **asked)


def login(provider: Provider, browser: Browser, **asked: str) -> dict[str, Any]:
    tokens = provider.redeem(browser.sign_in(**asked)["code"]).get_json()
    body = tokens["id_token"].split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=="))
    return claims


def sign_out(browser: Browser) -> None:
    browser.follow(browser.client.get("/logout"))
    browser.submit()


def deliver(provider: Provider) -> None:
    while provider_worker(provider.services).run_once():
        pass


def heard(provider: Provider, receiver: Receiver) -> list[jwt.Token]:
    published = keys.published_keys(provider.services)
    key_set = KeySet.import_key_set(published)  # type: ignore[arg-type]
    forms = [parse_qs(body.decode()) for _headers, body in receiver.heard]
    return [jwt.decode(form["logout_token"][0], key_set, ["ES256"]) for form in forms]


def test_the_client_hears_which_login_has_ended(
    telling: Provider, receiver: Receiver, clock: Clock
) -> None:
    browser, claims = signed_in(telling)
    sign_out(browser)
    deliver(telling)
    (token,) = heard(telling, receiver)
    jti = token.claims.pop("jti")

    assert token.header["typ"] == "logout+jwt"
    assert jti.startswith("msg_")
    assert token.claims == {  # Back-Channel Logout 1.0 §2.4
        "iss": ISSUER,
        "aud": "web",
        "sub": "alice",
        "sid": claims["sid"],
        "iat": int(clock.now),
        "exp": int(clock.now) + 120,
        "events": {LOGOUT_EVENT: {}},
    }
    headers, _body = receiver.heard[0]
    assert headers["content-type"] == "application/x-www-form-urlencoded"


def test_each_login_of_the_session_is_told_and_no_other(
    telling: Provider, receiver: Receiver
) -> None:
    browser, first = signed_in(telling)
    second = telling.redeem(browser.sign_in_again()["code"]).get_json()
    _elsewhere, other = signed_in(telling)
    sign_out(browser)
    deliver(telling)

    told = {token.claims["sid"] for token in heard(telling, receiver)}
    assert first["sid"] in told and other["sid"] not in told
    assert len(told) == 2 and second


def test_a_login_stays_of_its_session_when_the_user_signs_in_again(
    telling: Provider, receiver: Receiver, clock: Clock
) -> None:
    browser, before = signed_in(telling)
    clock.now += telling.services.settings.session_ttl - 1
    after = login(telling, browser, prompt="login")
    clock.now += 10  # the first session would have ended by now
    telling.redeem(telling.code())  # which forgets what has expired
    sign_out(browser)
    deliver(telling)

    told = {token.claims["sid"] for token in heard(telling, receiver)}
    assert told == {before["sid"], after["sid"]}


def test_another_user_in_the_same_browser_ends_the_first_ones_logins(
    telling: Provider, receiver: Receiver, clock: Clock
) -> None:
    browser, claims = signed_in(telling)
    clock.now += 1
    browser.authorize(prompt="login")
    browser.log_in("bob", "builder")
    assert browser.page is not None and browser.page.status_code == 200  # consent
    deliver(telling)

    assert [t.claims["sid"] for t in heard(telling, receiver)] == [claims["sid"]]


def test_a_code_that_was_never_redeemed_is_worth_nothing_after_signing_out(
    telling: Provider,
) -> None:
    browser = telling.browser()
    code = browser.sign_in()["code"]
    sign_out(browser)

    assert telling.redeem(code).get_json()["error"] == "invalid_grant"


def test_a_replay_is_still_seen_after_signing_out(telling: Provider) -> None:
    browser = telling.browser()
    code = browser.sign_in()["code"]
    token = telling.redeem(code).get_json()["access_token"]
    sign_out(browser)

    assert telling.userinfo(token).status_code == 200
    telling.redeem(code)
    assert telling.userinfo(token).status_code == 401


def test_a_notice_is_repeated_with_its_id_and_a_new_time(
    telling: Provider, receiver: Receiver, clock: Clock
) -> None:
    receiver.answers.append(Response(status=500))
    browser, _claims = signed_in(telling)
    sign_out(browser)
    deliver(telling)
    clock.now += 10
    deliver(telling)
    one, two = (token.claims for token in heard(telling, receiver))

    assert one["jti"] == two["jti"]
    assert two["iat"] == one["iat"] + 10


def test_signing_out_twice_tells_once(telling: Provider, receiver: Receiver) -> None:
    browser, _claims = signed_in(telling)
    sign_out(browser)
    browser.client.get("/logout")
    deliver(telling)

    assert len(receiver.heard) == 1


def test_a_client_that_moved_is_told_no_more(
    telling: Provider, receiver: Receiver
) -> None:
    browser, _claims = signed_in(telling)
    sign_out(browser)
    settings = msgspec.structs.replace(telling.services.settings, clients=CLIENTS)
    moved = replace(telling, services=replace(telling.services, settings=settings))
    deliver(moved)
    with reading(telling.services.database) as connection:
        kept = connection.execute(select(deliveries)).one()

    assert receiver.heard == []
    assert (kept.status, kept.reason) == ("dead", "endpoint_removed")


FRONT = "http://localhost:5000/front?x=1"


@pytest.fixture
def framing(tmp_path: Path, clock: Clock) -> Iterator[Provider]:
    first = msgspec.structs.replace(CLIENTS[0], frontchannel_logout_uri=FRONT)
    yield from opened(tmp_path, clock, clients=[first, *CLIENTS[1:]])


def test_the_browser_shows_a_frame_for_each_login_that_has_ended(
    framing: Provider,
) -> None:
    browser, claims = signed_in(framing)
    sign_out(browser)
    assert browser.page is not None
    page, policy = browser.page.text, browser.page.headers["Content-Security-Policy"]

    address = f"{FRONT}&amp;iss=http%3A%2F%2F127.0.0.1%3A5001&amp;sid={claims['sid']}"
    assert f'src="{address}"' in page
    assert "frame-src http://localhost:5000;" in policy
    assert 'href="/"' in page


def test_after_the_frames_it_goes_on_to_the_clients_page(framing: Provider) -> None:
    browser, _claims = signed_in(framing)
    out = {
        "client_id": "web",
        "post_logout_redirect_uri": "http://localhost:5000/",
        "state": "s t",
    }
    browser.follow(browser.client.get("/logout", query_string=out))
    browser.submit()

    assert browser.page is not None
    assert 'href="http://localhost:5000/?state=s%20t"' in browser.page.text


def test_without_a_login_there_is_nothing_to_frame(framing: Provider) -> None:
    page = framing.browser().client.get("/logout")

    assert "iframe" not in page.text
    assert "frame-src" not in page.headers["Content-Security-Policy"]
