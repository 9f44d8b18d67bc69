"""Endpoints: taken over from the settings, added by command, rotated, disabled."""

import base64
from dataclasses import replace

import msgspec
import pytest
from sqlalchemy import select
from werkzeug import Response

from oauthapp.callbacks.webhook.schemes import STANDARD
from oauthapp.callbacks.webhook.verify import verify
from oauthapp.callers.sender import endpoint_store
from oauthapp.callers.sender import endpoints as room
from oauthapp.callers.sender.endpoints import ROTATION
from oauthapp.callers.sender.endpoints import add_endpoint
from oauthapp.callers.sender.endpoints import rotate_secret
from oauthapp.callers.sender.endpoints import signing_secrets
from oauthapp.callers.sender.endpoints import take_over
from oauthapp.callers.sender.event_store import publish
from oauthapp.callers.sender.refusals import EndpointsFull
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.provider_workers import provider_worker
from oauthapp.schema.sender import deliveries
from oauthapp.schema.sender import endpoints
from oauthapp.settings import Endpoint
from tests.callers.sender.conftest import SECRET

OTHER = "whsec_" + base64.b64encode(b"o" * 32).decode()
ELSEWHERE = Endpoint(url="http://127.0.0.1:9/x", secret=OTHER, events=["a", "b"])


def with_endpoints(provider, *chosen: Endpoint):
    settings = msgspec.structs.replace(provider.settings, endpoints=list(chosen))
    changed = replace(provider, settings=settings)
    take_over(changed)
    return changed


def listed(provider):
    with reading(provider.database) as connection:
        return endpoint_store.listed(connection)


def wanting(provider, event_type: str) -> list[str]:
    with reading(provider.database) as connection:
        return endpoint_store.wanting(connection, event_type)


def secrets(provider, url: str, clock) -> tuple[str, ...]:
    return signing_secrets(provider, url, now=clock.now)


def test_the_settings_endpoints_are_taken_over_once(provider, receiver) -> None:
    take_over(provider)

    (kept,) = listed(provider)
    assert (kept.url, kept.origin, kept.disabled) == (receiver.url, "settings", "")
    assert list(kept.events) == ["session.created"]


def test_an_endpoint_taken_out_of_the_settings_is_removed_one_by_command_stays(
    provider,
) -> None:
    assert add_endpoint(provider, ELSEWHERE)
    assert not add_endpoint(provider, ELSEWHERE)
    with_endpoints(provider)

    assert [one.url for one in listed(provider)] == [ELSEWHERE.url]


def test_an_event_goes_to_who_wants_its_type_and_is_not_disabled(
    provider, receiver
) -> None:
    add_endpoint(provider, ELSEWHERE)

    assert wanting(provider, "session.created") == [receiver.url]
    assert wanting(provider, "b") == [ELSEWHERE.url]
    with writing(provider.database) as connection:
        endpoint_store.disable(connection, ELSEWHERE.url, reason="gone", now=0)
    assert wanting(provider, "b") == []
    with writing(provider.database) as connection:
        endpoint_store.enable(connection, ELSEWHERE.url)
    assert wanting(provider, "b") == [ELSEWHERE.url]


def test_the_types_an_endpoint_wants_can_change_in_the_settings(
    provider, receiver
) -> None:
    with_endpoints(provider, Endpoint(url=receiver.url, secret=SECRET, events=["z"]))

    assert wanting(provider, "z") == [receiver.url]
    assert wanting(provider, "session.created") == []


def test_a_secret_changed_in_the_settings_replaces_the_old_one_in_a_day(
    provider, receiver, clock
) -> None:
    changed = with_endpoints(provider, Endpoint(url=receiver.url, secret=OTHER))
    take_over(changed)  # another start changes nothing more

    assert secrets(changed, receiver.url, clock) == (OTHER, SECRET)
    clock.now += ROTATION - 1
    assert secrets(changed, receiver.url, clock) == (OTHER, SECRET)
    clock.now += 1
    assert secrets(changed, receiver.url, clock) == (OTHER,)


def test_a_rotated_endpoint_gets_both_signatures(
    provider, receiver, announce, clock
) -> None:
    secret = rotate_secret(provider, receiver.url)
    announce()
    provider_worker(provider).run_once()
    ((headers, body),) = receiver.heard

    assert secret is not None and secret != SECRET
    for known in (SECRET, secret):
        seen = verify(
            scheme=STANDARD, secrets=[known], headers=headers, body=body, now=clock.now
        )
        assert seen.accepted


def test_there_is_nothing_to_rotate_at_an_unknown_url(provider) -> None:
    assert rotate_secret(provider, "http://127.0.0.1:9/unknown") is None


def test_signing_secrets_are_encrypted_at_rest(provider, engine, receiver) -> None:
    rotate_secret(provider, receiver.url)
    with reading(engine) as connection:
        (row,) = connection.execute(select(endpoints))

    assert SECRET not in str(row) and SECRET.removeprefix("whsec_") not in str(row)


def test_410_disables_the_endpoint_and_all_that_was_on_its_way_there(
    provider, receiver, announce, engine
) -> None:
    receiver.answers = [Response(status=410)]
    announce()
    provider_worker(provider).run_once()
    with writing(engine) as connection:
        publish(connection, event_type="session.created", data={}, now=0)
    announce()  # addressed by hand, all the same
    provider_worker(provider).run_once()

    (kept,) = listed(provider)
    assert kept.disabled == "gone"
    assert len(receiver.heard) == 1
    with reading(engine) as connection:
        rows = connection.execute(select(deliveries.c.status, deliveries.c.reason))
        found = sorted(map(tuple, rows))
    assert found == [("dead", "endpoint_disabled"), ("dead", "http_410")]


def test_what_waits_for_a_disabled_endpoint_is_dead_with_the_reason(
    provider, receiver, announce, engine
) -> None:
    announce()
    with writing(engine) as connection:
        endpoint_store.disable(connection, receiver.url, reason="by_command", now=7)
    with reading(engine) as connection:
        (row,) = connection.execute(select(deliveries))

    assert (row.status, row.reason, row.settled_at) == (
        "dead",
        "endpoint_by_command",
        7,
    )


@pytest.mark.parametrize(("age", "sent"), [(4, 1), (7, 2)])
def test_a_busy_endpoint_rests_with_all_its_deliveries(
    provider, receiver, announce, clock, age: float, sent: int
) -> None:
    receiver.answers = [Response(status=429, headers={"Retry-After": "6"})]
    announce()
    provider_worker(provider).run_once()
    announce()  # a new one has to wait as well
    clock.now += age
    provider_worker(provider).run_once()

    assert (len(receiver.heard) > 1) is (sent > 1)


def test_there_are_no_more_endpoints_than_there_may_be(provider, monkeypatch) -> None:
    monkeypatch.setattr(room, "MOST", len(listed(provider)) + 1)
    assert add_endpoint(provider, ELSEWHERE)
    one_more = Endpoint(url="http://127.0.0.1:9/y", secret=OTHER, events=["a"])

    with pytest.raises(EndpointsFull):
        add_endpoint(provider, one_more)
    assert one_more.url not in [kept.url for kept in listed(provider)]
