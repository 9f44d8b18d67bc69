"""We ask a provider for work, and go on asking how far it is."""

import json

import pytest
from sqlalchemy import select
from werkzeug import Response

from oauthapp.aging import DAY
from oauthapp.app_workers import export_worker
from oauthapp.callbacks.result import ask
from oauthapp.callbacks.result import store
from oauthapp.database import reading
from oauthapp.schema.work import exports
from tests.attacks.provider_house import basic
from tests.callbacks.result.conftest import found
from tests.callbacks.result.conftest import keep

BEGUN = {"id": "job_1", "status": "running"}
RUNNING = {"id": "job_1", "status": "running"}
DONE = {"id": "job_1", "status": "done", "result": {"rows": 3}, "finished_at": 5.0}


def answer(told: object, status: int = 200, **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    kind = "application/json"
    return Response(json.dumps(told), status, named, content_type=kind)


def work(services) -> int:
    return export_worker(services).run_once()


@pytest.fixture
def asked(services, receiver, issuer):
    """An export that is to be asked for, and then taken."""
    receiver.answers.append(
        answer(BEGUN, 202, Location=f"{issuer}/jobs/job_1", Retry_After="7")
    )
    return keep(services, due_at=services.clock())


def test_the_question_names_where_the_result_is_to_go(
    asked, services, receiver, issuer, clock
) -> None:
    assert work(services) == 1

    ((headers, body),) = receiver.heard
    assert json.loads(body) == {
        "kind": "export",
        "callback_url": "http://localhost:5000/results/demo",
        "reference": "export-1",
    }
    assert headers["idempotency-key"] == "export-1"
    # Form-urlencoded, or the colon would end the client_id.
    expected = basic("us%3A1", "s3+cret")["Authorization"]
    assert headers["authorization"] == expected
    now = found(services)
    assert (now.job_id, now.job_url) == ("job_1", f"{issuer}/jobs/job_1")
    assert now.due_at == clock.now + 7


def test_a_location_may_be_relative(services, receiver, issuer) -> None:
    receiver.answers.append(answer(BEGUN, 202, Location="/jobs/job_1"))
    keep(services, due_at=services.clock())
    work(services)

    assert found(services).job_url == f"{issuer}/jobs/job_1"


def test_a_question_without_an_answer_is_asked_again_under_the_same_key(
    asked, services, receiver, clock
) -> None:
    receiver.answers.insert(0, Response(status=500))
    work(services)
    assert found(services).reason == "http_500"
    clock.now += 1.9
    assert work(services) == 0
    clock.now += 0.1
    assert work(services) == 1

    keys = [headers["idempotency-key"] for headers, _ in receiver.heard]
    assert keys == ["export-1", "export-1"]
    assert found(services).job_id == "job_1"


def test_nobody_asks_before_retry_after(export, services, receiver, clock) -> None:
    receiver.answer = lambda _: answer(RUNNING, Retry_After="3")
    work(services)
    clock.now += 2.9
    assert work(services) == 0
    clock.now += 0.1
    assert work(services) == 1


@pytest.mark.parametrize(
    ("told", "seconds"),
    [("3", 3), ("0", 0.1), ("99999", 300), ("soon", 5), ("", 5)],
)
def test_retry_after_is_obeyed_within_reason(
    export, services, receiver, clock, told, seconds
) -> None:
    receiver.answers.append(answer(RUNNING, Retry_After=told))
    work(services)

    assert found(services).due_at == pytest.approx(clock.now + seconds)


def test_what_the_answer_tells_is_learnt_and_nobody_asks_again(
    export, services, receiver, clock
) -> None:
    receiver.answers += [answer(RUNNING, Retry_After="1"), answer(DONE)]
    work(services)
    clock.now += 1
    work(services)
    clock.now += 1000

    assert work(services) == 0
    now = found(services)
    assert (now.status, now.learnt_by, now.polls) == ("over", "polling", 2)
    assert (now.result, now.finished_at) == ({"rows": 3}, 5.0)
    assert now.polled_at == now.learnt_at == clock.now - 1000


def test_what_the_callback_told_before_stays(export, services, receiver, tell) -> None:
    tell(result={"rows": 2})
    receiver.answers.append(answer(DONE))
    work(services)

    now = found(services)
    assert (now.learnt_by, now.result) == ("callback_url", {"rows": 2})
    assert now.polled_at is not None


def test_each_failure_makes_the_next_pause_longer(
    export, services, receiver, clock
) -> None:
    receiver.answer = lambda _: Response(status=500)
    pauses = []
    for _ in range(10):
        assert work(services) == 1
        pauses.append(found(services).due_at - clock.now)
        clock.now = found(services).due_at

    assert pauses == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]


