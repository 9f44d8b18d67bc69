"""Where people begin an export, and see how we learnt its result."""

import json

import pytest
from werkzeug import Response

from oauthapp.app_workers import export_worker
from oauthapp.visitor import forms_in
from tests.callbacks.result.conftest import GOOD
from tests.callbacks.result.conftest import keep


@pytest.fixture
def browser(app):
    return app.test_client()


def begin(browser, **fields: str):
    """Press the first button on the page."""
    page = browser.get("/exports").text
    form = forms_in(page, "http://localhost:5000/exports")[0]
    return browser.post("/exports", data={**form.fields, **fields})


def taken(_request: object) -> Response:
    headers = {"Location": "/jobs/job_1", "Retry-After": "1"}
    told = json.dumps({"id": "job_1", "status": "running"})
    return Response(told, 202, headers)


def test_an_export_is_begun_and_its_page_shown(browser, receiver) -> None:
    receiver.answer = taken
    answer = begin(browser)

    assert answer.status_code == 303
    page = browser.get(answer.location).text
    assert "under way" in page
    assert "job_1" in page
    assert "Not asked yet" in page


def test_an_export_that_nobody_took_yet_is_asked_for_again(
    browser, receiver, services, clock
) -> None:
    receiver.answers.append(Response(status=503))
    receiver.answer = taken
    answer = begin(browser)

    assert "has not taken the job yet" in browser.get(answer.location).text
    clock.now += 2
    assert export_worker(services).run_once() == 1
    assert "job_1" in browser.get(answer.location).text


def test_no_worker_asks_while_the_page_does(browser, receiver, services, clock) -> None:
    """The answer takes its time; meanwhile the export is not due."""
    seen = []

    def slowly(request: object) -> Response:
        seen.append(export_worker(services).run_once())
        return taken(request)

    receiver.answer = slowly
    begin(browser)

    assert seen == [0]


def test_the_page_tells_which_way_came_first(
    browser, receiver, services, clock, tell
) -> None:
    receiver.answer = taken
    location = begin(browser).location
    reference = location.rpartition("/")[2]
    tell(reference=reference, result={"rows": "<b>3</b>"})
    done = {**GOOD, "id": "job_1"}
    receiver.answer = lambda _: Response(json.dumps(done))
    clock.now += 1
    export_worker(services).run_once()

    page = " ".join(browser.get(location).text.split())

    assert "The export is done" in page
    assert 'We learnt it first by <span class="kind callback_url">' in page
    assert "&lt;b&gt;3&lt;/b&gt;" in page
    assert "question number 1; it was already known" in page
    assert "It was called at" in page


def test_a_form_from_another_site_is_refused(browser, receiver) -> None:
    answer = browser.post("/exports", data={"provider": "demo"})

    assert answer.status_code == 400
    assert receiver.heard == []


@pytest.mark.parametrize("name", ["login", "nobody", ""])
def test_a_provider_that_does_no_work_is_asked_nothing(browser, receiver, name) -> None:
    answer = begin(browser, provider=name)

    assert answer.status_code == 404
    assert receiver.heard == []


@pytest.mark.parametrize("name", ["nothing", "%00", "%ff"])
def test_an_export_that_is_not_there_is_not_found(browser, name) -> None:
    answer = browser.get(f"/exports/{name}", headers={"Accept": "application/json"})

    assert answer.get_json()["error"]["code"] == "export_unknown"


def test_an_export_that_ended_unheard_says_so(browser, services) -> None:
    keep(services, status="over", reason="patience_ended")

    page = browser.get("/exports/export-1").text

    assert "patience_ended" in page
    assert "We do not know what became" in page


def test_the_question_is_linked_to_the_page_that_asked_it(
    browser, receiver, calls
) -> None:
    receiver.answer = taken
    assert begin(browser).data

    asked, begun = calls[-2:]
    assert (asked.direction, asked.parent_id) == ("outbound", begun.id)
    assert asked.links & begun.links
    assert (asked.kind, begun.kind) == ("callback_url", "callback_url")
