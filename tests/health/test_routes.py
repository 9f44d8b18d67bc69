"""`/healthz` and `/readyz` tell the truth, also when a database goes and comes back."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from oauthapp.health import readiness
from oauthapp.health import store
from oauthapp.health.readiness import Readiness
from oauthapp.migrations.version_store import version_table
from oauthapp.recorder import drain
from oauthapp.running import build_app
from oauthapp.running import build_provider
from oauthapp.schema.app import inbox
from oauthapp.settings import AppLimits
from oauthapp.settings import AppSettings
from oauthapp.settings import ProviderSettings
from oauthapp.settings import RecorderSettings
from oauthapp.settings import Settings
from tests.postgresql import Server
from tests.postgresql import new_databases

KEY = "a-key-of-thirty-two-bytes-or-more"
OK = dict.fromkeys(("database", "inbox", "recorder", "schema"), "ok")


def parties(url: str, stack: ExitStack) -> dict[str, Flask]:
    """Both of them; `url` is that of a database without its name."""
    settings = Settings(
        app=AppSettings(
            base_url="http://localhost:5000",
            secret_key=KEY,
            database_url=f"{url}app",
            limits=AppLimits(inbox_messages=2, inbox_bytes=10**6),
        ),
        provider=ProviderSettings(
            issuer="http://127.0.0.1:5001",
            secret_key=KEY,
            database_url=f"{url}provider",
        ),
        recorder=RecorderSettings(database_url=f"{url}recorder"),
    )
    made = {"app": build_app(settings), "provider": build_provider(settings)}
    for party in made.values():
        services = party.extensions["oauthapp"]
        stack.callback(services.recorder.database.dispose)
        stack.callback(services.database.dispose)
        stack.callback(services.http.close)
    return made


@pytest.fixture(autouse=True)
def always_asked_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "FRESH", 0.0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "databases"
    made.mkdir()
    return made


@pytest.fixture
def both(folder: Path) -> Iterator[dict[str, Flask]]:
    with ExitStack() as stack:
        yield parties(f"sqlite:///{folder}/", stack)


@pytest.fixture
def client(both: dict[str, Flask]) -> FlaskClient:
    return both["app"].test_client()


def said(client: FlaskClient) -> tuple[int, dict[str, Any]]:
    answer = client.get("/readyz")
    assert answer.get_json()["ready"] == (answer.status_code == 200)
    return answer.status_code, answer.get_json()["parts"]


@pytest.mark.parametrize("party", ["app", "provider"])
def test_a_party_is_ready_while_its_files_are_there(
    both: dict[str, Flask], folder: Path, party: str
) -> None:
    client = both[party].test_client()
    good = {name: text for name, text in OK.items() if name != "inbox"}
    assert said(client) == (200, OK if party == "app" else good)

    away = folder.rename(folder.with_name("away"))
    status, parts = said(client)
    alive = client.get("/healthz")
    away.rename(folder)

    gone = "does not answer (FileNotFoundError)"
    assert (status, parts["database"], parts["recorder"]) == (503, gone, gone)
    assert (alive.status_code, alive.get_json()) == (200, {"status": "ok"})
    assert said(client)[0] == 200


def test_a_folder_that_cannot_be_written_to_is_not_ready(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store.os, "access", lambda *_: False)  # root may everything

    status, parts = said(client)

    assert (status, parts["database"]) == (503, "its folder cannot be written to")


def test_a_full_disk_is_not_ready(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "ROOM", 2**70)

    status, parts = said(client)

    assert (status, parts["database"]) == (503, "the disk is full")


def test_postgresql_that_stops_and_starts_is_seen(postgresql_server: Server) -> None:
    server = postgresql_server
    with ExitStack() as stack:
        new_databases(server.url, "app", "provider", "recorder")
        both = parties(f"{server.url}/", stack)
        clients = {name: party.test_client() for name, party in both.items()}
        before = {name: said(one)[0] for name, one in clients.items()}
        server.stop()
        meanwhile = {name: said(one) for name, one in clients.items()}
        server.start()
        after = {name: said(one)[0] for name, one in clients.items()}

    assert before == after == {"app": 200, "provider": 200}
    assert {status for status, _ in meanwhile.values()} == {503}
    assert "does not answer" in meanwhile["app"][1]["database"]
    assert "postgres" not in str(meanwhile), "nothing of its address is told"


@pytest.mark.parametrize(
    ("messages", "size", "word"), [(2, 1, "messages"), (1, 10**6, "bytes")]
)
def test_an_inbox_that_takes_no_more_is_not_ready(
    both: dict[str, Flask], messages: int, size: int, word: str
) -> None:
    client, services = both["app"].test_client(), both["app"].extensions["oauthapp"]
    rows = [
        {
            "source": "demo",
            "message_id": str(number),
            "event_type": "",
            "body": b"x" * size,
            "received_at": 1.0,
            "status": "pending",
            "tries": 0,
            "due_at": 1.0,
            "reason": "",
        }
        for number in range(messages)
    ]
    with services.database.begin() as connection:
        connection.execute(inbox.insert(), rows)
    full = said(client)
    with services.database.begin() as connection:
        connection.execute(inbox.update(), {"status": "dead"})

    assert full[0] == 503
    assert full[1]["inbox"].startswith("full") and word in full[1]["inbox"]
    assert said(client)[0] == 200


@pytest.mark.parametrize("party", ["app", "provider"])
@pytest.mark.parametrize(
    ("revision", "status"), [("0000", 503), ("9999", 200), (None, 503)]
)
def test_tables_of_an_older_version_are_not_ready(
    both: dict[str, Flask], party: str, revision: str | None, status: int
) -> None:
    services = both[party].extensions["oauthapp"]
    with services.database.begin() as connection:
        name = version_table(party)
        if revision is None:
            connection.exec_driver_sql(f"DROP TABLE {name}")
        else:
            connection.exec_driver_sql(f"UPDATE {name} SET version_num='{revision}'")

    found, parts = said(both[party].test_client())

    assert found == status
    assert parts["schema"].startswith("ok" if status == 200 else f"at {revision}")


def test_a_recorder_that_cannot_keep_up_is_not_ready(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drain, "LIMIT", 0)

    status, parts = said(client)

    assert (status, parts["recorder"].partition(":")[0]) == (503, "full")


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.parametrize("party", ["app", "provider"])
def test_to_ask_is_no_call_between_the_parties(
    both: dict[str, Flask], party: str, path: str
) -> None:
    kept: list[Any] = []
    both[party].extensions["oauthapp"].recorder.listen(kept.append)

    answer = both[party].test_client().get(path)

    assert kept == []
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers


def test_a_part_that_hangs_is_not_waited_for_nor_asked_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(readiness, "PATIENCE", 0.01)
    asked: list[int] = []
    go_on = Event()

    def hang() -> str:
        asked.append(1)
        go_on.wait()
        return ""

    both = Readiness({"hangs": hang, "works": lambda: ""})
    first, second = both.look(), both.look()
    go_on.set()
    end = time.monotonic() + 10
    while both.look()["hangs"] != "ok":
        assert time.monotonic() < end

    assert first == second == {"hangs": "no answer yet", "works": "ok"}


def test_who_asks_again_at_once_is_told_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(readiness, "FRESH", 60.0)
    asked: list[int] = []

    def check() -> str:
        asked.append(1)
        return ""

    one = Readiness({"part": check})
    for _ in range(3):
        one.look()

    assert asked == [1]


def test_what_is_wrong_is_told_without_its_words() -> None:
    def check() -> str:
        raise OperationalError("SELECT", {}, Exception("password=secret"))

    assert Readiness({"part": check}).look() == {
        "part": "does not answer (OperationalError)"
    }
