"""A job is done, and told: to our own code, and to whoever asked for it."""

import json

import pytest
from sqlalchemy import select
from standardwebhooks import Webhook
from werkzeug import Response

from oauthapp.aging import DAY
from oauthapp.callers.jobs import store
from oauthapp.callers.jobs import work
from oauthapp.callers.sender import store as outbox
from oauthapp.control.store import Armed
from oauthapp.control.store import arm
from oauthapp.database import writing
from oauthapp.provider_workers import job_worker
from oauthapp.provider_workers import provider_worker
from oauthapp.schema.jobs import job_counts
from oauthapp.schema.jobs import jobs
from oauthapp.schema.sender import attempts
from oauthapp.schema.sender import deliveries
from tests.callers.jobs.conftest import SECRET
from tests.callers.jobs.conftest import client
from tests.callers.jobs.conftest import read

LONG = 1_000_000.0


def rows(provider, table):
    with provider.services.database.connect() as connection:
        return connection.execute(select(table)).all()


def finish(provider, clock) -> None:
    clock.now += 10
    assert job_worker(provider.services).run_once() == 1


def deliver(provider) -> None:
    assert provider_worker(provider.services).run_once() == 1


def signals(calls):
    return [call for call in calls if call.kind == "in-process"]


def test_a_finished_job_is_told_to_our_own_code_and_counted(
    begin, provider, clock, calls
) -> None:
    begin()
    finish(provider, clock)

    (signal,) = signals(calls)
    assert (signal.method, signal.url) == ("SIGNAL", "signal:job_finished")
    assert (signal.verdict, signal.status) == ("accepted", None)
    assert [tuple(row) for row in rows(provider, job_counts)] == [("web", "export", 1)]


def test_the_result_is_posted_once_and_signed(
    begin, provider, clock, receiver, monkeypatch
) -> None:
    job = begin(reference="ours").get_json()["id"]
    finish(provider, clock)
    deliver(provider)

    ((headers, body),) = receiver.heard
    told = json.loads(body)
    assert told["type"] == work.RESULT
    assert told["data"]["job"] == job
    assert told["data"]["reference"] == "ours"
    assert told["data"]["result"] == read(provider, job).get_json()["result"]
    signed = Webhook(SECRET).sign(
        headers["webhook-id"], _time(headers["webhook-timestamp"]), body.decode()
    )
    assert headers["webhook-signature"] == signed
    assert provider_worker(provider.services).run_once() == 0


def test_signal_and_result_share_the_job_with_the_question(
    begin, provider, clock, calls
) -> None:
    begin()
    finish(provider, clock)
    deliver(provider)

    assert [call.kind for call in calls] == [
        "callback_url",
        "in-process",
        "callback_url",
    ]
    assert set.intersection(*(set(call.links) for call in calls))


def test_a_result_that_is_not_taken_is_sent_again_under_its_id(
    begin, provider, clock, receiver
) -> None:
    begin()
    receiver.answers.append(Response(status=503))
    finish(provider, clock)
    deliver(provider)
    clock.now += LONG
    deliver(provider)

    (first, one_body), (second, other_body) = receiver.heard
    assert first["webhook-id"] == second["webhook-id"]
    assert one_body == other_body
    assert [row.status for row in rows(provider, deliveries)] == ["delivered"]


def test_the_job_can_be_read_when_its_callback_failed_for_good(
    begin, provider, clock, receiver
) -> None:
    job = begin().get_json()["id"]
    receiver.answer = lambda _request: Response(status=500)
    finish(provider, clock)
    for _ in range(10):
        deliver(provider)
        clock.now += LONG

    assert [row.status for row in rows(provider, deliveries)] == ["dead"]
    assert read(provider, job).get_json()["status"] == "done"


def test_a_result_goes_to_no_address_that_was_taken_from_the_client(
    begin, provider, clock, receiver, open_provider
) -> None:
    begin()
    finish(provider, clock)
    changed = open_provider(clients=[client("web", "https://new.example/results")])
    deliver(changed)

    assert receiver.heard == []
    assert [row.reason for row in rows(changed, deliveries)] == ["callback_url_removed"]


def test_a_result_goes_to_no_address_inside_our_network(
    begin, provider, clock, receiver, open_provider
) -> None:
    begin()
    finish(provider, clock)
    strict = open_provider(deliver_to_loopback=False)
    deliver(strict)

    assert receiver.heard == []
    ((reason,),) = {(row.reason,) for row in rows(strict, attempts)}
    assert reason.startswith("address_not_global")


