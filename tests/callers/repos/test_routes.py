"""A repository: somebody pushes, endpoints are told, and builds are reported back."""

import json

import pytest
from sqlalchemy import select

from oauthapp.control.store import Armed
from oauthapp.control.store import arm
from oauthapp.database import writing
from oauthapp.schema.jobs import commit_statuses
from oauthapp.schema.sender import events
from oauthapp.visitor import forms_in
from tests.attacks.provider_house import ISSUER
from tests.attacks.provider_house import basic

PAGE = "/repos/demo"


@pytest.fixture
def browser(provider):
    return provider.machine()


def push(browser):
    """Press the button on the page."""
    page = browser.get(PAGE)
    (form,) = forms_in(page.text, f"{ISSUER}{PAGE}")
    return browser.post(f"{PAGE}/push", data=form.fields)


def pushed(provider) -> list[dict[str, str]]:
    with provider.services.database.connect() as connection:
        bodies = connection.execute(select(events.c.body)).scalars().all()
    return [json.loads(body)["data"] for body in bodies]


def report(provider, commit: str, by: str = "web", path: str = PAGE, **said: object):
    return provider.machine().post(
        f"{path}/statuses/{commit}",
        json={"state": "success", **said},
        headers=basic(by, "s3cret"),
    )


def code(answer) -> str:
    return answer.get_json()["error"]["code"]


def reports(provider) -> list[str]:
    with provider.services.database.connect() as connection:
        return list(connection.execute(select(commit_statuses.c.state)).scalars())


@pytest.fixture
def commit(provider, browser) -> str:
    push(browser)
    return pushed(provider)[0]["commit"]


def test_a_push_is_an_event_that_names_where_to_report(provider, browser) -> None:
    answer = push(browser)

    assert (answer.status_code, answer.location) == (303, PAGE)
    (told,) = pushed(provider)
    assert told["repository"] == "demo"
    address = f"{ISSUER}/repos/demo/statuses/{told['commit']}"
    assert told["statuses_url"] == address


def test_a_push_from_another_site_is_refused(provider, browser) -> None:
    assert browser.post(f"{PAGE}/push").status_code == 400
    assert pushed(provider) == []


def test_a_report_is_kept_and_shown(provider, browser, commit) -> None:
    assert "Nobody has reported" in browser.get(PAGE).text

    answer = report(provider, commit, description="all <b>green</b>")

    assert answer.status_code == 201
    page = browser.get(PAGE).text
    assert "success" in page
    assert "all &lt;b&gt;green&lt;/b&gt;" in page


def test_the_same_report_again_is_a_duplicate(provider, commit, calls) -> None:
    answers = [report(provider, commit) for _ in range(2)]

    assert answers[0].data == answers[1].data
    assert [call.reason for call in calls[-2:]] == ["", "duplicate"]
    assert reports(provider) == ["success"]


def test_a_later_report_replaces_the_one_before(provider, commit) -> None:
    report(provider, commit, state="pending")
    report(provider, commit, state="failure")

    assert reports(provider) == ["failure"]


def test_a_client_that_may_not_report_is_refused(provider, commit) -> None:
    answer = report(provider, commit, by="other")

    assert (answer.status_code, code(answer)) == (403, "status_not_allowed")
    assert reports(provider) == []


def test_one_clients_report_fails_on_purpose(open_provider, browser, clock) -> None:
    provider = open_provider(control=True)
    push(browser)
    commit = pushed(provider)[0]["commit"]
    with writing(provider.services.database) as connection:
        arm(connection, Armed(name="status_500", target="web"), now=clock.now)

    told = [report(provider, commit, by=by).status_code for by in ("other", "web")]

    assert told == [403, 500]
    assert reports(provider) == []
    assert report(provider, commit).status_code == 201


@pytest.mark.parametrize("headers", [{}, basic("web", "wrong")], ids=["none", "wrong"])
def test_nobody_reports_without_credentials(provider, commit, headers) -> None:
    answer = provider.machine().post(
        f"{PAGE}/statuses/{commit}", json={"state": "success"}, headers=headers
    )

    assert answer.status_code == 401
    assert reports(provider) == []


@pytest.mark.parametrize("name", ["0" * 40, "%00", "a%20b"])
def test_a_commit_nobody_pushed_is_not_found(provider, commit, name) -> None:
    answer = report(provider, name)

    assert (answer.status_code, code(answer)) == (404, "commit_unknown")


def test_a_repository_that_is_not_there_is_not_found(provider, browser, commit) -> None:
    answers = [
        report(provider, commit, path="/repos/nowhere"),
        browser.get("/repos/nowhere", headers={"Accept": "application/json"}),
    ]

    assert [code(answer) for answer in answers] == ["repository_unknown"] * 2


def test_a_commit_of_another_repository_is_not_found(open_provider, browser) -> None:
    from tests.callers.jobs.conftest import client

    both = client("web", "https://app.example/r", repositories=["demo", "other"])
    provider = open_provider(clients=[both])
    push(browser)

    answer = report(provider, pushed(provider)[0]["commit"], path="/repos/other")

    assert code(answer) == "commit_unknown"


@pytest.mark.parametrize(
    "said",
    [
        {"state": "great"},
        {"state": None},
        {"description": "x" * 201},
        {"description": "\0"},
    ],
    ids=["state", "no state", "long", "control"],
)
def test_what_says_nothing_of_a_build_is_refused(provider, commit, said) -> None:
    answer = report(provider, commit, **said)

    assert (answer.status_code, code(answer)) == (422, "status_malformed")


def test_a_form_is_no_report(provider, commit) -> None:
    answer = provider.machine().post(
        f"{PAGE}/statuses/{commit}",
        data={"state": "success"},
        headers=basic("web", "s3cret"),
    )

    assert (answer.status_code, code(answer)) == (415, "not_json")


def test_push_and_report_share_the_commit(provider, commit, calls) -> None:
    report(provider, commit)

    pushing = next(call for call in calls if call.url.endswith("/push"))
    assert (pushing.kind, calls[-1].kind) == ("webhook", "callback_url")
    assert pushing.links & calls[-1].links
