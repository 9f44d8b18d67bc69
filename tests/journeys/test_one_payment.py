"""One payment through both kinds of callback, whichever of them comes first."""

from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from typing import Protocol

import pytest
from sqlalchemy import create_engine
from sqlalchemy import update

from oauthapp.callers.sender import endpoint_store
from oauthapp.demo import Demo
from oauthapp.demo import stage_of
from oauthapp.faults import FAULTS
from oauthapp.playing.arrivals import Arrivals
from oauthapp.playing.payment import CANCEL
from oauthapp.playing.payment import PAY
from oauthapp.playing.stage import on_stage
from oauthapp.recorder.evidence import evidence
from oauthapp.recorder.runs import latest_run
from oauthapp.recorder.timeline import Story
from oauthapp.scenarios import SCENARIOS
from oauthapp.schema.sender import endpoints
from oauthapp.visitor import Visitor

#: Looks at the page before it should have changed; each takes some milliseconds.
PATIENCE = 1000


class House(Protocol):
    demo: Demo
    arrivals: Arrivals
    folder: Path


def test_a_payment_arrives_twice_and_both_are_found_in_one_run(
    house: House, visitor: Visitor
) -> None:
    order(house, visitor)
    url = visitor.submit({}, button=PAY).url

    assert settled(visitor, url)["status"] == "paid"

    story = heard_by_both(house)
    assert [(step.caller, step.callee, step.call.method) for step in story.steps][
        :4
    ] == [
        ("browser", "app", "POST"),
        ("app", "provider", "POST"),
        ("browser", "provider", "GET"),
        ("browser", "provider", "POST"),
    ]
    returned, told = story.arrival("redirect"), story.arrival("webhook")
    assert returned is not None and told is not None
    assert (returned.call.method, returned.call.status) == ("GET", 303)
    assert (told.call.method, told.call.status) == ("POST", 204)
    trigger = evidence(story, "redirect", "trigger")
    assert trigger is not None and trigger.step.path.startswith("/checkout/")


def heard_by_both(house: House) -> Story:
    """The run, once the provider has kept what it heard: soon, not at once."""
    for _ in range(PATIENCE):
        story = latest_run(house.demo.recorder, SCENARIOS["payment"])
        paid = ("browser", "provider", "POST")
        if paid in [(one.caller, one.callee, one.call.method) for one in story.steps]:
            return story
    raise AssertionError("the provider heard of no payment")


def test_two_payments_are_two_runs(house: House, visitor: Visitor) -> None:
    for _ in range(2):
        order(house, visitor)
        url = visitor.submit({}, button=PAY).url
        settled(visitor, url)

    story = latest_run(house.demo.recorder, SCENARIOS["payment"])
    assert len(list(story.callbacks("redirect"))) == 1
    assert len(list(story.callbacks("webhook"))) == 1


def test_the_return_before_the_webhook_waits_for_it(
    house: House, visitor: Visitor
) -> None:
    order(house, visitor)

    with webhooks_held_up(house):
        answer = visitor.submit({}, button=PAY)
        assert "Waiting for the webhook" in answer.text
        assert visitor.open(answer.url).text.count("Waiting for the webhook") == 1

    assert settled(visitor, answer.url)["status"] == "paid"
    assert "Your order is paid" in visitor.open(answer.url).text


def test_the_webhook_before_the_return_has_settled_it_already(
    house: House, visitor: Visitor
) -> None:
    page = order(house, visitor)
    url = visitor.redirect_of({}, button=PAY)
    assert house.arrivals.wait_for("/webhooks/demo") is not None
    assert settled(visitor, page)["status"] == "paid"

    answer = visitor.open(url)

    assert "Your order is paid" in answer.text
    assert answer.url == page


def test_a_browser_that_never_comes_back_has_paid_all_the_same(
    house: House, visitor: Visitor
) -> None:
    page = order(house, visitor)

    visitor.redirect_of({}, button=PAY)

    found = settled(visitor, page)
    assert found["status"] == "paid"
    assert found["settled_by"].startswith("msg_")
    assert all("/orders/return" not in one.url for one in heard(house))


@pytest.mark.parametrize("times", [1, 3])
def test_a_return_without_a_payment_settles_nothing(
    house: House, visitor: Visitor, times: int
) -> None:
    page = order(house, visitor)
    assert visitor.page is not None
    checkout = visitor.page.url.rpartition("/")[2]

    for _ in range(times):
        answer = visitor.open(f"{house.demo.app_url}/orders/return?checkout={checkout}")

    assert answer.url == page
    assert "Waiting for the webhook" in answer.text


def test_a_canceled_payment_comes_back_as_a_paid_one_does(
    house: House, visitor: Visitor
) -> None:
    order(house, visitor)

    answer = visitor.submit({}, button=CANCEL)

    assert settled(visitor, answer.url)["status"] == "canceled"


@pytest.mark.parametrize(
    ("fault", "effect"),
    [
        ("amount_altered", "amount_mismatch"),
        ("checkout_altered", "checkout_mismatch"),
    ],
)
def test_news_of_another_payment_than_ours_settle_nothing(
    house: House, visitor: Visitor, fault: str, effect: str
) -> None:
    with on_stage(stage_of(house.demo)) as stage:
        stage.arm(FAULTS[fault])
    order(house, visitor)

    page = visitor.submit({}, button=PAY).url

    found = once(visitor, page, lambda told: bool(told["news"]))
    assert [one["effect"] for one in found["news"]] == [effect]
    assert found["status"] == "open"


def order(house: House, visitor: Visitor) -> str:
    """Press the button in the shop: the order's own page; the payment page is open."""
    visitor.open(f"{house.demo.app_url}/orders")
    page = visitor.submit({})
    order_id = page.text.partition("<code>ord_")[2].partition("<")[0]
    return f"{house.demo.app_url}/orders/ord_{order_id}"


def settled(visitor: Visitor, page: str) -> dict[str, Any]:
    """The order, once a message has settled it."""
    return once(visitor, page, lambda told: told["status"] != "open")


def once(
    visitor: Visitor, page: str, holds: Callable[[dict[str, Any]], bool]
) -> dict[str, Any]:
    """What is told of the order, as soon as that holds."""
    for _ in range(PATIENCE):
        found = visitor.open_json(page)
        if holds(found):
            return found
    raise AssertionError("the worker has done nothing about this order")


def heard(house: House) -> tuple[Any, ...]:
    story = latest_run(house.demo.recorder, SCENARIOS["payment"])
    return tuple(step.call for step in story.steps)


@contextmanager
def webhooks_held_up(house: House) -> Iterator[None]:
    """The sender lets our endpoint rest until the block ends, as a 429 would ask."""
    engine = create_engine(f"sqlite:///{house.folder}/provider.sqlite")
    url = f"{house.demo.app_url}/webhooks/demo"
    with engine.begin() as connection:
        endpoint_store.rest(connection, url, until=1e12)
    yield
    with engine.begin() as connection:
        connection.execute(update(endpoints).values(paused_until=0))
    engine.dispose()
