"""The return URL settles nothing, and only the right message settles an order."""

import msgspec
import pytest
from werkzeug.wrappers import Response

from oauthapp.callbacks.payment import store
from tests.attacks.buying import CHECKOUT
from tests.attacks.buying import SESSIONS
from tests.attacks.buying import Shop
from tests.attacks.buying import shop as shop
from tests.attacks.evil_browser import reason
from tests.attacks.house import House
from tests.attacks.test_a5_redirect_uri import FORWARDED


def test_an_order_is_unpaid_however_often_its_buyer_comes_back(shop: Shop) -> None:
    shop.order()

    for _ in range(3):
        assert shop.come_back().status_code == 303

    assert shop.status() == "open"
    (last,) = {one.reason for one in shop.house.calls if "/return" in one.url}
    assert last == "settles_nothing"


@pytest.mark.parametrize(
    "more",
    [
        "&status=paid",
        "&paid=1&amount=1250&currency=EUR",
        "&event=payment.succeeded",
        "&order=ord_x",
        f"&checkout={CHECKOUT}",
    ],
)
def test_no_parameter_of_the_return_settles_anything(shop: Shop, more: str) -> None:
    shop.order()

    shop.buyer.open(f"/orders/return?checkout={CHECKOUT}{more}")

    assert shop.status() == "open"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_the_return_answers_a_get_only(shop: Shop, method: str) -> None:
    shop.order()

    answer = shop.buyer.open(f"/orders/return?checkout={CHECKOUT}", method=method)

    assert answer.status_code in (400, 405)
    assert shop.status() == "open"


@pytest.mark.parametrize(
    "checkout",
    ["", "cs_2", "CS_1", "cs_1 ", "cs_1%00", "%ED%A0%80", "cs_1'--", "x" * 5000, "%"],
)
def test_a_checkout_of_nobody_is_refused(shop: Shop, checkout: str) -> None:
    shop.order()

    answer = shop.buyer.open(f"/orders/return?checkout={checkout}")

    assert answer.status_code in (400, 404)
    arrived = answer.get_json()["error"]["arrived"]
    assert arrived.isascii() and arrived.isprintable()  # no database was asked for it
    assert shop.status() == "open"


def test_an_order_that_no_database_can_look_for_is_unknown(shop: Shop) -> None:
    answer = shop.buyer.open("/orders/%00%C3%BC")

    assert (answer.status_code, reason(answer)) == (404, "order_unknown")
    assert answer.get_json()["error"]["arrived"] == r"'\x00\xfc'"


def test_a_stranger_sees_nothing_of_an_order(shop: Shop) -> None:
    shop.order()
    stranger = shop.house.browser()
    shop.order(stranger)  # who has an order, too, is a stranger all the same
    ours = shop.evil.calls(SESSIONS)[0].form["order"]

    for answer in (
        stranger.open(f"/orders/{ours}"),
        shop.house.browser().open(f"/orders/{ours}"),
    ):
        assert (answer.status_code, reason(answer)) == (404, "order_unknown")
        assert "mug" not in answer.text
    assert ours not in stranger.open("/orders").text


def test_a_stranger_does_not_come_back_in_the_buyers_place(shop: Shop) -> None:
    shop.order()

    answer = shop.come_back(shop.house.browser())

    assert (answer.status_code, reason(answer)) == (404, "order_unknown")
    assert "Location" not in answer.headers


@pytest.mark.parametrize("forged", ["", "{id}", "{id}.", "{id}.y", "{id}.{others}"])
def test_a_buyer_cannot_be_invented(shop: Shop, forged: str) -> None:
    shop.order()
    stranger = shop.house.browser()
    shop.order(stranger)
    others = stranger.cookie("oauthapp_buyer").rpartition(".")[2]
    id = shop.buyer.cookie("oauthapp_buyer").rpartition(".")[0]
    invented = forged.format(id=id, others=others)
    stranger.client.set_cookie("oauthapp_buyer", invented, domain="localhost")

    assert reason(shop.come_back(stranger)) == "order_unknown"


def test_the_buyers_cookie_is_out_of_reach_for_scripts_and_other_sites(
    shop: Shop,
) -> None:
    cookie = shop.order().headers["Set-Cookie"]

    assert cookie.startswith("oauthapp_buyer=")
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie


def test_the_way_on_is_to_our_own_page_whatever_a_header_says(shop: Shop) -> None:
    shop.order()

    answer = shop.buyer.open(
        f"/orders/return?checkout={CHECKOUT}&next=//evil.example", headers=FORWARDED
    )

    order = shop.asked["order"]
    assert answer.location == f"http://localhost:5000/orders/{order}"


@pytest.mark.parametrize("name", [*FORWARDED, "Host"])
def test_no_header_changes_the_return_url(shop: Shop, name: str) -> None:
    page = shop.buyer.open("/orders")
    token = page.text.partition('csrf_token" value="')[2].partition('"')[0]

    shop.buyer.open(
        "/orders",
        method="POST",
        data={"csrf_token": token, "return_url": "https://evil.example/"},
        headers={name: FORWARDED.get(name, "localhost:5000")},
    )

    assert shop.asked["return_url"] == "http://localhost:5000/orders/return"


