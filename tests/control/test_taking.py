"""A fault happens as often as it was armed, and where control is off, nobody asks."""

from dataclasses import replace

import pytest
from sqlalchemy import event

from oauthapp.control import store
from oauthapp.control.store import Armed
from oauthapp.control.taking import take
from oauthapp.control.taking import take_from
from oauthapp.database import writing
from oauthapp.services import ProviderServices
from tests.control.conftest import NOW


def arm(services: ProviderServices, one: Armed) -> None:
    with writing(services.database) as connection:
        store.arm(connection, one, now=NOW)


def test_what_was_armed_once_is_taken_once(services: ProviderServices) -> None:
    arm(services, Armed(name="token_500"))

    assert take(services, "token_500")
    assert not take(services, "token_500")


def test_what_is_not_armed_is_not_taken(services: ProviderServices) -> None:
    arm(services, Armed(name="token_500"))

    assert not take(services, "token_html")


def test_it_waits_for_the_one_it_is_meant_for(services: ProviderServices) -> None:
    arm(services, Armed(name="token_500", target="client"))

    assert not take(services, "token_500", target="other")
    assert take(services, "token_500", target="client")


def test_of_a_place_that_spoiler_is_found_which_is_armed(
    services: ProviderServices,
) -> None:
    arm(services, Armed(name="b"))

    assert take_from(services, {"a": 1, "b": 2}) == 2
    assert take_from(services, {"a": 1, "b": 2}) is None


@pytest.fixture
def statements(services: ProviderServices) -> list[str]:
    """What the database is asked from now on."""
    asked: list[str] = []
    event.listen(
        services.database, "before_cursor_execute", lambda *said: asked.append(said[2])
    )
    return asked


def test_where_control_is_off_nothing_is_asked(
    services: ProviderServices, statements: list[str]
) -> None:
    arm(services, Armed(name="token_500"))
    statements.clear()
    off = replace(
        services,
        settings=type(services.settings)(
            issuer="http://localhost:1", secret_key="k" * 32
        ),
    )

    assert not take(off, "token_500")
    assert statements == []
    assert take(services, "token_500")
    assert statements != []
