"""Connections of the driver on which each statement is a transaction of its own.

They wait beside SQLAlchemy's pool: to borrow one there, to have it commit by itself,
and to give it back as it was, takes as long as to insert a row.
"""

import time
from collections.abc import Iterator
from contextlib import closing
from contextlib import contextmanager
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from oauthapp.engines import IDLE

#: Those that wait, the one used last at the end: each with when that was.
_waiting = WeakKeyDictionary[Engine, list[tuple[Any, float]]]()
_waiting_lock = Lock()


@contextmanager
def driver_cursor(engine: Engine) -> Iterator[Any]:
    """A cursor of the driver; what goes wrong with it costs its connection.

    :raises sqlalchemy.exc.DBAPIError: for every error of the driver.
    """
    driver = engine.dialect.loaded_dbapi
    try:
        connection = _taken(engine) or _opened(engine)
        try:
            with closing(connection.cursor()) as cursor:
                yield cursor
        except driver.Error as error:
            _drop(engine, connection, error)
            raise
        except BaseException:  # whatever it is, a statement may be under way
            connection.close()
            raise
        _waiting_of(engine).append((connection, time.monotonic()))
    except driver.Error as error:
        raise DBAPIError.instance(
            None, None, error, driver.Error, hide_parameters=True
        ) from error


def _taken(engine: Engine) -> Any:
    """One that waits and still works, None if there is none."""
    waiting = _waiting_of(engine)
    while waiting:
        try:
            connection, used = waiting.pop()
        except IndexError:  # somebody else was quicker
            break
        if time.monotonic() - used < IDLE or _answers(engine, connection):
            return connection
        connection.close()
    return None


def _answers(engine: Engine, connection: Any) -> bool:
    """A server that was started anew knows no connection from before."""
    try:
        engine.dialect.do_ping(connection)
    except engine.dialect.loaded_dbapi.Error:
        return False
    return True


def _opened(engine: Engine) -> Any:
    pooled = engine.raw_connection()
    connection: Any = pooled.driver_connection
    pooled.detach()
    try:
        if engine.dialect.name != "sqlite":  # as we open that, it always is
            connection.autocommit = True
            # An insert has but one plan, which takes as long to make as to follow.
            connection.execute("SET plan_cache_mode = force_generic_plan")
    except engine.dialect.loaded_dbapi.Error as error:
        _drop(engine, connection, error)
        raise
    return connection


def _drop(engine: Engine, connection: Any, error: Any) -> None:
    """Whatever state the connection is in after that error, nobody gets it again."""
    if engine.dialect.is_disconnect(error, connection, None):
        engine.dispose()  # the others are as broken
    connection.close()


def _waiting_of(engine: Engine) -> list[tuple[Any, float]]:
    waiting = _waiting.get(engine)
    if waiting is not None:
        return waiting
    with _waiting_lock:
        if engine not in _waiting:
            _waiting[engine] = []
            before = engine._has_events
            event.listen(engine, "engine_disposed", _close_all)
            # Else each statement would look for listeners of its own.
            engine._has_events = before
        return _waiting[engine]


def _close_all(engine: Engine) -> None:
    """With those of the engine's pool."""
    waiting = _waiting_of(engine)
    while waiting:
        connection, _used = waiting.pop()
        connection.close()
