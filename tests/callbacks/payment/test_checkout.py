"""Asking the provider for a checkout, and what it may answer."""

import base64
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from werkzeug.wrappers import Request
from werkzeug.wrappers import Response

from oauthapp.settings import Payments
from oauthapp.settings import WebhookSource
from tests.attacks.buying import CHECKOUT
from tests.attacks.buying import SECRET
from tests.attacks.buying import SESSIONS
from tests.attacks.buying import Shop
from tests.attacks.buying import opens_checkout
from tests.attacks.evil_browser import reason
from tests.attacks.evil_provider import EvilProvider
from tests.attacks.house import House
from tests.attacks.house import registration


def answering(told: object, status: int = 201) -> Callable[[Request], Response]:
    body = told if isinstance(told, bytes) else msgspec.json.encode(told)
    return lambda _request: Response(body, status, content_type="application/json")


def test_the_provider_is_asked_for_what_the_order_costs(shop: Shop) -> None:
    answer = shop.order()

    assert answer.location == f"{shop.evil.issuer}/checkout/{CHECKOUT}"
    (heard,) = shop.evil.calls(SESSIONS)
    assert heard.form == {
        "order": heard.headers["Idempotency-Key"],
        "description": "A mug that says “call me back”",
        "amount": "1250",
        "currency": "EUR",
        "return_url": "http://localhost:5000/orders/return",
    }
    basic = base64.b64encode(b"the-app:the-apps-secret-at-the-provider").decode()
    assert heard.headers["Authorization"] == f"Basic {basic}"


def test_credentials_go_into_the_form_where_they_are_registered_so(
    open_house: Callable[..., House], evil: EvilProvider
) -> None:
    evil.answers[SESSIONS] = opens_checkout
    method = {"token_endpoint_auth_method": "client_secret_post"}
    house = open_house(
        providers={"demo": registration(evil.issuer, **method)},
        webhooks={"demo": WebhookSource(secrets=[SECRET])},
        payments=Payments(
            provider="demo", checkout_endpoint=evil.issuer + SESSIONS, webhooks="demo"
        ),
    )
    shop = Shop(house=house, evil=evil, buyer=house.browser())

    shop.order()

    assert shop.asked["client_secret"] == "the-apps-secret-at-the-provider"
    assert "Authorization" not in evil.calls(SESSIONS)[0].headers


def test_an_answer_that_is_lost_is_asked_for_again_with_the_same_key(
    shop: Shop,
) -> None:
    def cut_off(_request: Request) -> Response:
        shop.evil.answers[SESSIONS] = opens_checkout
        answer = Response(b"{", 201)
        answer.headers["Content-Length"] = "999"
        return answer

    shop.evil.answers[SESSIONS] = cut_off

    assert shop.order().status_code == 303

    keys = [one.headers["Idempotency-Key"] for one in shop.evil.calls(SESSIONS)]
    assert len(keys) == 2
    assert keys[0] == keys[1]


ELSEWHERE = [
    "https://evil.example/checkout/cs_1",
    "//evil.example/",
    "/checkout/cs_1",
    "javascript:alert(1)",
    "{issuer}.evil.example/",
    "{issuer}@evil.example/",
    "{issuer}",
    "{issuer}/\\evil",
    "{issuer}/ x",
    "{issuer}/\r\nSet-Cookie: a=b",
    "{issuer}/ü",
    "",
]


@pytest.mark.parametrize("url", ELSEWHERE)
def test_nobody_is_sent_elsewhere_than_to_the_provider(shop: Shop, url: str) -> None:
    told = {"checkout": CHECKOUT, "url": url.replace("{issuer}", shop.evil.issuer)}
    shop.evil.answers[SESSIONS] = answering(told)

    answer = shop.order()

    assert (answer.status_code, reason(answer)) == (502, "checkout_not_opened")
    assert "Location" not in answer.headers


@pytest.mark.parametrize("checkout", ["", "x" * 256, "a\x00", "ü", 7, None, ["cs_1"]])
def test_a_checkout_has_a_name_that_can_be_kept(shop: Shop, checkout: Any) -> None:
    told = {"checkout": checkout, "url": f"{shop.evil.issuer}/checkout/x"}
    shop.evil.answers[SESSIONS] = answering(told)

    assert reason(shop.order()) == "checkout_not_opened"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (answering({"error": "invalid_client"}, 401), "checkout_not_opened"),
        (answering({"error": {"code": "x"}}, 400), "checkout_not_opened"),
        (answering({}, 422), "checkout_not_opened"),
        (answering({}, 201), "checkout_not_opened"),
        (answering({}, 200), "provider_failed"),
        (answering({}, 500), "provider_failed"),
        (answering({}, 303), "provider_failed"),
        (answering([], 201), "provider_failed"),
        (answering(b"{", 201), "provider_failed"),
        (answering(b"\xff", 201), "provider_failed"),
    ],
)
def test_an_answer_that_cannot_be_used_is_a_page_with_a_reason(
    shop: Shop, answer: Callable[[Request], Response], expected: str
) -> None:
    shop.evil.answers[SESSIONS] = answer

    refused = shop.order()

    assert (refused.status_code, reason(refused)) == (502, expected)
    assert shop.buyer.open("/orders").status_code == 200
