"""A database that is not there yet, never will be, or goes away for a while."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from oauthapp import engines
from oauthapp.app_workers import app_working
from oauthapp.cli import main
from oauthapp.database import open_database
from oauthapp.database import reading
from oauthapp.inserting import insert_each_once
from oauthapp.provider_workers import provider_working
from oauthapp.schema.app import app_tables
from oauthapp.schema.app import inbox
from oauthapp.schema.app import logout_tokens
from tests.migrations.household import APP
from tests.migrations.household import PROVIDER
from tests.migrations.household import THEN
from tests.migrations.household import Household
from tests.migrations.household import living
from tests.migrations.household import signed
from tests.migrations.network import Person
from tests.postgresql import Server
from tests.postgresql import free_port
from tests.postgresql import new_databases
from tests.postgresql import postgresql_binaries
from tests.postgresql import stoppable_postgresql


@pytest.fixture(scope="module")
def server(postgresql: str) -> Iterator[Server]:
    """One of this file's own, since it is stopped; the other says that we have any."""
    binaries = postgresql_binaries()
    assert binaries is not None
    with stoppable_postgresql(binaries) as server:
        new_databases(server.url, "app", "provider", "recorder")
        yield server


def test_a_start_waits_for_a_server_that_comes_up(server: Server) -> None:
    server.stop()
    with ThreadPoolExecutor(1) as pool:
        opening = pool.submit(open_database, f"{server.url}/app", app_tables, wait=60.0)
        server.start()
        opening.result().dispose()


def test_a_start_waits_no_longer_than_it_was_told(tmp_path: Path) -> None:
    url = f"postgresql://postgres@127.0.0.1:{free_port()}/app"
    config = tmp_path / "app.toml"
    config.write_text(
        f"""
        [app]
        base_url = "http://localhost:{free_port()}"
        secret_key = "{"k" * 32}"
        database_url = "{url}"
        database_wait = 0.3
        [recorder]
        database_url = "sqlite:///{tmp_path}/recorder.sqlite"
        """
    )
    found = CliRunner().invoke(main, ["app", "--config", str(config)])

    assert found.exit_code == 2
    (line,) = found.stderr.splitlines()
    assert line.startswith("oauthapp: app.database_url: cannot be opened: ")


@pytest.mark.parametrize(
    "there", ["/no_such_database", "/app?user=no_such_user"], ids=["database", "user"]
)
def test_what_waiting_does_not_cure_is_told_at_once(server: Server, there: str) -> None:
    with pytest.raises(OperationalError, match="does not exist"):
        open_database(f"{server.url}{there}", app_tables, wait=3600.0)


def test_a_folder_that_is_none_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(OperationalError, match="unable to open"):
        open_database(f"sqlite:///{tmp_path}", app_tables, wait=3600.0)


@pytest.fixture
def engine(server: Server) -> Iterator[Engine]:
    """With more than one connection that waits to be used."""
    engine = open_database(f"{server.url}/app", app_tables)
    with engine.connect(), engine.connect():
        pass
    yield engine
    engine.dispose()


def restart(server: Server) -> None:
    server.stop()
    server.start()


def test_a_restart_while_nobody_asks_is_not_noticed(
    engine: Engine, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "IDLE", 0.0)  # so that we need not wait for it
    restart(server)

    with reading(engine) as connection:
        connection.execute(select(inbox))


def test_of_many_connections_that_broke_one_insert_fails(
    engine: Engine, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when it is so busy that none is idle."""
    monkeypatch.setattr(engines, "IDLE", 3600.0)
    token = {"issuer": "i", "jti": "j", "expires_at": 1.0}
    restart(server)

    with pytest.raises(DBAPIError):
        insert_each_once(engine, logout_tokens, [token])
    with engine.connect():  # as somebody else would
        assert insert_each_once(engine, logout_tokens, [token]) == [True]


@pytest.fixture
def house(server: Server) -> Iterator[Household]:
    urls = {name: f"{server.url}/{name}" for name in ("app", "provider", "recorder")}
    with living(urls, now=THEN) as house, ExitStack() as stack:
        stack.enter_context(app_working(house.network.parties[APP]))
        stack.enter_context(provider_working(house.network.parties[PROVIDER]))
        yield house


@pytest.fixture
def alice(house: Household) -> Person:
    alice = house.person()
    alice.sign_in(f"{APP}/login/demo")
    assert alice.open(f"{APP}/me").status_code == 200
    return alice


#: What needs the database, as alice's browser asks for it.
NEEDED = (
    f"{APP}/me",
    f"{APP}/login/demo",
    f"{APP}/",
    f"{APP}/builds",
    f"{APP}/inspect",
    f"{PROVIDER}/jwks",
    f"{PROVIDER}/repos/demo",
)


def test_while_it_is_away_callers_are_told_to_come_back_and_then_all_goes_on(
    house: Household, alice: Person, server: Server
) -> None:
    def tell(message_id: str) -> TestResponse:
        sent = signed(message_id, now=int(THEN))
        return house.network.ask("POST", f"{APP}/webhooks/demo", **sent)

    server.stop()
    try:
        away = [*map(alice.open, NEEDED), tell("msg_1")]
        again = [*map(alice.open, NEEDED), tell("msg_1")]
    finally:
        server.start()
    back = [*map(alice.open, NEEDED), tell("msg_1"), tell("msg_1")]

    for answer in (*away, *again):
        assert answer.status_code == 503, answer.request.path
        assert int(answer.headers["Retry-After"]) > 0
    assert [answer.status_code for answer in back[: len(NEEDED)]] == [
        303 if "/login/" in url else 200 for url in NEEDED
    ]
    assert [answer.status_code for answer in back[len(NEEDED) :]] == [204, 204]
    require_processed(house, "msg_1")


def require_processed(house: Household, message_id: str) -> None:
    """Its worker is at work again."""
    done = select(inbox.c.status).where(inbox.c.message_id == message_id)
    waiting = threading.Event()
    for _ in range(200):
        with reading(house.app.database) as connection:
            if connection.execute(done).scalar() == "done":
                return
        waiting.wait(0.05)
    pytest.fail("no worker took it")
