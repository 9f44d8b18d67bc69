"""Calls are found by each filter, in pages that miss none and repeat none."""

from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy import event

from oauthapp.database import open_database
from oauthapp.recorder import search_store
from oauthapp.recorder.filter import Filter
from oauthapp.recorder.observation import Observation
from oauthapp.recorder.search_store import Page
from oauthapp.recorder.search_store import carried
from oauthapp.recorder.search_store import extent
from oauthapp.recorder.search_store import page
from oauthapp.recorder.store import Recorder
from oauthapp.schema.recorder import recorder_tables
from tests.databases import url_of
from tests.recorder.calls import CALLBACK
from tests.recorder.calls import DELIVERY
from tests.recorder.calls import DISCOVERY
from tests.recorder.calls import GOOD
from tests.recorder.calls import LOGIN
from tests.recorder.calls import MESSAGE
from tests.recorder.calls import RUN
from tests.recorder.calls import STATE
from tests.recorder.calls import TOKEN
from tests.recorder.calls import WEBHOOK

NOW = 1_700_000_000.0
REFUSED = replace(
    WEBHOOK, id="refused", status=401, verdict="refused", reason="signature_mismatch"
)
UNANSWERED = replace(
    DELIVERY, id="unanswered", status=None, verdict="failed", reason="Timeout"
)
ALL = (*RUN, REFUSED, UNANSWERED)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filled(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Recorder]:
    """A login's calls and two more, on each database."""
    url = url_of(request, tmp_path_factory.mktemp("search"), "search")
    engine = open_database(url, recorder_tables)
    recorder = Recorder(engine, "key", lambda: NOW)
    for one in ALL:
        recorder.keep(one)
    yield recorder
    engine.dispose()


def found(recorder: Recorder, **wanted: Any) -> list[str]:
    return [row.id for row in page(recorder.database, Filter(**wanted)).rows]


def test_without_a_filter_all_are_there_newest_first(filled: Recorder) -> None:
    assert found(filled) == [one.id for one in reversed(ALL)]


FITS: dict[str, tuple[dict[str, Any], Callable[[Observation], bool]]] = {
    "kind": ({"kind": "webhook"}, lambda one: one.kind == "webhook"),
    "party": ({"party": "provider"}, lambda one: one.party == "provider"),
    "direction": ({"direction": "outbound"}, lambda one: one.direction == "outbound"),
    "method": ({"method": "POST"}, lambda one: one.method == "POST"),
    "status": ({"status": 401}, lambda one: one.status == 401),
    "another status of its class": ({"status": 404}, lambda one: False),
    "class": ({"status": 2}, lambda one: one.status in (200, 204)),
    "no answer": ({"unanswered": True}, lambda one: one.status is None),
    "accepted": ({"verdict": "accepted"}, lambda one: one.verdict == "accepted"),
    "refused": ({"verdict": "refused"}, lambda one: one.verdict == "refused"),
    "failed": ({"verdict": "failed"}, lambda one: one.verdict == "failed"),
    "reason": ({"reason": "Timeout"}, lambda one: one.reason == "Timeout"),
    "path": ({"path": "/callback"}, lambda one: "/callback/" in one.url),
    "whole path": ({"path": "/webhooks/demo"}, lambda one: "/webhooks/" in one.url),
    "path of one part": ({"path": "/token"}, lambda one: one.url.endswith("/token")),
    "part of a part": ({"path": "/webhooks/de"}, lambda one: False),
    "path in another case": ({"path": "/WEBHOOKS/demo"}, lambda one: False),
    "text in a URL": ({"text": "WELL-KNOWN"}, lambda one: "well-known" in one.url),
    "text in a header": ({"text": "v1,c2ln"}, lambda one: one.kind == "webhook"),
    "text in a body": ({"text": "session.created"}, lambda one: one.kind == "webhook"),
    "text with a wildcard": ({"text": "session_created"}, lambda one: False),
    "since": ({"since": 103.0}, lambda one: one.at >= 103.0),
    "until": ({"until": 101.0}, lambda one: one.at <= 101.0),
    "between": (
        {"since": 100.05, "until": 102.5},
        lambda one: 100.05 <= one.at <= 102.5,
    ),
    "several": (
        {"kind": "webhook", "party": "app", "verdict": "refused", "status": 401},
        lambda one: one.id == "refused",
    ),
    "several that never meet": (
        {"verdict": "refused", "kind": "redirect"},
        lambda one: False,
    ),
    "a reason of another party": (
        {"reason": "Timeout", "party": "app"},
        lambda one: False,
    ),
}


