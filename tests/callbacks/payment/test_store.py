"""Orders on each database we support: who sees them, and what settles them at once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine
from sqlalchemy import delete

from oauthapp.callbacks.payment import store
from oauthapp.callbacks.payment.store import News
from oauthapp.callbacks.payment.store import Order
from oauthapp.callbacks.webhook import order_store
from oauthapp.callbacks.webhook.settle import OrderOnFile
from oauthapp.callbacks.webhook.settle import Settled
from oauthapp.callbacks.webhook.store import Claimed
from oauthapp.database import open_database
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.money import Money
from oauthapp.schema.app import app_tables
from oauthapp.schema.app import order_news
from oauthapp.schema.app import orders
from tests.databases import url_of

NOW = 1_700_000_000.0
PRICE = Money(amount=1250, currency="EUR")
ORDER = Order(
    order_id="ord_1", article="A mug", money=PRICE, source="demo", created_at=NOW
)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def opened(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    url = url_of(request, tmp_path_factory.mktemp("orders"), "orders")
    engine = open_database(url, app_tables)
    yield engine
    engine.dispose()


@pytest.fixture
def engine(opened: Engine) -> Engine:
    """The database, with one order of one buyer."""
    with writing(opened) as connection:
        connection.execute(delete(order_news))
        connection.execute(delete(orders))
        store.keep(connection, ORDER, buyer="b")
        store.note_checkout(connection, "ord_1", checkout_id="cs_1", url="https://p/")
    return opened


def message(number: int, type: str = "payment.succeeded") -> Claimed:
    return Claimed(
        source="demo", message_id=f"msg_{number}", event_type=type, body=b"", tries=1
    )


def settle(engine: Engine, number: int, status: Settled) -> bool:
    with writing(engine) as connection:
        one = message(number)
        return order_store.settle(connection, "ord_1", one, status=status, now=NOW)


def test_an_order_is_its_buyers(engine: Engine) -> None:
    with reading(engine) as connection:
        mine = store.find(connection, "ord_1", buyer="b")
        assert mine == store.find_by_checkout(connection, "cs_1", buyer="b")
        assert store.made_by(connection, "b") == (mine,)
        for other in ("", "c"):
            assert store.find(connection, "ord_1", buyer=other) is None
            assert store.find_by_checkout(connection, "cs_1", buyer=other) is None
            assert store.made_by(connection, other) == ()
    assert mine is not None
    assert (mine.status, mine.checkout_id, mine.money) == ("open", "cs_1", PRICE)


def test_what_is_compared_with_the_news_is_what_was_asked_for(engine: Engine) -> None:
    with reading(engine) as connection:
        found = order_store.find(connection, "ord_1")
        assert order_store.find(connection, "ord_2") is None
    assert found == OrderOnFile(source="demo", checkout_id="cs_1", money=PRICE)


def test_an_order_is_settled_once_whoever_does_it_at_once(engine: Engine) -> None:
    with ThreadPoolExecutor(8) as pool:
        settled = list(pool.map(lambda n: settle(engine, n, "paid"), range(8)))

    assert settled.count(True) == 1
    with reading(engine) as connection:
        found = store.find(connection, "ord_1", buyer="b")
    assert found is not None
    assert found.settled_by == f"msg_{settled.index(True)}"


def test_paid_and_canceled_at_once_is_paid(engine: Engine) -> None:
    kinds: list[Settled] = ["paid", "canceled"] * 4
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda one: settle(engine, *one), enumerate(kinds)))

    with reading(engine) as connection:
        found = store.find(connection, "ord_1", buyer="b")
    assert found is not None and found.status == "paid"


def test_news_of_one_message_are_kept_once(engine: Engine) -> None:
    for effect in ("settled", "nothing"):
        with writing(engine) as connection:
            order_store.keep_news(
                connection, "ord_1", message(1), effect=effect, now=NOW
            )

    with reading(engine) as connection:
        assert store.news_of(connection, "ord_2") == []
        assert store.news_of(connection, "ord_1") == [
            News(
                source="demo",
                message_id="msg_1",
                event_type="payment.succeeded",
                effect="settled",
                at=NOW,
            )
        ]
