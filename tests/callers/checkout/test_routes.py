"""From a shop's request to the event that tells it what became of it."""

import msgspec
import pytest

from tests.attacks.house import Clock
from tests.attacks.provider_house import RETURN_URL
from tests.attacks.provider_house import Provider
from tests.attacks.shop import KEY
from tests.attacks.shop import asked
from tests.attacks.shop import buyer
from tests.attacks.shop import open_checkout
from tests.attacks.shop import opened_page
from tests.attacks.shop import published


def test_a_checkout_is_opened_at_a_page_of_ours(provider: Provider) -> None:
    answer = open_checkout(provider)

    told = answer.get_json()
    assert answer.status_code == 201
    assert told["url"] == f"http://127.0.0.1:5001/checkout/{told['checkout']}"
    assert told["expires_at"] == 1_700_000_000 + 1800
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_page_says_who_asks_for_what_and_how_much(provider: Provider) -> None:
    page = buyer(provider, opened_page(provider)).page

    assert page is not None and page.status_code == 200
    for said in ("The web app", "A mug", "12.50 EUR", RETURN_URL):
        assert said in page.text
    policy = page.headers["Content-Security-Policy"]
    assert "form-action 'self' http://localhost:5000;" in policy


@pytest.mark.parametrize(
    ("decision", "event", "says"),
    [
        ("pay", "payment.succeeded", "This is paid"),
        ("cancel", "payment.canceled", "This payment was canceled"),
    ],
)
def test_buyer_and_shop_are_told_how_it_ended(
    provider: Provider, decision: str, event: str, says: str
) -> None:
    page = opened_page(provider)
    browser = buyer(provider, page)

    answer = browser.submit(decision=decision)

    checkout_id = page.rpartition("/")[2]
    assert answer.status_code == 303
    assert answer.location == f"{RETURN_URL}?checkout={checkout_id}"
    ((type, body),) = published(provider)
    assert type == event
    assert msgspec.json.decode(body)["data"] == {
        "order": "ord_1",
        "checkout": checkout_id,
        "amount": 1250,
        "currency": "EUR",
    }
    again = browser.client.get(page)
    assert says in again.text
    assert "<form" not in again.text
    assert f'href="{answer.location}"' in again.text


def test_the_worker_is_woken(provider: Provider) -> None:
    browser = buyer(provider, opened_page(provider))
    provider.services.wake.clear()

    browser.submit(decision="pay")

    assert provider.services.wake.is_set()


def test_a_registered_query_stays_as_it_is(provider: Provider) -> None:
    form = asked(return_url="https://other.example/paid?shop=1")
    secret = {"client_id": "post", "client_secret": "p%st +:ü"}
    answer = provider.machine().post(
        "/checkout/sessions", data={**form, **secret}, headers=KEY
    )
    assert answer.status_code == 201, answer.text
    page = answer.get_json()["url"].removeprefix("http://127.0.0.1:5001")

    location = buyer(provider, page).submit(decision="pay").location

    checkout_id = answer.get_json()["checkout"]
    assert location == f"https://other.example/paid?shop=1&checkout={checkout_id}"


def test_too_late_nothing_is_paid(provider: Provider, clock: Clock) -> None:
    page = opened_page(provider)
    browser = buyer(provider, page)
    clock.now += 1800

    answer = browser.submit(decision="pay")

    assert answer.status_code == 410
    assert answer.get_json()["error"]["code"] == "checkout_expired"
    assert published(provider) == []
    late = browser.client.get(page)
    assert "It is too late to pay here" in late.text
    assert "<form" not in late.text


@pytest.mark.parametrize("path", ["/checkout/cs_x", "/checkout/%00", "/checkout/ü"])
def test_a_page_that_there_is_not(provider: Provider, path: str) -> None:
    answer = provider.machine().get(path)

    assert answer.status_code == 404
    error = answer.get_json()["error"]
    assert error["code"] == "checkout_unknown"
    assert error["arrived"].isprintable()  # and no database was asked for it


def test_what_is_neither_pay_nor_cancel_changes_nothing(provider: Provider) -> None:
    browser = buyer(provider, opened_page(provider))

    answer = browser.submit(decision="later")

    assert answer.status_code == 400
    assert answer.get_json()["error"]["code"] == "field_unusable"
    assert published(provider) == []
    assert browser.client.get("/").status_code == 200