def test_an_answer_ends_the_row_of_failures(export, services, receiver, clock) -> None:
    receiver.answers += [Response(status=500), answer(RUNNING), Response(status=500)]
    for _ in range(3):
        work(services)
        clock.now = found(services).due_at

    assert found(services).failures == 1


def test_too_many_requests_is_no_final_no(export, services, receiver, clock) -> None:
    receiver.answers.append(Response(status=429, headers={"Retry-After": "60"}))
    work(services)

    now = found(services)
    assert (now.status, now.due_at) == ("asking", clock.now + 60)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_final_no_is_not_asked_again(
    export, services, receiver, clock, status
) -> None:
    receiver.answers.append(Response(status=status))
    work(services)
    clock.now += 1000

    assert work(services) == 0
    now = found(services)
    assert (now.status, now.reason) == ("over", f"http_{status}")


def test_a_redirect_is_not_followed(export, services, receiver) -> None:
    elsewhere = {"Location": receiver.url}
    receiver.answers.append(Response(status=307, headers=elsewhere))
    work(services)

    assert len(receiver.heard) == 1
    assert found(services).reason == "http_307"


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"{}", b'{"status":"great"}', b'{"status":"done"}', b"\xff"],
    ids=ascii,
)
def test_an_answer_that_tells_nothing_settles_nothing(
    export, services, receiver, body
) -> None:
    receiver.answers.append(Response(body))
    work(services)

    now = found(services)
    assert (now.status, now.learnt_by) == ("asking", None)


def test_patience_has_an_end(export, services, receiver, clock) -> None:
    receiver.answer = lambda _: answer(RUNNING)
    clock.now += ask.PATIENCE + 1
    work(services)

    now = found(services)
    assert (now.status, now.reason) == ("over", "patience_ended")


def test_patience_ends_for_one_that_is_away_too(
    export, services, receiver, clock
) -> None:
    receiver.answer = lambda _: Response(status=500)
    clock.now += ask.PATIENCE + 1
    work(services)

    assert found(services).status == "over"


@pytest.mark.parametrize(
    "location",
    [
        "https://evil.example/jobs/1",
        "//evil.example/jobs/1",
        "{}.evil.example/jobs/1",
        "{}@evil.example/jobs/1",
        "{}/token",
        "{}/jobs/../token",
        "{}/jobs/%2e%2e/token",
        "{}/jobs//1",
        "{}/jobs/1?x",
        "{}/jobs/1#x",
        "{}/jobsx/1",
        "{}/jobs\\@evil.example",
        "{}/jobs/1\u00fc",
    ],
)
def test_our_credentials_go_nowhere_else(
    services, receiver, issuer, clock, location
) -> None:
    told = location.format(issuer)
    keep(services, job_id="job_1", job_url=told, due_at=clock.now)
    work(services)

    assert receiver.heard == []
    now = found(services)
    assert (now.status, now.reason) == ("over", "address_elsewhere")


def test_a_provider_that_left_the_settings_is_asked_nothing(services, receiver) -> None:
    keep(services, provider="gone", due_at=services.clock())
    work(services)

    assert receiver.heard == []
    assert found(services).reason == "unknown_provider"


def test_what_broke_off_on_our_side_is_asked_again(export, services, clock) -> None:
    (claimed,) = store.claim(services.database, now=clock.now)
    ask.give_back(services, claimed, "KeyError")

    now = found(services)
    assert (now.status, now.reason, now.due_at) == ("asking", "KeyError", clock.now + 2)


def test_one_whose_worker_died_is_asked_after_by_another(
    export, services, receiver, clock
) -> None:
    store.claim(services.database, now=clock.now)
    receiver.answers.append(answer(DONE))
    assert work(services) == 0
    clock.now += store.LEASE

    assert work(services) == 1
    assert found(services).learnt_by == "polling"


def test_questions_are_recorded_as_polling(export, services, receiver, calls) -> None:
    receiver.answers.append(answer(DONE))
    work(services)

    (call,) = calls
    assert (call.kind, call.method, call.status) == ("polling", "GET", 200)
    assert any(link.startswith("job:") for link in call.links)


def test_an_export_that_is_over_is_forgotten_after_the_days(services, clock) -> None:
    days = services.settings.inbox_keep_days * DAY
    keep(services, export_id="old", status="over", due_at=clock.now - days - 1)
    keep(services, export_id="young", status="over", due_at=clock.now - days + 1)
    keep(services, export_id="asking", due_at=clock.now + 1, created_at=0.0)

    work(services)

    with reading(services.database) as connection:
        left = connection.execute(select(exports.c.export_id)).scalars()
        assert sorted(left) == ["asking", "young"]
