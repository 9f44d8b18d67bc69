"""A commit is built, and how that went is told where the push asked for it."""

import json
from typing import Any

import pytest
from werkzeug import Response

from oauthapp.aging import DAY
from oauthapp.app_workers import build_worker
from oauthapp.callbacks.builds import report
from oauthapp.callbacks.builds import store
from oauthapp.callbacks.builds.store import Build
from oauthapp.database import writing
from tests.attacks.provider_house import basic

SOUND = "a" * 40
UNSOUND = "a" * 39 + "0"


def keep(services, issuer: str, **values: Any) -> Build:
    now = services.clock()
    chosen = {
        "source": "demo",
        "repository": "demo",
        "commit": SOUND,
        "statuses_url": f"{issuer}/repos/demo/statuses/{SOUND}",
        "message_id": "msg_1",
        "created_at": now,
        "due_at": now,
    }
    build = Build(**{**chosen, **values})
    with writing(services.database) as connection:
        store.keep(connection, build)
    return build


def found(services) -> Build:
    (build,) = store.latest(services.database)
    return build


def work(services) -> int:
    return build_worker(services).run_once()


@pytest.mark.parametrize(
    ("commit", "state"), [(SOUND, "success"), (UNSOUND, "failure")]
)
def test_the_same_commit_always_builds_the_same_way(commit, state) -> None:
    assert [report.build(commit) for _ in range(2)] == [state, state]


def test_a_build_is_reported_where_the_push_asked_for_it(
    services, issuer, receiver, calls
) -> None:
    keep(services, issuer)
    assert work(services) == 1

    ((headers, body),) = receiver.heard
    assert json.loads(body)["state"] == "success"
    # Form-urlencoded, or the colon would end the client_id.
    assert headers["authorization"] == basic("us%3A1", "s3+cret")["Authorization"]
    now = found(services)
    assert (now.status, now.state, now.reason) == ("reported", "success", "")
    (call,) = calls
    assert call.url.endswith(f"/repos/demo/statuses/{SOUND}")
    assert call.kind == "callback_url"
    assert any(link.startswith("commit:") for link in call.links)
    assert work(services) == 0


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/repos/demo/statuses/1",
        "http://169.254.169.254/repos/demo/statuses/1",
        "{}.evil.example/repos/demo/statuses/1",
        "{}:80@evil.example/repos/demo/statuses/1",
        "{}@evil.example/repos/demo/statuses/1",
        "{}\\@evil.example/repos/demo/statuses/1",
        "{}0/repos/demo/statuses/1",
        "{}/token",
        "{}/reposx/demo",
        "{}/repos/../token",
        "{}/repos/demo/../../token",
        "{}/repos/%2e%2e/token",
        "{}/repos/./demo",
        "{}/repos//demo",
        "{}/repos/demo/",
        "{}/repos/demo?to=evil",
        "{}/repos/demo#evil",
        "{}/repos/demo;evil",
        "{}/repos/demo%0d%0aEvil:1",
        "HTTP{}",
        "//evil.example/repos/demo",
        "/repos/demo/statuses/1",
        "",
    ],
)
def test_an_address_of_somebody_else_is_not_called(
    services, issuer, receiver, calls, address
) -> None:
    told = address.format(issuer).replace("HTTPhttp", "HTTP")
    keep(services, issuer, statuses_url=told)
    work(services)

    assert receiver.heard == []
    (call,) = calls
    assert (call.verdict, call.reason, call.status) == (
        "refused",
        "address_elsewhere",
        None,
    )
    assert any(link.startswith("commit:") for link in call.links)
    now = found(services)
    assert (now.status, now.reason) == ("dead", "address_elsewhere")


@pytest.mark.parametrize("source", ["mute", "gone"])
def test_who_named_no_provider_is_reported_to_by_nobody(
    services, issuer, receiver, source
) -> None:
    keep(services, issuer, source=source)
    work(services)

    assert receiver.heard == []
    assert found(services).reason == "nobody_to_report_to"


def test_a_report_that_is_not_heard_is_made_again_after_longer_pauses(
    services, issuer, receiver, clock
) -> None:
    receiver.answer = lambda _: Response(status=500)
    keep(services, issuer)
    pauses = []
    while work(services):
        pauses.append(found(services).due_at - clock.now)
        clock.now = found(services).due_at

    assert pauses[:9] == [2, 4, 8, 16, 32, 64, 128, 256, 300]
    now = found(services)
    assert (now.status, now.tries, now.reason) == ("dead", 10, "http_500")


def test_a_report_waits_as_long_as_it_is_asked_to(
    services, issuer, receiver, clock
) -> None:
    receiver.answers.append(Response(status=429, headers={"Retry-After": "60"}))
    keep(services, issuer)
    work(services)

    assert found(services).due_at == clock.now + 60


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_a_final_no_ends_it(services, issuer, receiver, status) -> None:
    receiver.answers.append(Response(status=status))
    keep(services, issuer)
    work(services)

    now = found(services)
    assert (now.status, now.reason) == ("dead", f"http_{status}")


def test_one_whose_worker_died_is_built_by_another(
    services, issuer, receiver, clock
) -> None:
    keep(services, issuer)
    store.claim(services.database, now=clock.now)
    assert work(services) == 0
    clock.now += store.LEASE

    assert work(services) == 1
    assert found(services).status == "reported"


def test_what_broke_off_on_our_side_is_tried_again(services, issuer, clock) -> None:
    keep(services, issuer)
    (claimed,) = store.claim(services.database, now=clock.now)
    report.give_back(services, claimed, "KeyError")

    now = found(services)
    assert (now.status, now.reason, now.due_at) == (
        "pending",
        "KeyError",
        clock.now + 2,
    )


def test_the_page_shows_what_became_of_it(app, services, issuer, receiver) -> None:
    assert "Nobody has told us" in app.test_client().get("/builds").text
    keep(services, issuer, statuses_url="https://evil.example/<b>")
    work(services)

    page = app.test_client().get("/builds").text

    assert "address_elsewhere" in page
    assert "https://evil.example/&lt;b&gt;" in page


def test_a_build_that_was_reported_is_forgotten_after_the_days(
    services, issuer, clock
) -> None:
    days = services.settings.inbox_keep_days * DAY
    for status in ("reported", "dead"):
        for age in (days + 1, days - 1):
            commit = f"{status} {age:.0f}"
            due_at = clock.now - age
            keep(services, issuer, commit=commit, status=status, due_at=due_at)

    work(services)

    left = {one.commit for one in store.latest(services.database)}
    young, old = f"{days - 1:.0f}", f"{days + 1:.0f}"
    assert left == {f"reported {young}", f"dead {young}", f"dead {old}"}
