"""What a shop may ask for, and what it may not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oauthapp.callers.checkout.asked import LONGEST
from oauthapp.callers.checkout.asked import Asked
from oauthapp.callers.checkout.asked import read_asked
from oauthapp.callers.checkout.refusals import CheckoutRefused
from oauthapp.callers.checkout.refusals import FieldRepeated
from oauthapp.callers.checkout.refusals import FieldUnusable
from oauthapp.callers.checkout.refusals import ReturnUrlUnknown
from oauthapp.money import Money
from oauthapp.settings import Client
from tests.attacks.provider_house import CLIENTS
from tests.attacks.provider_house import RETURN_URL
from tests.attacks.shop import asked

WEB = CLIENTS[0]


def read(client: Client = WEB, **changes: str | None) -> Asked:
    return read_asked(client, tuple(asked(**changes).items()))


def test_what_was_asked_is_read() -> None:
    assert read() == Asked(
        client_id="web",
        order="ord_1",
        description="A mug",
        money=Money(amount=1250, currency="EUR"),
        return_url=RETURN_URL,
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"order": None},
        {"order": ""},
        {"order": "x" * (LONGEST + 1)},
        {"order": "a\x00b"},
        {"order": "a\nb"},
        {"description": None},
        {"description": "\u202egum A"},
        {"description": "\ud800"},
        {"amount": None},
        {"amount": "12.50"},
        {"amount": "-1250"},
        {"currency": None},
        {"currency": "XXX"},
    ],
    ids=str,
)
def test_a_field_that_cannot_be_used_is_named(changes: dict[str, str | None]) -> None:
    with pytest.raises(FieldUnusable) as caught:
        read(**changes)

    (name,) = changes
    assert name in caught.value.expected
    assert caught.value.arrived.isprintable()


@pytest.mark.parametrize("name", asked())
def test_a_field_that_came_twice_is_refused(name: str) -> None:
    sent = (*asked().items(), (name, asked()[name]))

    with pytest.raises(FieldRepeated):
        read_asked(WEB, sent)


def test_a_client_that_registered_no_return_url_has_none() -> None:
    with pytest.raises(ReturnUrlUnknown) as caught:
        read(CLIENTS[2])

    assert caught.value.expected == "none is registered"


def test_a_loopback_port_does_not_vary() -> None:
    native = Client(
        client_id="native",
        client_secret="s",
        native=True,
        redirect_uris=["http://127.0.0.1/cb"],
        checkout_return_uris=["http://127.0.0.1/paid"],
    )

    assert read(native, return_url="http://127.0.0.1/paid")
    with pytest.raises(ReturnUrlUnknown):
        read(native, return_url="http://127.0.0.1:9000/paid")


@given(st.dictionaries(st.sampled_from(sorted(asked())), st.text()))
def test_whatever_came_is_read_or_refused(changes: dict[str, str]) -> None:
    try:
        found = read(**changes)
    except CheckoutRefused as refusal:
        assert refusal.explain().arrived.isprintable()
    else:
        assert found.return_url == RETURN_URL
        assert 0 < found.money.amount < 10**9
