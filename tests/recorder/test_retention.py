"""The oldest calls go, by number and by age, and with them what ties them to others."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event
from threading import Thread

import pytest
from sqlalchemy import Engine
from sqlalchemy import select
from sqlalchemy import text

from oauthapp.database import open_database
from oauthapp.recorder import retention
from oauthapp.recorder.link_store import TABLES
from oauthapp.recorder.link_store import put_in_order
from oauthapp.recorder.retention import DAY
from oauthapp.recorder.retention import Keep
from oauthapp.recorder.retention import Retention
from oauthapp.recorder.store import Recorder
from oauthapp.schema.recorder import calls
from oauthapp.schema.recorder import recorder_tables
from tests.databases import url_of
from tests.recorder.calls import LOGIN
from tests.statements import told_to

NOW = 1_700_000_000.0


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    url = url_of(request, tmp_path, "retention")
    engine = open_database(url, recorder_tables)
    yield engine
    engine.dispose()


def keep(recorder: Recorder, *ids: str, age: float = 0.0) -> None:
    for one in ids:
        state = f"http://localhost/?state={one}"
        recorder.keep(replace(LOGIN, id=one, at=NOW - age, url=state))


def kept(database: Engine) -> list[str]:
    with database.connect() as connection:
        rows = connection.execute(select(calls.c.id).order_by(calls.c.number))
        return list(rows.scalars())


def tied(database: Engine) -> set[str]:
    with database.connect() as connection:
        return {
            call_id
            for table in TABLES
            for call_id in connection.execute(select(table.c.call_id)).scalars()
        }


def some(database: Engine, *, number: int = 100, days: int = 30) -> Retention:
    return Retention(database, Keep(calls=number, days=days), lambda: NOW)


def test_what_began_longer_ago_than_the_days_goes(
    recorder: Recorder, database: Engine
) -> None:
    keep(recorder, "old", age=30 * DAY + 1)
    keep(recorder, "young", age=30 * DAY - 1)

    assert some(database).remove_some(NOW) == 1
    assert kept(database) == ["young"]
    assert tied(database) == {"young"}
    assert some(database).remove_some(NOW) == 0


def test_what_is_too_much_goes_oldest_first(
    recorder: Recorder, database: Engine
) -> None:
    keep(recorder, "a", "b", "c", "d", "e")

    assert some(database, number=2).remove_some(NOW) == 3
    assert kept(database) == ["d", "e"]
    assert tied(database) == {"d", "e"}


def test_what_ties_it_goes_wherever_it_is(recorder: Recorder, database: Engine) -> None:
    keep(recorder, "a", "b", "c")
    put_in_order(database, most=100)
    keep(recorder, "d", "e")

    assert some(database, number=2).remove_some(NOW) == 3
    assert tied(database) == {"d", "e"}
    assert some(database, number=0).remove_some(NOW) == 2
    assert tied(database) == set()


def test_it_goes_a_little_at_a_time(
    recorder: Recorder, database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "SOME", 2)
    keep(recorder, "a", "b", "c", "d", "e")
    keeper = some(database, number=2)

    assert [keeper.remove_some(NOW) for _ in range(3)] == [2, 1, 0]
    assert kept(database) == ["d", "e"]


def test_any_number_of_them_is_removed_by_the_same_statements(
    recorder: Recorder, database: Engine
) -> None:
    """Each of its own would be kept prepared by each connection: memory grew by it."""
    keep(recorder, "first", "a")
    with told_to(database) as once:
        assert some(database, number=1).remove_some(NOW) == 1
    with told_to(database) as often:
        for number in range(2, 9):
            keep(recorder, *(f"{number} {one}" for one in range(number)))
            assert some(database, number=1).remove_some(NOW) == number

    assert {text for text in often if text.startswith("DELETE")} == {
        text for text in once if text.startswith("DELETE")
    }


def test_two_that_remove_at_once_do_no_harm(
    recorder: Recorder, database: Engine
) -> None:
    keep(recorder, *"abcdefgh")
    threads = [
        Thread(target=some(database, number=2).remove_some, args=(NOW,))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert kept(database) == ["g", "h"]


def test_an_empty_recorder_has_nothing_to_remove(database: Engine) -> None:
    assert some(database).remove_some(NOW) == 0


class Rounds(Event):
    """A stop that lets so many rounds pass, and notes the pauses between them."""

    def __init__(self, rounds: int) -> None:
        super().__init__()
        self.left = rounds
        self.pauses: list[float | None] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.pauses.append(timeout)
        self.left -= 1
        return self.left < 0


def test_it_rests_once_there_is_nothing_left(
    recorder: Recorder, database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "SOME", 2)
    keep(recorder, "a", "b", "c", "d", "e")
    stop = Rounds(3)

    some(database, number=2).run(stop)

    assert stop.pauses == [0.1, 0.1, 0.1, 60.0]
    assert kept(database) == ["d", "e"]


def test_a_store_that_is_away_is_tried_again_later(
    recorder: Recorder, database: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    with database.begin() as connection:
        connection.execute(text("DROP TABLE calls"))
    stop = Rounds(2)

    some(database).run(stop)

    assert stop.pauses == [0.1, 60.0, 60.0]
    assert "recorder: " in caplog.text
