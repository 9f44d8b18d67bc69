"""Messages on connections that stay open: one thread keeps them, as others would."""

from collections.abc import Callable
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path
from threading import Barrier
from threading import current_thread
from typing import Any

import msgspec
import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy import select

from oauthapp.database import open_database
from oauthapp.running import short_path
from oauthapp.schema.app import app_tables
from oauthapp.schema.app import inbox
from oauthapp.serving import Server
from tests.databases import url_of

#: Seconds; longer than any of these tests takes.
LONG = 20.0


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    url = url_of(request, tmp_path, "lane")
    engine = open_database(url, app_tables)
    yield engine
    engine.dispose()


@pytest.fixture
def port(app: Flask) -> Iterator[int]:
    server = Server("127.0.0.1", 0, threads=8)
    with server.running(app, short=short_path(app)):
        yield server.port


@pytest.fixture
def threads(app: Flask) -> list[str]:
    """By whom the requests were answered."""
    found: list[str] = []
    before = app.wsgi_app

    def answer(environ: dict[str, Any], start: Any) -> Any:
        found.append(current_thread().name)
        return before(environ, start)

    app.wsgi_app = answer  # type: ignore[method-assign]
    return found


def ask(connection: HTTPConnection, sent: Any, source: str = "demo") -> tuple[Any, ...]:
    connection.request("POST", f"/webhooks/{source}", sent.body, sent.headers)
    answer = connection.getresponse()
    headers = {name: value for name, value in answer.getheaders() if name != "Date"}
    return answer.status, answer.reason, headers, answer.read()


def altered(sent: Any, **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    kept = {**sent.headers, **named}
    return replace(sent, headers={name: one for name, one in kept.items() if one})


def test_each_answer_is_the_same_as_on_a_new_connection(
    port: int, sign: Callable[..., Any], calls: list[Any], threads: list[str]
) -> None:
    good = sign(id="known")
    asked = {
        "a message that came before": (good, "demo"),
        "a bad signature": (altered(good, webhook_signature="v1,AAAA"), "demo"),
        "no signature": (altered(good, webhook_signature=""), "demo"),
        "an old one": (sign(id="old", at=1_600_000_000), "demo"),
        "no JSON": (altered(good, Content_Type="text/plain"), "demo"),
        "no event": (sign(b"[]", id="list"), "demo"),
        "an unknown source": (good, "nobody"),
        "another method's": (altered(good, X_HTTP_Method="GET"), "demo"),
        "too large for the lane": (sign(b" " * 100_000, id="large"), "demo"),
    }
    for name, (sent, source) in {"new": (good, "demo"), **asked}.items():
        with closing(HTTPConnection("127.0.0.1", port, timeout=LONG)) as connection:
            first = ask(connection, sent, source)
            again = ask(connection, sent, source)

        assert first == again, name
        heard = [replace(call, id="", at=0.0, ms=0.0, reason="") for call in calls[-2:]]
        assert heard[0] == heard[1], name

    assert threads.count("lane") == len(asked)  # all but the large one


def test_many_at_once_are_kept_once_each(
    port: int,
    sign: Callable[..., Any],
    engine: Engine,
    threads: list[str],
) -> None:
    begin = Barrier(6)

    def send(own: int) -> list[int]:
        with closing(HTTPConnection("127.0.0.1", port, timeout=LONG)) as connection:
            begin.wait(LONG)
            return [
                ask(connection, sign(id=f"m{number}"))[0]
                for number in [*range(20), *range(100 + own, 200 + own, 10)]
            ]

    with ThreadPoolExecutor(6) as pool:
        statuses = [one for found in pool.map(send, range(6)) for one in found]

    assert statuses == [204] * 6 * 30
    with engine.connect() as connection:
        ids = [row.message_id for row in connection.execute(select(inbox))]
    expected = [*range(20), *[n + own for own in range(6) for n in range(100, 200, 10)]]
    assert sorted(ids) == sorted(f"m{number}" for number in expected)
    assert threads.count("lane") > len(threads) / 2


def test_where_somebody_may_have_a_request_hang_there_is_no_lane(app: Flask) -> None:
    services = app.extensions["oauthapp"]
    assert short_path(app) == "/webhooks/"

    object.__setattr__(
        services, "settings", msgspec.structs.replace(services.settings, control=True)
    )

    assert short_path(app) == ""
