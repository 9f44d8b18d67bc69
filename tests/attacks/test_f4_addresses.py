"""RULES F.4 at the provider: nobody sends it into the network that it stands in."""

from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import Table
from sqlalchemy import select

from oauthapp.callers.sender.retry import SCHEDULE
from oauthapp.callers.sender.store import publish
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.provider_workers import provider_worker
from oauthapp.schema.sender import attempts
from oauthapp.schema.sender import deliveries
from oauthapp.settings import Endpoint
from tests.attacks.house import Clock
from tests.attacks.provider_house import CLIENTS
from tests.attacks.provider_house import ENDPOINT
from tests.attacks.provider_house import Provider
from tests.attacks.provider_house import opened
from tests.callers.receiver import Receiver
from tests.callers.receiver import receiver
from tests.names import GLOBAL
from tests.names import Names
from tests.names import names

__all__ = ["names", "receiver"]

HOOK = "https://hooks.example/hook"
Open = Callable[..., Provider]


@pytest.fixture
def send_to(tmp_path: Path, clock: Clock) -> Iterator[Open]:
    """Opens a provider with one endpoint, and attempts to deliver an event to it."""
    opening = []

    def opened_and_sent(url: str, **settings: Any) -> Provider:
        endpoint = Endpoint(url=url, secret=ENDPOINT.secret)
        house = opened(tmp_path, clock, endpoints=[endpoint], **settings)
        opening.append(house)
        provider = next(house)
        with writing(provider.services.database) as connection:
            publish(
                connection,
                event_type="session.created",
                data={},
                to=[url],
                now=clock.now,
            )
        provider_worker(provider.services).run_once()
        return provider

    yield opened_and_sent
    for house in opening:
        next(house, None)


def rows(provider: Provider, table: Table) -> list[tuple[str | None, str]]:
    """Status and reason of each."""
    with reading(provider.services.database) as connection:
        return [(one.status, one.reason) for one in connection.execute(select(table))]


REFUSED = "address_not_global: 127.0.0.1 is loopback"


def test_F4_loopback_is_refused_unless_the_settings_allow_it(
    send_to: Open, receiver: Receiver
) -> None:
    provider = send_to(receiver.url)

    assert receiver.heard == []
    assert rows(provider, attempts) == [(None, REFUSED)]
    assert rows(provider, deliveries) == [("pending", REFUSED)]


def test_F4_loopback_is_reached_when_the_settings_allow_it(
    send_to: Open, receiver: Receiver
) -> None:
    provider = send_to(receiver.url, deliver_to_loopback=True)

    assert len(receiver.heard) == 1
    assert rows(provider, deliveries) == [("delivered", "")]


@pytest.mark.parametrize("deliver_to_loopback", [False, True])
@pytest.mark.parametrize(
    "addresses",
    [
        ["169.254.169.254"],
        ["10.0.0.7"],
        ["::ffff:127.0.0.1"],
        ["64:ff9b::a9fe:a9fe"],
        [GLOBAL, "192.168.0.1"],
    ],
    ids=str,
)
def test_F4_the_network_around_us_is_refused_whatever_the_settings_say(
    send_to: Open, names: Names, addresses: list[str], deliver_to_loopback: bool
) -> None:
    names.answers = {"hooks.example": [addresses]}
    provider = send_to(HOOK, deliver_to_loopback=deliver_to_loopback)

    assert names.connected == []
    ((_status, reason),) = rows(provider, attempts)
    assert reason.startswith(f"address_not_global: {addresses[-1]} is ")


def test_F4_an_endpoint_that_is_rebound_gets_what_was_judged(
    send_to: Open, receiver: Receiver, names: Names
) -> None:
    port = int(receiver.url.split(":")[2].split("/")[0])
    names.answers = {"localhost": [[GLOBAL], ["127.0.0.1"]]}
    names.leads_to = {GLOBAL: port}
    provider = send_to(f"http://localhost:{port}/hook")

    assert (names.asked, names.connected) == (["localhost"], [GLOBAL])
    ((headers, _body),) = receiver.heard
    assert headers["host"] == f"localhost:{port}"
    assert rows(provider, deliveries) == [("delivered", "")]


def test_F4_a_refusal_is_tried_again_as_often_as_any_other_failure(
    send_to: Open, receiver: Receiver, clock: Clock
) -> None:
    provider = send_to(receiver.url)
    for _ in range(2 * len(SCHEDULE)):
        clock.now += 2 * 86400
        provider_worker(provider.services).run_once()

    assert rows(provider, attempts) == [(None, REFUSED)] * len(SCHEDULE)
    assert rows(provider, deliveries) == [("dead", REFUSED)]


def test_F4_a_logout_token_does_not_go_into_the_network_around_us(
    tmp_path: Path, clock: Clock, names: Names
) -> None:
    names.answers = {"rp.example": [["169.254.169.254"]]}
    uri = "https://rp.example/logout"
    client = msgspec.structs.replace(CLIENTS[0], backchannel_logout_uri=uri)
    house = opened(tmp_path, clock, clients=[client], endpoints=[])
    provider = next(house)
    browser = provider.browser()
    provider.redeem(browser.sign_in()["code"])
    browser.follow(browser.client.get("/logout"))
    browser.submit()
    provider_worker(provider.services).run_once()

    reason = "address_not_global: 169.254.169.254 is link-local"
    assert rows(provider, attempts) == [(None, reason)]
    assert names.connected == []
    next(house, None)