@pytest.mark.parametrize("case", FITS)
def test_a_filter_finds_what_fits_and_nothing_else(filled: Recorder, case: str) -> None:
    wanted, fits = FITS[case]

    assert found(filled, **wanted) == [one.id for one in reversed(ALL) if fits(one)]


def test_whoever_carried_the_same_is_found_by_it(filled: Recorder) -> None:
    link = filled.link("message", MESSAGE)
    same = [one.id for one in reversed(ALL) if one.kind == "webhook"]

    assert found(filled, link=link) == same
    assert found(filled, link=link, party="app") == ["refused", "webhook"]
    assert found(filled, link="message:nobody") == []


def test_a_whole_value_is_known_by_its_hash_alone(filled: Recorder) -> None:
    known = carried(filled.database, filled.links_if(STATE))

    assert known == [filled.link("state", STATE)]
    assert carried(filled.database, filled.links_if(STATE[:-1])) == []


def keep(recorder: Recorder, count: int, **changes: Any) -> None:
    first = extent(recorder.database)[1]
    for number in range(first, first + count):
        recorder.keep(replace(GOOD, id=f"{number:016}", **changes))


def walk_down(recorder: Recorder, wanted: Filter) -> list[Page]:
    pages = [page(recorder.database, wanted)]
    while (older := pages[-1].older) is not None:
        pages.append(page(recorder.database, wanted, before=older))
    return pages


