"""How a database is reached, and what it is told first: SQLite and PostgreSQL differ.

SQLite runs in WAL mode with synchronous=FULL, and its folder is made when missing.
Values stay out of error messages, which are logged.
"""

import logging
import time
from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import URL
from sqlalchemy import Connection
from sqlalchemy import Engine
from sqlalchemy import create_engine
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.exc import OperationalError

log = logging.getLogger(__name__)

#: How long a writer waits for another one's transaction, in seconds.
BUSY_TIMEOUT = 10
#: How long one who opens a database waits for another one that changes its tables.
UPGRADE_TIMEOUT = 600
#: PostgreSQL's name for that: any number that nobody else uses in this database.
_LOCK = 0x0A07A99
#: Seconds a server has to come up; the longest pause between two looks.
WAIT = 10.0
PAUSE = 1.0
#: A connection that was idle for so many seconds is tried before it is used.
IDLE = 1.0
#: KiB of pages that a connection of SQLite keeps: the system keeps them, too, once for
#: all, and with the usual 2000 a process of ten connections grows for an hour.
PAGE_CACHE = 500
#: What a connection is told before a transaction that only reads.
READS = "oauthapp reads"
#: What waiting does not cure, as PostgreSQL says it.
_HOPELESS = (
    "authentication failed",
    "does not exist",
    "no password supplied",
    "pg_hba.conf",
)
#: So that a server which has vanished without a word is noticed within seconds.
_NOTICING = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 10_000,
}
#: A plan made while a table was small would be kept when it no longer is.
_PLANNING = ("-c plan_cache_mode=force_custom_plan",)
_HASTY = ("-c synchronous_commit=off",)


def json_text(value: Any) -> str:
    """As a column of type JSON keeps it."""
    return msgspec.json.encode(value).decode()


_OPTIONS: Mapping[str, Any] = {
    "hide_parameters": True,  # values stay out of error messages
    "json_serializer": json_text,  # the faster of two encoders
    # The connection used last is used again: it knows the pages that it wrote.
    "pool_use_lifo": True,
}


def make_engine(url: str, *, durable: bool) -> Engine:
    """An engine for `url`; nothing is asked of the database yet."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _make_sqlite(parsed, durable=durable)
    return _make_postgresql(parsed, durable=durable)


def wait_for(engine: Engine, *, seconds: float) -> None:
    """Return as soon as the database answers.

    :raises OperationalError: when it does not in time, or never will.
    """
    end = time.monotonic() + seconds
    pause = 0.05
    while True:
        try:
            with engine.connect():
                return
        except OperationalError as error:
            left = end - time.monotonic()
            if left <= 0 or not _may_pass(engine, str(error)):
                raise
            if pause >= PAUSE:  # else it is a moment, not worth a word
                log.warning("the database does not answer; waiting %.0f s more", left)
        time.sleep(min(pause, left))
        pause = min(pause * 2, PAUSE)


def _may_pass(engine: Engine, problem: str) -> bool:
    if engine.dialect.name == "sqlite":  # while another process opens it, too
        return "locked" in problem
    return not any(one in problem for one in _HOPELESS)


@contextmanager
def changing_tables(engine: Engine) -> Iterator[Connection]:
    """A transaction in which tables are changed, one process at a time."""
    alone = _alone_sqlite if engine.dialect.name == "sqlite" else _alone_postgresql
    with engine.connect() as connection, alone(connection):
        yield connection


@contextmanager
def _alone_sqlite(connection: Connection) -> Iterator[None]:
    driver: Any = connection.connection.driver_connection
    driver.execute(f"PRAGMA busy_timeout={UPGRADE_TIMEOUT * 1000}")
    # To change a table is to make it anew: what refers to it has to stay.
    driver.execute("PRAGMA foreign_keys=OFF")
    with connection.begin():
        yield
    driver.execute("PRAGMA foreign_keys=ON")
    driver.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT * 1000}")


@contextmanager
def _alone_postgresql(connection: Connection) -> Iterator[None]:
    with connection.begin():
        connection.exec_driver_sql(f"SET LOCAL lock_timeout='{UPGRADE_TIMEOUT}s'")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        yield


def _make_sqlite(url: URL, *, durable: bool) -> Engine:
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT}, **_OPTIONS)
    # A listener to this would have each statement look for listeners of its own.
    engine.dialect.do_begin = _begin_sqlite  # type: ignore[method-assign]
    event.listen(engine, "connect", partial(_prepare_sqlite, durable))
    return engine


def _prepare_sqlite(durable: bool, connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # BEGIN is ours, see _begin_sqlite
    if not durable:  # nor need it wait for the disk while it becomes a WAL
        connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute(f"PRAGMA cache_size=-{PAGE_CACHE}")


def _begin_sqlite(dbapi_connection: Any) -> None:
    # A transaction that starts by reading and then writes cannot wait for its turn
    # (SQLITE_BUSY at once), so writers take the lock when they begin.
    reads = dbapi_connection.info.pop(READS, False)
    begin = "BEGIN" if reads else "BEGIN IMMEDIATE"
    dbapi_connection.driver_connection.execute(begin)


def _make_postgresql(url: URL, *, durable: bool) -> Engine:
    told: dict[str, object] = {
        name: value for name, value in _NOTICING.items() if name not in url.query
    }
    own = str(url.query.get("options", ""))
    told["options"] = " ".join([own, *_PLANNING, *([] if durable else _HASTY)]).strip()
    driver = url.set(drivername="postgresql+psycopg")
    engine = create_engine(driver, connect_args=told, **_OPTIONS)
    event.listen(engine, "checkin", _note_when)
    event.listen(engine, "checkout", partial(_try_idle, engine))
    return engine


def _note_when(_connection: Any, record: Any) -> None:
    record.info["used"] = time.monotonic()


def _try_idle(engine: Engine, connection: Any, record: Any, _proxy: Any) -> None:
    """A server that was started anew knows no connection from before."""
    used = record.info.get("used")
    if used is None or time.monotonic() - used < IDLE:
        return
    try:
        engine.dialect.do_ping(connection)
    except engine.dialect.loaded_dbapi.Error as error:
        raise InvalidatePoolError from error  # all that are as old; then it connects
