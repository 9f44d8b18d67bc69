"""The shop's pages as their buyer sees them."""

from tests.attacks.buying import CHECKOUT
from tests.attacks.buying import Shop

PAGE = {"Accept": "text/html"}


def test_the_form_may_lead_to_the_provider(shop: Shop) -> None:
    policy = shop.buyer.open("/orders").headers["Content-Security-Policy"]

    assert f"form-action 'self' {shop.evil.issuer};" in policy


def test_on_another_host_the_shop_is_shown_at_its_own(shop: Shop) -> None:
    for method in ("GET", "POST"):
        shop.house.app.config["WTF_CSRF_ENABLED"] = method == "GET"
        answer = shop.buyer.open(
            "/orders", method=method, headers={"Host": "127.0.0.1"}
        )

        assert (answer.status_code, answer.location) == (
            303,
            "http://localhost:5000/orders",
        )
        assert shop.evil.heard == []


def test_a_buyer_finds_their_orders_again(shop: Shop) -> None:
    shop.order()
    order = shop.asked["order"]

    assert f'href="/orders/{order}"' in shop.buyer.open("/orders").text
    assert "not paid" in shop.buyer.open("/orders").text
    shop.tell()
    assert "</a>: paid" in shop.buyer.open("/orders").text


def test_a_second_order_does_not_take_the_first_one_away(shop: Shop) -> None:
    shop.order()
    first = shop.asked["order"]
    shop.order()

    for order in (first, shop.asked["order"]):
        assert shop.buyer.open(f"/orders/{order}").status_code == 200


def test_the_page_of_an_unpaid_order_waits_and_leads_to_the_checkout(
    shop: Shop,
) -> None:
    shop.order()

    page = shop.buyer.open(f"/orders/{shop.asked['order']}", headers=PAGE).text

    assert "Waiting for the webhook" in page
    assert f'href="{shop.evil.issuer}/checkout/{CHECKOUT}"' in page


def test_the_page_of_a_canceled_order_says_by_what(shop: Shop) -> None:
    shop.order()
    shop.tell("payment.canceled", id="msg_7")

    page = shop.buyer.open(f"/orders/{shop.asked['order']}", headers=PAGE).text

    assert "This payment was canceled" in page
    assert "/inspect?text=msg_7" in page
    assert "Go and pay" not in page


def test_every_call_of_a_payment_carries_the_order(shop: Shop) -> None:
    shop.order()
    shop.come_back()
    order = shop.asked["order"]
    shop.buyer.open(f"/orders/{order}")

    calls = [one for one in shop.house.calls if one.url.endswith("/orders") is False]
    links = [{link for link in one.links if link.startswith("order:")} for one in calls]
    assert len(calls) == 3  # the checkout that was asked for, the return, the page
    assert links[0] == links[1] == links[2] != set()
