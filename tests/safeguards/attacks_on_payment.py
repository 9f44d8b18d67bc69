"""Attacks by buyers, by the name of what has to stop them."""

from collections.abc import Mapping

from tests.attacks.evil_provider import as_json
from tests.safeguards.scene import Attack
from tests.safeguards.scene import Scene


def come_back_without_paying(scene: Scene) -> bool:
    checkout = {"checkout": "chk_1", "url": f"{scene.evil.issuer}/checkout/chk_1"}
    scene.evil.answers["/checkout/sessions"] = lambda _request: as_json(
        checkout, status=201
    )
    browser = scene.house.browser()
    shop = browser.open("/orders", headers={"Accept": "text/html"}).text
    token = shop.partition('csrf_token" value="')[2].partition('"')[0]
    ordered = browser.open("/orders", method="POST", data={"csrf_token": token})
    assert ordered.location == checkout["url"]
    order = browser.open("/orders/return?checkout=chk_1").location
    return browser.open(order).get_json()["status"] == "paid"


ATTACKS_ON_PAYMENT: Mapping[str, Attack] = {
    "return_settles_nothing": come_back_without_paying,
}
