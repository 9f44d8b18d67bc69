"""Where a client gives us work and asks how far it is."""

import pytest

from oauthapp.provider_workers import job_worker
from oauthapp.schema.jobs import jobs
from tests.attacks.provider_house import ISSUER
from tests.attacks.provider_house import basic
from tests.callers.jobs.conftest import KEY
from tests.callers.jobs.conftest import read


def code(answer) -> str:
    return answer.get_json()["error"]["code"]


def kept(provider) -> int:
    with provider.services.database.connect() as connection:
        return len(connection.execute(jobs.select()).all())


def test_a_job_is_accepted_and_told_where_to_ask_and_when(begin) -> None:
    answer = begin()

    assert answer.status_code == 202
    told = answer.get_json()
    assert told["status"] == "running"
    assert answer.headers["Location"] == f"{ISSUER}/jobs/{told['id']}"
    assert answer.headers["Retry-After"] == "1"
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_same_key_begins_no_second_job(begin, provider) -> None:
    first, again = begin(headers=KEY), begin(headers=KEY)

    assert first.get_json() == again.get_json()
    assert again.status_code == 202
    assert kept(provider) == 1


def test_without_a_key_each_request_is_a_job(begin, provider) -> None:
    assert begin().get_json()["id"] != begin().get_json()["id"]


def test_a_key_is_a_clients_own(begin, provider) -> None:
    first = begin(headers=KEY)
    second = begin(
        by="other", headers=KEY, callback_url="https://other.example/results"
    )

    assert first.get_json()["id"] != second.get_json()["id"]


def test_a_key_with_another_request_is_refused(begin) -> None:
    begin(headers=KEY, reference="one")

    answer = begin(headers=KEY, reference="two")

    assert (answer.status_code, code(answer)) == (422, "idempotency_key_reused")


@pytest.mark.parametrize("key", ["", "two words", "k" * 256, "ü"])
def test_a_malformed_key_is_refused(begin, key) -> None:
    answer = begin(headers={"Idempotency-Key": key})

    assert (answer.status_code, code(answer)) == (400, "idempotency_key_malformed")


@pytest.mark.parametrize(
    "near_miss",
    [
        "{}/",
        "{}?",
        "{}#",
        "{}?job=1",
        " {}",
        "{}%20",
        "{}/../hook",
        "{}\n",
        "",
    ],
)
def test_a_near_miss_of_the_callback_url_is_refused(
    begin, provider, receiver, near_miss
) -> None:
    answer = begin(callback_url=near_miss.format(receiver.url))

    assert (answer.status_code, code(answer)) == (400, "callback_url_unknown")
    assert kept(provider) == 0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("127.0.0.1", "localhost"),
        ("127.0.0.1", "127.1"),
        ("127.0.0.1", "127.0.0.1."),
        ("http://", "HTTP://"),
        ("http://", "https://"),
        ("http://", "http://user@"),
        ("/hook", "/Hook"),
        ("/hook", "/%68ook"),
        ("/hook", ":80/hook"),
    ],
)
def test_another_spelling_of_the_callback_url_is_refused(
    begin, provider, receiver, old, new
) -> None:
    answer = begin(callback_url=receiver.url.replace(old, new))

    assert (answer.status_code, code(answer)) == (400, "callback_url_unknown")
    assert kept(provider) == 0


def test_another_clients_callback_url_is_refused(begin) -> None:
    answer = begin(callback_url="https://other.example/results")

    assert code(answer) == "callback_url_unknown"


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"kind": "import"}, "kind_unknown"),
        ({"kind": 1}, "job_malformed"),
        ({"callback_url": None}, "job_malformed"),
        ({"callback_url": "x" * 2001}, "job_malformed"),
        ({"reference": "two words"}, "job_malformed"),
        ({"reference": "\0"}, "job_malformed"),
        ({"surprise": 1}, "job_malformed"),
    ],
    ids=lambda one: one if isinstance(one, str) else next(iter(one)),
)
def test_what_describes_no_job_is_refused(begin, members, reason) -> None:
    answer = begin(**members)

    assert (answer.status_code, code(answer)) == (422, reason)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b"[" * 100_000])
def test_what_is_no_json_object_is_refused(provider, body) -> None:
    headers = {**basic("web", "s3cret"), "Content-Type": "application/json"}

    answer = provider.machine().post("/jobs", data=body, headers=headers)

    assert (answer.status_code, code(answer)) == (422, "job_malformed")


def test_a_form_is_refused(provider, receiver) -> None:
    form = {"kind": "export", "callback_url": receiver.url}

    answer = provider.machine().post("/jobs", data=form, headers=basic("web", "s3cret"))

    assert (answer.status_code, code(answer)) == (415, "not_json")


@pytest.mark.parametrize("headers", [{}, basic("web", "wrong"), basic("who", "s3cret")])
@pytest.mark.parametrize("path", ["/jobs", "/jobs/job_1"])
def test_nobody_is_served_without_credentials(provider, path, headers) -> None:
    ask = provider.machine()
    answer = (
        ask.post(path, json={}, headers=headers)
        if path == "/jobs"
        else ask.get(path, headers=headers)
    )

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Basic realm="jobs"'


@pytest.mark.parametrize("name", ["a%0Ab", "a%0D%0Ab", "a%22b", "%E2%98%83", "%C3%A9"])
def test_the_challenge_says_nothing_that_the_caller_wrote(provider, name) -> None:
    """A line break in a header is a 500, and a quotation mark begins a parameter."""
    answer = provider.machine().get(f"/jobs/{name}", headers=basic("web", "wrong"))

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Basic realm="jobs"'


def test_a_running_job_says_when_to_ask_again(begin, provider) -> None:
    job = begin().get_json()["id"]

    answer = read(provider, job)

    assert answer.status_code == 200
    assert answer.get_json() == {"id": job, "kind": "export", "status": "running"}
    assert answer.headers["Retry-After"] == "1"


def test_a_finished_job_tells_its_result(begin, provider, clock) -> None:
    job = begin().get_json()["id"]
    clock.now += 10
    assert job_worker(provider.services).run_once() == 1

    answer = read(provider, job)

    told = answer.get_json()
    assert (told["status"], told["finished_at"]) == ("done", clock.now)
    assert set(told["result"]) == {"file", "rows"}
    assert "Retry-After" not in answer.headers


def test_a_job_is_not_done_before_its_time(begin, provider, clock) -> None:
    begin()
    clock.now += 9.9

    assert job_worker(provider.services).run_once() == 0


def test_another_client_does_not_see_the_job(begin, provider) -> None:
    job = begin().get_json()["id"]

    theirs, nobodys = read(provider, job, by="other"), read(provider, "job_unknown")

    assert theirs.status_code == nobodys.status_code == 404
    assert code(theirs) == code(nobodys) == "job_unknown"


@pytest.mark.parametrize("job_id", ["%00", "%FF", "x" * 300, "a%20b"])
def test_a_job_id_that_is_none_is_not_found(provider, job_id) -> None:
    assert read(provider, job_id).status_code == 404


def test_calls_are_marked_as_what_they_are(begin, provider, calls) -> None:
    read(provider, begin().get_json()["id"])

    assert [(call.kind, call.reason) for call in calls] == [
        ("callback_url", ""),
        ("polling", "still_running"),
    ]
    asked, polled = (set(call.links) for call in calls)
    assert asked & polled
