"""Write down the databases of the version that is installed, after some life in them.

    python -m tests.migrations.dumping NAME

Made once for a schema that is released, with that version, into `data/NAME-*`; later
versions are tried on it. Nothing in it is secret: it is all made here.
"""

import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from collections.abc import Mapping
from pathlib import Path

from tests.migrations.household import THEN
from tests.migrations.household import living
from tests.migrations.life import live
from tests.postgresql import new_databases
from tests.postgresql import postgresql_binaries
from tests.postgresql import running_postgresql

DATA = Path(__file__).parent / "data"
NAMES = ("app", "provider", "recorder")


def main(name: str) -> None:
    """Both databases, each with a life of its own."""
    with tempfile.TemporaryDirectory() as folder:
        files = {one: f"{folder}/{one}.sqlite" for one in NAMES}
        urls = {one: f"sqlite:///{file}" for one, file in files.items()}
        _write(f"{name}-sqlite", urls, {one: _sqlite(files[one]) for one in NAMES})
    binaries = postgresql_binaries()
    assert binaries is not None
    with running_postgresql(binaries) as server:
        new_databases(server, *NAMES)
        urls = {one: f"{server}/{one}" for one in NAMES}
        dumps = {one: _postgresql(binaries, urls[one]) for one in NAMES}
        _write(f"{name}-postgresql", urls, dumps)


def _write(
    name: str, urls: Mapping[str, str], dumps: Mapping[str, Iterator[str]]
) -> None:
    with living(urls, now=THEN) as house:
        held = live(house)
    (DATA / f"{name}.json").write_text(held.as_json() + "\n")
    for one, lines in dumps.items():
        (DATA / f"{name}-{one}.sql").write_text("".join(f"{line}\n" for line in lines))


def _sqlite(file: str) -> Iterator[str]:
    connection = sqlite3.connect(file)
    yield from connection.iterdump()
    connection.close()


def _postgresql(binaries: Path, url: str) -> Iterator[str]:
    """Statements alone, without what only psql understands."""
    command = [binaries / "pg_dump", "--inserts", "--no-owner", "--dbname", url]
    found = subprocess.run(command, check=True, capture_output=True, text=True)
    for line in found.stdout.splitlines():
        if line and not line.startswith(("--", "\\", "SET ", "SELECT pg_catalog.set_")):
            yield line


if __name__ == "__main__":
    main(*sys.argv[1:])