def test_a_job_that_is_done_but_not_told_is_told_after_a_restart(
    begin, provider, clock, receiver, open_provider, calls
) -> None:
    begin()
    finish(provider, clock)
    assert receiver.heard == []

    restarted = open_provider()
    deliver(restarted)

    assert len(receiver.heard) == 1
    assert len(signals(calls)) == 1  # nobody sends a signal again


def test_a_job_whose_worker_died_is_done_by_another_one(
    begin, provider, clock, open_provider
) -> None:
    begin()
    clock.now += 10
    database = provider.services.database
    assert len(store.claim(database, now=clock.now)) == 1  # and then it died
    assert job_worker(provider.services).run_once() == 0

    clock.now += store.LEASE
    assert job_worker(open_provider().services).run_once() == 1


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["late last", "late first"])
def test_of_two_that_do_the_same_job_one_tells_of_it(
    begin, provider, clock, calls, order
) -> None:
    begin()
    clock.now += 10
    database = provider.services.database
    (late,) = store.claim(database, now=clock.now)
    clock.now += store.LEASE
    (prompt,) = store.claim(database, now=clock.now)

    told = []
    for number in order:
        work.finish(provider.services, (prompt, late)[number])
        told.append(len(rows(provider, deliveries)))

    assert told == ([1, 1] if order == (0, 1) else [0, 1])
    assert len(signals(calls)) == 1


def test_what_the_receiver_of_the_signal_raises_is_heard_and_costs_no_result(
    begin, clock, open_provider, calls, receiver
) -> None:
    provider = open_provider(control=True)
    with writing(provider.services.database) as connection:
        arm(connection, Armed(name="signal_receiver_raises"), now=clock.now)
    begin()
    finish(provider, clock)
    deliver(provider)

    (signal,) = signals(calls)
    assert (signal.verdict, signal.reason) == ("failed", "count_failed")
    assert rows(provider, job_counts) == []
    assert len(receiver.heard) == 1


@pytest.mark.parametrize("named", ["the one", "another"])
def test_a_fault_for_one_leaves_others_alone(
    begin, clock, open_provider, calls, receiver, named
) -> None:
    provider = open_provider(control=True)
    client, url = {
        "the one": ("web", receiver.url),
        "another": ("other", "https://other.example/results"),
    }[named]
    with writing(provider.services.database) as connection:
        raises = Armed(name="signal_receiver_raises", target=client)
        arm(connection, raises, now=clock.now)
        arm(connection, Armed(name="result_twice", target=url), now=clock.now)
    begin()
    finish(provider, clock)

    meant = named == "the one"
    assert [call.verdict for call in signals(calls)] == [
        "failed" if meant else "accepted"
    ]
    assert len(rows(provider, deliveries)) == (2 if meant else 1)


def test_a_database_that_cannot_count_is_such_an_exception(
    begin, provider, clock, calls
) -> None:
    begin()
    job_counts.drop(provider.services.database)
    clock.now += 10
    (job,) = store.claim(provider.services.database, now=clock.now)
    work.finish(provider.services, job)  # and does not raise

    assert [call.reason for call in signals(calls)] == ["count_failed"]
    assert len(rows(provider, deliveries)) == 1


@pytest.mark.parametrize("fault", ["result_forged", "result_of_another_job"])
def test_a_spoiled_result_is_spoiled_once(
    begin, clock, open_provider, receiver, fault
) -> None:
    provider = open_provider(control=True)
    with writing(provider.services.database) as connection:
        arm(connection, Armed(name=fault), now=clock.now)
    begin(reference="ours")
    receiver.answers.append(Response(status=401))
    finish(provider, clock)
    deliver(provider)
    clock.now += LONG
    deliver(provider)

    good = [fits(headers, body) for headers, body in receiver.heard]
    assert good == [False, True]


def fits(headers, body) -> bool:
    at = _time(headers["webhook-timestamp"])
    right = Webhook(SECRET).sign(headers["webhook-id"], at, body.decode())
    ours = json.loads(body)["data"]["reference"] == "ours"
    return ours and right == headers["webhook-signature"]


def test_results_are_deliveries_like_others(begin, provider, clock) -> None:
    begin()
    finish(provider, clock)

    (one,) = outbox.claim(provider.services.database, now=clock.now, limit=9)

    assert one.event_type == work.RESULT


def _time(text: str):
    from datetime import UTC
    from datetime import datetime

    return datetime.fromtimestamp(int(text), UTC)


def test_a_job_that_was_done_is_forgotten_after_the_days(
    begin, provider, clock
) -> None:
    begin()
    finish(provider, clock)
    second = begin()

    clock.now += provider.services.settings.events_keep_days * DAY + 100
    job_worker(provider.services).run_once()

    (left,) = rows(provider, jobs)
    assert left.job_id == second.get_json()["id"]