@pytest.mark.parametrize("token", [None, "", "x"])
def test_another_site_cannot_order_in_a_buyers_name(
    shop: Shop, token: str | None
) -> None:
    shop.buyer.open("/orders")

    answer = shop.buyer.open(
        "/orders", method="POST", data={} if token is None else {"csrf_token": token}
    )

    assert (answer.status_code, reason(answer)) == (400, "csrf_mismatch")
    assert shop.evil.calls(SESSIONS) == []


def test_the_buyer_cannot_name_the_price(shop: Shop) -> None:
    page = shop.buyer.open("/orders?amount=1")
    token = page.text.partition('csrf_token" value="')[2].partition('"')[0]

    shop.buyer.open("/orders", method="POST", data={"csrf_token": token, "amount": "1"})

    assert (shop.asked["amount"], shop.asked["currency"]) == ("1250", "EUR")


def test_only_the_webhook_settles_the_order(shop: Shop) -> None:
    shop.order()

    assert shop.tell() == ("done", "")

    assert shop.status() == "paid"
    page = shop.buyer.open(
        f"/orders/{shop.asked['order']}", headers={"Accept": "text/html"}
    )
    assert "Your order is paid" in page.text
    assert "/inspect?text=msg_1" in page.text


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"amount": 1}, "amount_mismatch"),
        ({"amount": 125000}, "amount_mismatch"),
        ({"currency": "JPY"}, "amount_mismatch"),
        ({"checkout": "cs_2"}, "checkout_mismatch"),
        ({"order": "ord_x"}, "news_of_no_order"),
        ({"amount": "1250"}, "data_unusable"),
        ({"source": "other"}, "source_mismatch"),
    ],
    ids=str,
)
def test_news_of_anything_else_settle_nothing_and_are_dead(
    shop: Shop, changes: dict[str, object], refused: str
) -> None:
    shop.order()

    assert shop.tell(**changes) == ("dead", refused)  # type: ignore[arg-type]

    assert shop.status() == "open"
    assert shop.tell(id="msg_2") == ("done", "")  # the true news come in spite of it
    assert shop.status() == "paid"


def test_what_was_refused_is_shown_with_its_reason(shop: Shop) -> None:
    shop.order()
    shop.tell(amount=1)

    page = shop.buyer.open(
        f"/orders/{shop.asked['order']}", headers={"Accept": "text/html"}
    )

    assert "Waiting for the webhook" in page.text
    assert "was refused: <code>amount_mismatch</code>" in page.text


def test_a_payment_cannot_be_moved_to_another_order(shop: Shop) -> None:
    """Somebody pays a cheap checkout of their own, and names a stranger's order."""
    shop.order()
    shop.evil.answers[SESSIONS] = lambda request: Response(
        msgspec.json.encode(
            {"checkout": "cs_2", "url": f"{request.host_url}checkout/cs_2"}
        ),
        201,
        content_type="application/json",
    )
    ours = shop.asked["order"]
    shop.order(shop.house.browser())

    assert shop.tell(order=ours, checkout="cs_2") == ("dead", "checkout_mismatch")


@pytest.mark.parametrize(
    ("types", "status"),
    [
        (["payment.succeeded"] * 2, "paid"),
        (["payment.succeeded", "payment.canceled"], "paid"),
        (["payment.canceled", "payment.succeeded"], "paid"),
        (["payment.canceled"] * 2, "canceled"),
        (["payment.canceled", "payment.succeeded", "payment.canceled"], "paid"),
    ],
)
def test_the_order_and_number_of_messages_do_no_harm(
    shop: Shop, types: list[str], status: str
) -> None:
    shop.order()

    for number, type in enumerate(types):
        assert shop.tell(type, id=f"msg_{number}") == ("done", "")

    assert shop.status() == status


def test_what_settled_it_first_stays_what_settled_it(shop: Shop) -> None:
    shop.order()
    for number in range(3):
        shop.tell(id=f"msg_{number}")

    told = shop.buyer.open(f"/orders/{shop.asked['order']}").get_json()

    assert told["settled_by"] == "msg_0"
    assert [one["effect"] for one in told["news"]] == ["settled", "nothing", "nothing"]


def test_without_payments_there_is_no_shop(house: House) -> None:
    browser = house.browser()
    for path in ("/orders", "/orders/return?checkout=cs_1", "/orders/ord_1"):
        answer = browser.open(path)
        assert (answer.status_code, reason(answer)) == (404, "shop_closed")


def test_an_unpaid_order_is_forgotten_with_what_was_said_of_it(
    shop: Shop, clock: object
) -> None:
    shop.order()
    shop.tell(amount=1)
    old = shop.asked["order"]
    clock.now += store.REMEMBERED + 1  # type: ignore[attr-defined]

    shop.order()

    assert shop.buyer.open(f"/orders/{old}").status_code == 404
    with shop.house.services.database.connect() as connection:
        assert store.news_of(connection, old) == []


def test_a_paid_order_is_not_forgotten(shop: Shop, clock: object) -> None:
    shop.order()
    shop.tell()
    old = shop.asked["order"]
    clock.now += store.REMEMBERED + 1  # type: ignore[attr-defined]

    shop.order()

    assert shop.buyer.open(f"/orders/{old}").get_json()["status"] == "paid"