def numbers(pages: list[Page]) -> list[int]:
    return [row.number for one in pages for row in one.rows]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of three calls, and ten that are looked into for one."""
    monkeypatch.setattr(search_store, "PAGE", 3)
    monkeypatch.setattr(search_store, "LOOK", 10)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("count", range(8))
def test_pages_miss_none_and_repeat_none(recorder: Recorder, count: int) -> None:
    keep(recorder, count)

    pages = walk_down(recorder, Filter())

    assert numbers(pages) == list(range(count, 0, -1))
    assert len(pages) == max(1, -(-count // 3))
    assert all(one.looked_into is None for one in pages)


@pytest.mark.usefixtures("small")
def test_one_comes_back_to_where_one_was(recorder: Recorder) -> None:
    keep(recorder, 8)
    pages = walk_down(recorder, Filter())
    assert pages[0].newer is None

    for newer, older in zip(pages, pages[1:], strict=False):
        assert older.newer is not None
        back = page(recorder.database, Filter(), after=older.newer)
        assert numbers([back]) == numbers([newer])
    assert back.older == pages[-2].older


@pytest.mark.usefixtures("small")
def test_what_is_new_does_not_move_the_older_pages(recorder: Recorder) -> None:
    keep(recorder, 6)
    older = page(recorder.database, Filter()).older
    before = numbers([page(recorder.database, Filter(), before=older)])

    keep(recorder, 4)

    assert numbers([page(recorder.database, Filter(), before=older)]) == before


@pytest.mark.usefixtures("small")
def test_where_few_are_newer_the_first_page_is_shown(recorder: Recorder) -> None:
    keep(recorder, 5)

    shown = page(recorder.database, Filter(), after=4)

    assert numbers([shown]) == [5, 4, 3]
    assert (shown.newer, shown.older) == (None, 3)


@pytest.mark.usefixtures("small")
def test_a_search_stops_after_so_many_and_says_so(recorder: Recorder) -> None:
    keep(recorder, 1, url="http://localhost:5000/?needle")
    keep(recorder, 25)
    wanted = Filter(text="needle")

    pages = walk_down(recorder, wanted)

    assert [one.looked_into for one in pages] == [10, 10, None]
    assert [one.older for one in pages] == [17, 7, None]
    assert numbers(pages) == [1]
    again = page(recorder.database, wanted, after=1)
    assert (again.rows, again.newer, again.looked_into) == ([], 11, 10)


@pytest.mark.usefixtures("small")
def test_an_index_leads_over_what_does_not_fit(recorder: Recorder) -> None:
    keep(recorder, 2, verdict="refused", reason="state_unknown", status=400)
    keep(recorder, 25)

    for wanted in (
        Filter(reason="state_unknown", method="GET"),
        Filter(verdict="refused", method="GET"),
        Filter(status=4, method="GET"),
        Filter(status=400),
    ):
        shown = page(recorder.database, wanted)
        assert (numbers([shown]), shown.looked_into) == ([2, 1], None)


@pytest.mark.usefixtures("small")
def test_a_time_leads_over_what_is_not_of_it(recorder: Recorder) -> None:
    for hour in range(30):
        keep(recorder, 1, at=hour * 3600.0)

    shown = page(recorder.database, Filter(since=3600.0, until=7200.0))

    assert (numbers([shown]), shown.looked_into) == ([3, 2], None)


@pytest.mark.usefixtures("small")
def test_a_call_that_took_long_is_found_at_its_beginning(recorder: Recorder) -> None:
    for at in (0.0, 3600.0, 3500.0, 7200.0):  # the third ended after the second
        keep(recorder, 1, at=at)

    assert numbers([page(recorder.database, Filter(since=3490, until=3510))]) == [3]


#: Every way to search that an index leads.
LED = (
    Filter(link="state:x"),
    Filter(reason="x", text="y"),
    Filter(path="/login"),
    Filter(path="/login/demo", method="GET"),
    Filter(status=4),
    Filter(status=404),
    Filter(unanswered=True),
    Filter(verdict="refused"),
    Filter(verdict="failed", kind="webhook"),
    Filter(kind="webhook", since=1.0),
)


@pytest.mark.parametrize("before", [None, 1000], ids=["first", "later"])
@pytest.mark.parametrize("wanted", LED, ids=range(len(LED)))
def test_a_search_goes_from_one_call_that_fits_to_the_next(
    recorder: Recorder, wanted: Filter, before: int | None
) -> None:
    plans = listen(recorder.database)

    page(recorder.database, wanted, before=before)

    assert plans and not [one for one in plans if walks_by_number(one)]


def test_a_run_is_found_without_a_look_at_all_calls(recorder: Recorder) -> None:
    for one in (LOGIN, CALLBACK, TOKEN, DISCOVERY):
        recorder.keep(one)
    plans = listen(recorder.database)

    begun = recorder.latest(party="app", method="GET", path="/login/")
    assert begun is not None
    assert len(recorder.run(begun)) == 4
    assert recorder.latest_failed("redirect") == []

    assert plans and not [one for one in plans if walks_by_number(one)]


def walks_by_number(step: str) -> bool:
    """From call to call, whether they fit or not."""
    return step in ("SCAN calls", "SCAN call_links") or "(rowid<" in step


#: How a time's first call is found: by halves.
FIRST_FROM = "WHERE calls.number >= ? ORDER BY calls.number\n LIMIT ? OFFSET ?"


def listen(engine: Engine) -> list[str]:
    """The steps that SQLite plans to find calls by."""
    plans: list[str] = []

    def plan(_conn: Any, cursor: Any, sql: str, parameters: Any, *_rest: Any) -> None:
        if not sql.startswith("SELECT call") or sql.endswith(FIRST_FROM):
            return
        beside = cursor.connection.cursor()
        beside.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)
        plans.extend(row[3] for row in beside.fetchall())

    event.listen(engine, "before_cursor_execute", plan)
    return plans


def test_an_empty_recorder_has_no_calls(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/empty.sqlite", recorder_tables)
    assert extent(engine) == (0, 0)
    assert page(engine, Filter(since=1.0, until=2.0, text="x")).rows == []
    engine.dispose()
