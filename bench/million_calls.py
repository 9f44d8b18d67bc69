"""Calls by the million: logins as both parties hear them, now and then a refusal."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from sqlalchemy import Engine
from sqlalchemy import text

from oauthapp.database import writing
from oauthapp.recorder.call import Call
from oauthapp.recorder.call_store import CallStore
from oauthapp.recorder.observation import redacted
from tests.recorder.calls import RUN
from tests.recorder.calls import WEBHOOK

#: Calls that are written at a time.
SOME = 5000
#: Seconds between two runs.
APART = 3.0
BEGAN = 1_600_000_000.0

#: What browsers and proxies say besides, about as much as they do.
_USUAL = tuple(
    (name, value * 6)
    for name, value in (
        ("Host", "localhost"),
        ("Accept", "text/html,"),
        ("Accept-Language", "en;q=0.5"),
        ("Accept-Encoding", "gzip, br"),
        ("Sec-Ch-Ua", "Chromium;v=1"),
        ("X-Forwarded-For", "192.0.2.1"),
    )
)
_TEMPLATE = tuple(
    replace(one, request_headers=one.request_headers + _USUAL, at=one.at - 100.0)
    for one in RUN
)
_REFUSED = replace(
    WEBHOOK,
    id="refused",
    at=5.0,
    status=401,
    verdict="refused",
    reason="signature_mismatch",
    request_headers=WEBHOOK.request_headers + _USUAL,
    caller_id=None,
)


def fill(engine: Engine, count: int) -> None:
    """Write that many calls; the database then knows its tables as after a while."""
    found = islice(some_calls(), count)
    while some := list(islice(found, SOME)):
        _write(engine, some)
    with writing(engine) as connection:
        connection.execute(text("ANALYZE"))


def some_calls() -> Iterator[Call]:
    """Without end: a login of ten records, over and over; now and then a refusal."""
    template = [redacted(one, b"key") for one in _TEMPLATE]
    refused = redacted(_REFUSED, b"key")
    yield _of_run(replace(refused, request_body='{"a": "needle in a haystack"}'), 0)
    run = 0
    while True:
        run += 1
        for one in template:
            yield _of_run(one, run)
        if run % 2 == 0:
            yield _of_run(refused, run)


def _of_run(call: Call, run: int) -> Call:
    """The same call in another run: other ids, other hashes."""

    def own(name: str | None) -> str | None:
        return name and f"{name[:12]}-{run:07x}"

    def hashes(link: str) -> str:
        return f"{link[:-7]}{run:07x}"

    found: dict[str, Any] = {"id": own(call.id), "parent_id": own(call.parent_id)}
    return replace(
        call,
        **found,
        caller_id=own(call.caller_id),
        at=BEGAN + APART * run + call.at,
        links=frozenset(map(hashes, call.links)),
    )


def _write(engine: Engine, some: list[Call]) -> None:
    store = CallStore(engine)
    store.keep([store.rows(one) for one in some])
