"""Where a provider tells us the result of a job: once, at the address we named."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from oauthapp.callbacks.result import store
from oauthapp.control.arming import arm
from oauthapp.control.store import Armed
from oauthapp.database import writing
from tests.callbacks.result.conftest import WEBHOOK_SECRET
from tests.callbacks.result.conftest import found
from tests.callbacks.result.conftest import keep


def code(answer) -> str:
    return answer.get_json()["error"]["code"]


def refused(answer, status: int, reason: str) -> None:
    assert (answer.status_code, code(answer)) == (status, reason)


def learn_by_polling(services) -> None:
    with writing(services.database) as connection:
        store.learn(
            connection,
            "export-1",
            "polling",
            result={"rows": 3},
            finished_at=1.0,
            now=services.clock(),
        )


def test_a_result_that_we_asked_for_is_taken(tell, export, services, calls) -> None:
    answer = tell()

    assert (answer.status_code, answer.data) == (204, b"")
    now = found(services)
    assert (now.learnt_by, now.result) == ("callback_url", {"rows": 3})
    assert now.callback_at == now.learnt_at == services.clock()
    (call,) = calls
    assert (call.kind, call.verdict, call.reason) == ("callback_url", "accepted", "")


def test_the_same_message_again_is_a_duplicate(tell, export, services, calls) -> None:
    first = tell()
    before = found(services)
    again = tell()

    assert (first.status_code, again.status_code) == (204, 204)
    assert [call.reason for call in calls] == ["", "duplicate"]
    assert found(services) == before


@pytest.mark.parametrize(("named", "statuses"), [("demo", [503, 204]), ("two", [204])])
def test_a_result_is_not_taken_on_purpose_where_that_was_armed(
    tell, export, services, named, statuses
) -> None:
    url = f"http://localhost/results/{named}"
    arm(services, Armed(name="callback_refused", target=url))

    assert [tell().status_code for _ in statuses] == statuses


def test_a_second_result_is_refused(tell, export, services) -> None:
    tell()

    refused(tell(id="msg_2", result={"rows": 4}), 409, "result_twice")
    assert found(services).result == {"rows": 3}


def test_of_two_results_at_once_one_is_taken(tell, export, services) -> None:
    with ThreadPoolExecutor(2) as pool:
        answers = list(
            pool.map(lambda n: tell(id=f"msg_{n}", result={"n": n}), range(2))
        )

    statuses = [answer.status_code for answer in answers]
    assert sorted(statuses) == [204, 409]
    assert found(services).result == {"n": statuses.index(204)}


def test_a_result_that_polling_told_before_is_already_known(
    tell, export, services, calls
) -> None:
    learn_by_polling(services)

    assert tell().status_code == 204
    assert calls[-1].reason == "already_known"
    now = found(services)
    assert (now.learnt_by, now.callback_message) == ("polling", "msg_1")


def test_the_result_may_come_before_the_answer_to_our_question(tell, services) -> None:
    keep(services, job_id=None)

    assert tell().status_code == 204
    assert found(services).learnt_by == "callback_url"


def test_a_result_still_counts_when_we_ask_no_more(tell, services) -> None:
    keep(services, job_id="job_1", status="over", reason="patience_ended")

    assert tell().status_code == 204
    assert found(services).learnt_by == "callback_url"


def test_a_job_that_nobody_asked_for_is_refused(tell, services) -> None:
    refused(tell(), 404, "job_not_asked")


def test_a_job_that_another_provider_was_asked_for_is_refused(
    tell, export, services
) -> None:
    refused(tell(to="/results/two"), 404, "job_of_another_provider")
    assert found(services).learnt_by is None


def test_another_job_than_was_begun_is_refused(tell, export, services) -> None:
    refused(tell(job="job_2"), 409, "job_mismatch")
    assert found(services).learnt_by is None


def test_a_forged_result_is_refused(tell, export, services) -> None:
    refused(tell(secret=WEBHOOK_SECRET), 401, "signature_mismatch")
    assert found(services).learnt_by is None


def test_an_unsigned_result_is_refused(app, export) -> None:
    refused(app.test_client().post("/results/demo", json={}), 400, "header_missing")


def test_a_result_signed_long_ago_is_refused(tell, export, clock) -> None:
    refused(tell(at=clock.now - 301), 401, "timestamp_too_old")


def test_a_webhook_that_went_astray_is_refused(tell, export) -> None:
    refused(tell(type="payment.succeeded"), 422, "not_a_result")


def test_a_result_is_no_webhook(tell, export) -> None:
    refused(tell(to="/webhooks/demo"), 401, "signature_mismatch")


@pytest.mark.parametrize(
    "data",
    [
        {"job": ""},
        {"job": "\0"},
        {"reference": "a b"},
        {"reference": "x" * 256},
        {"status": "running"},
        {"result": None},
        {"result": []},
        {"finished_at": "now"},
        {"finished_at": 1e300},
        {"finished_at": -1},
    ],
    ids=str,
)
def test_what_tells_no_result_is_refused(tell, export, data) -> None:
    refused(tell(**data), 422, "not_a_result")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null"])
def test_a_signed_body_that_is_no_event_is_refused(tell, export, body) -> None:
    refused(tell(body=body), 422, "event_malformed")


def test_a_result_that_is_too_large_is_refused(tell, export) -> None:
    refused(tell(body=b" " * (256 * 1024 + 1)), 413, "body_too_large")


def test_another_content_type_is_refused(tell, export) -> None:
    refused(tell(content_type="text/plain"), 415, "not_json")


@pytest.mark.parametrize("name", ["nobody", "login"])
def test_a_provider_that_does_no_work_for_us_is_not_found(tell, export, name) -> None:
    refused(tell(to=f"/results/{name}"), 404, "unknown_provider")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/results/demo", 405), ("POST", "/results/demo/", 404)],
)
def test_what_no_route_answers_is_recorded_as_what_it_tried_to_be(
    app, calls, method, path, status
) -> None:
    answer = app.test_client().open(path, method=method)

    assert (answer.status_code, bool(answer.data)) == (status, True)
    assert calls[-1].kind == "callback_url"


def test_a_redirect_that_went_astray_is_refused(app) -> None:
    answer = app.test_client().get("/results/demo?code=x&state=y")

    assert answer.status_code == 405


def test_with_the_check_off_a_duplicate_is_taken_once_more(
    tell, export, services, calls
) -> None:
    services.weaknesses.switch("each_message_counts_once", off=True)
    tell()
    tell()

    assert [call.reason for call in calls] == ["", "duplicate_kept"]


@pytest.mark.parametrize(
    ("check", "spoiled", "reason"),
    [
        ("a_signature_is_theirs", {"secret": WEBHOOK_SECRET}, "signature_mismatch"),
        ("signed_not_long_ago", {"at": 1_600_000_000}, "timestamp_too_old"),
        ("it_says_it_is_json", {"content_type": "text/plain"}, "not_json"),
    ],
)
def test_what_is_asked_of_any_message_can_be_off_here_too(
    tell, export, services, calls, check, spoiled, reason
) -> None:
    assert tell(**spoiled).status_code >= 400
    services.weaknesses.switch(check, off=True)

    assert tell(**spoiled).status_code == 204
    assert (calls[-1].verdict, calls[-1].reason) == ("accepted", reason)
