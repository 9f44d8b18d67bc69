"""What the first release wrote is read by this one, and goes on.

`dumping.py` wrote it with that release: its databases, and what others held.
"""

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

from tests.migrations.databases import Databases
from tests.migrations.dumping import DATA
from tests.migrations.dumping import NAMES
from tests.migrations.household import THEN
from tests.migrations.household import living
from tests.migrations.life import Held
from tests.migrations.life import live
from tests.migrations.life import require_all_works


@pytest.fixture
def kind(databases: Databases) -> str:
    return "postgresql" if databases.server else "sqlite"


@pytest.fixture
def urls(databases: Databases) -> Mapping[str, str]:
    """Of three new databases."""
    return {name: databases.new() for name in NAMES}


def restore(url: str, dump: Path) -> None:
    """As sqlite3 and psql would."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            connection.executescript(dump.read_text())
        return
    import psycopg

    with psycopg.connect(url) as connection:
        connection.execute(dump.read_text())


def test_what_the_first_release_wrote_is_read_and_goes_on(
    kind: str, urls: Mapping[str, str]
) -> None:
    for name, url in urls.items():
        restore(url, DATA / f"first-{kind}-{name}.sql")
    held = Held(**json.loads((DATA / f"first-{kind}.json").read_text()))

    with living(urls, now=THEN + 5) as house:
        require_all_works(house, held)


def test_what_this_release_writes_is_read_and_goes_on(urls: Mapping[str, str]) -> None:
    """The same life today: what to write down when the schema is released again."""
    with living(urls, now=THEN) as house:
        held = live(house)

    with living(urls, now=THEN + 5) as house:
        require_all_works(house, held)
