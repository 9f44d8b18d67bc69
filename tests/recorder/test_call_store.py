"""Calls are kept with their links, which are put in order where there is time."""

import logging
from threading import Event

import pytest
from sqlalchemy import Engine
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import text

from oauthapp.database import reading
from oauthapp.recorder import call_store as module
from oauthapp.recorder import drain
from oauthapp.recorder import link_store
from oauthapp.recorder.call_store import CallStore
from oauthapp.recorder.observation import redacted
from oauthapp.recorder.store import Recorder
from oauthapp.schema.recorder import new_call_links
from tests.recorder.calls import CALLBACK
from tests.recorder.calls import LOGIN
from tests.recorder.calls import RUN

#: Longer than any of these tests takes: a test that waits for it has failed.
LONG = 30.0


def keep_each(store: CallStore) -> None:
    for one in RUN:
        store.keep([store.rows(redacted(one, b"key"))])


def waiting(database: Engine) -> int:
    counted = select(func.count()).select_from(new_call_links)
    with reading(database) as connection:
        return connection.execute(counted).scalar_one()


def run_of(store: CallStore) -> set[str]:
    login = store.find(LOGIN.id)
    assert login is not None
    return {call.id for call in store.run(login)}


def test_links_wait_until_there_are_many(
    database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_NEW", 6)
    monkeypatch.setattr(module, "SOME_NEW", 2)
    store = CallStore(database)
    waited = set()
    for one in RUN:
        store.keep([store.rows(redacted(one, b"key"))])
        waited.add(waiting(database))
        assert waiting(database) < 6

    assert len(waited) > 2, "they are put in order a few at a time"
    assert run_of(store) == {one.id for one in RUN}


def test_those_that_a_process_left_are_put_in_order_by_the_next(
    database: Engine,
) -> None:
    before = CallStore(database)
    keep_each(before)
    left = waiting(database)
    assert left

    after = CallStore(database)
    after.keep([after.rows(redacted(CALLBACK, b"key"))])

    assert waiting(database) == 0
    assert run_of(after) == {one.id for one in RUN}


def test_links_that_cannot_be_put_in_order_cost_no_call(
    database: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    with database.begin() as connection:
        connection.execute(text("ALTER TABLE call_links RENAME TO away"))
    store = CallStore(database)
    with caplog.at_level(logging.INFO):
        keep_each(store)

    assert caplog.text.count("links not put in order: OperationalError") == 1
    with database.begin() as connection:
        connection.execute(text("ALTER TABLE away RENAME TO call_links"))
    assert run_of(store) == {one.id for one in RUN}
    assert not store.put_in_order()
    assert waiting(database) == 0, "it is tried again"


def test_once_no_call_comes_all_are_put_in_order(
    database: Engine, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = Event()

    def put_in_order(engine: Engine, *, most: int) -> int:
        moved = really(engine, most=most)
        if not waiting(engine):
            done.set()
        return moved

    really = link_store.put_in_order
    recorder.keep(LOGIN)  # the first one has done so with those from before
    monkeypatch.setattr(link_store, "put_in_order", put_in_order)
    monkeypatch.setattr(module, "SOME_NEW", 1)
    monkeypatch.setattr(drain, "IDLE", 0.01)
    with recorder.in_background():
        for one in RUN:
            recorder.keep(one)
        recorder.flush()
        assert done.wait(LONG)

    assert waiting(database) == 0
