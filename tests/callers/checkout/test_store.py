"""Checkouts on each database we support, as two processes share them."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine
from sqlalchemy import delete

from oauthapp.callers.checkout import store
from oauthapp.callers.checkout.asked import Asked
from oauthapp.database import open_database
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.money import Money
from oauthapp.schema.provider import checkouts
from oauthapp.schema.provider import provider_tables
from tests.databases import url_of

NOW = 1_700_000_000.0
ASKED = Asked(
    client_id="web",
    order="ord_1",
    description="A mug",
    money=Money(amount=1250, currency="EUR"),
    return_url="http://localhost:5000/orders/return",
)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def opened(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    url = url_of(request, tmp_path_factory.mktemp("checkout"), "checkout")
    engine = open_database(url, provider_tables)
    yield engine
    engine.dispose()


@pytest.fixture
def engine(opened: Engine) -> Engine:
    """The database, empty."""
    with writing(opened) as connection:
        connection.execute(delete(checkouts))
    return opened


def keep(engine: Engine, checkout_id: str = "cs_1", key: str = "k") -> bool:
    with writing(engine) as connection:
        return store.keep(
            connection, checkout_id, ASKED, key=key, expires_at=NOW + 60, now=NOW
        )


def end(engine: Engine, status: store.Status, *, now: float = NOW) -> bool:
    with writing(engine) as connection:
        return store.end(connection, "cs_1", status=status, now=now)


def test_a_checkout_is_found_as_it_was_asked_for(engine: Engine) -> None:
    assert keep(engine)

    with reading(engine) as connection:
        found = store.find(connection, "cs_1")
        assert store.find(connection, "cs_2") is None
    assert found == store.Checkout(
        checkout_id="cs_1", asked=ASKED, status="open", expires_at=NOW + 60
    )


def test_a_key_opens_one_checkout_whoever_asks_at_once(engine: Engine) -> None:
    with ThreadPoolExecutor(8) as pool:
        new = list(pool.map(lambda n: keep(engine, f"cs_{n}"), range(8)))

    assert new.count(True) == 1
    with reading(engine) as connection:
        found = store.find_by_key(connection, client_id="web", key="k")
        other = store.find_by_key(connection, client_id="other", key="k")
    assert found is not None and found.checkout_id == f"cs_{new.index(True)}"
    assert other is None


def test_a_checkout_ends_once_whoever_clicks_at_once(engine: Engine) -> None:
    keep(engine)
    decisions: list[store.Status] = ["paid", "canceled"] * 4

    with ThreadPoolExecutor(8) as pool:
        ours = list(pool.map(lambda status: end(engine, status), decisions))

    assert ours.count(True) == 1
    with reading(engine) as connection:
        found = store.find(connection, "cs_1")
    assert found is not None and found.status == decisions[ours.index(True)]


def test_an_expired_checkout_does_not_end(engine: Engine) -> None:
    keep(engine)

    assert not end(engine, "paid", now=NOW + 60)
    assert end(engine, "paid", now=NOW + 59.9)


@pytest.mark.parametrize(("seconds", "there"), [(-1.0, True), (0.0, False)])
def test_an_old_checkout_is_forgotten_and_its_key_is_free(
    engine: Engine, seconds: float, there: bool
) -> None:
    keep(engine)

    with writing(engine) as connection:
        store.forget_old(connection, now=NOW + 60 + store.REMEMBERED + seconds)

    with reading(engine) as connection:
        assert (store.find(connection, "cs_1") is not None) == there
    assert keep(engine, "cs_2") != there
