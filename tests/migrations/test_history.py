"""A database that came along its history is like one that is made today."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Column
from sqlalchemy import Engine
from sqlalchemy import MetaData
from sqlalchemy import Text
from sqlalchemy import insert
from sqlalchemy import inspect
from sqlalchemy import select
from sqlalchemy import text

from oauthapp.database import SchemaDiffers
from oauthapp.database import open_database
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.engines import changing_tables
from oauthapp.migrations import history
from oauthapp.migrations.version_store import revision
from oauthapp.schema.app import app_tables
from oauthapp.schema.provider import access_tokens
from oauthapp.schema.provider import grants
from oauthapp.schema.recorder import recorder_tables
from oauthapp.schema.sender import provider_tables
from tests.migrations.databases import Databases
from tests.migrations.databases import first_made
from tests.migrations.databases import told

TABLES = {"app": app_tables, "provider": provider_tables, "recorder": recorder_tables}


@pytest.fixture(params=list(TABLES))
def tables(request: pytest.FixtureRequest) -> MetaData:
    return TABLES[request.param]


@pytest.fixture
def engine(databases: Databases, tables: MetaData) -> Iterator[Engine]:
    """A database as the first release made it, upgraded."""
    url = databases.new()
    first_made(url, tables.info["history"])
    engine = open_database(url, tables)
    yield engine
    engine.dispose()


def stated(engine: Engine, tables: MetaData) -> str | None:
    with reading(engine) as connection:
        return revision(connection, tables.info["history"])


def test_the_history_ends_where_the_schema_is(tables: MetaData) -> None:
    assert history.revisions(tables.info["history"])[-1] == tables.info["revision"]


# SQLite does not tell what an expression is.
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection")
@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified")
def test_every_difference_of_the_schema_has_a_revision(
    engine: Engine, tables: MetaData
) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_server_default": True,
                "include_name": lambda name, kind, _parents: (
                    kind != "table" or name in tables.tables
                ),
            },
        )
        assert compare_metadata(context, tables) == []


def test_the_database_tells_of_both_the_same(
    engine: Engine, tables: MetaData, databases: Databases
) -> None:
    """What Alembic does not compare, too, such as the conditions of indexes."""
    fresh = open_database(databases.new(), tables)

    assert told(engine) == told(fresh)
    assert stated(engine, tables) == stated(fresh, tables) == tables.info["revision"]
    fresh.dispose()


def test_the_first_revision_alone_makes_what_it_is_taken_to_make(
    tables: MetaData, databases: Databases
) -> None:
    name = tables.info["history"]
    engine = open_database(databases.new(), MetaData())
    with writing(engine) as connection:
        history.upgrade(connection, name)

    fresh = open_database(databases.new(), tables)
    assert told(engine) == told(fresh)
    engine.dispose()
    fresh.dispose()


def test_of_several_that_open_an_older_database_one_upgrades_it(
    tables: MetaData, databases: Databases
) -> None:
    url = databases.new()
    first_made(url, tables.info["history"])

    with ThreadPoolExecutor(4) as pool:
        for opened in pool.map(lambda _: open_database(url, tables), range(4)):
            assert stated(opened, tables) == tables.info["revision"]
            opened.dispose()


def test_of_several_that_open_a_new_database_one_makes_it(
    tables: MetaData, databases: Databases
) -> None:
    url = databases.new()

    with ThreadPoolExecutor(4) as pool:
        for opened in pool.map(lambda _: open_database(url, tables), range(4)):
            assert stated(opened, tables) == tables.info["revision"]
            opened.dispose()


def test_two_parties_may_live_in_one_database(databases: Databases) -> None:
    url = databases.new()
    for tables in (*TABLES.values(), *TABLES.values()):
        opened = open_database(url, tables)
        assert stated(opened, tables) == tables.info["revision"]
        assert set(tables.tables) <= set(inspect(opened).get_table_names())
        opened.dispose()


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize("found", ["'0001', '0002'", "'9999'", ""])
def test_a_database_from_the_future_is_refused_and_left_alone(
    databases: Databases, found: str
) -> None:
    url = databases.new()
    engine = open_database(url, app_tables)
    with writing(engine) as connection:
        connection.execute(text("DELETE FROM oauthapp_app_version"))
        for one in filter(None, found.split(", ")):
            connection.execute(text(f"INSERT INTO oauthapp_app_version VALUES ({one})"))
    before = told(engine)

    with pytest.raises(SchemaDiffers, match="another version .* use a new database"):
        open_database(url, app_tables)

    assert told(engine) == before
    engine.dispose()


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "done",
    [
        "ALTER TABLE builds ADD COLUMN more TEXT",
        "ALTER TABLE builds DROP COLUMN reason",
        "DROP TABLE bins",
        "DROP INDEX inbox_due",
    ],
)
def test_tables_that_no_release_made_are_refused_and_left_alone(
    databases: Databases, done: str
) -> None:
    url = databases.new()
    first_made(url, "app")
    engine = open_database(url, MetaData())
    with writing(engine) as connection:
        connection.execute(text(done))
    before = told(engine)

    with pytest.raises(SchemaDiffers, match="another version .* use a new database"):
        open_database(url, app_tables)

    assert told(engine) == before
    engine.dispose()


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_table_that_is_made_anew_keeps_what_refers_to_it(
    databases: Databases,
) -> None:
    """SQLite would remove it with the old table: ON DELETE CASCADE."""
    engine = open_database(databases.new(), provider_tables)
    with writing(engine) as connection:
        grant = {"grant_id": "g", "client_id": "c", "sub": "s", "sid": "s"}
        grant |= {"session_ref": "r", "scope": "", "claims": {}}
        times = {"auth_time": 1, "expires_at": 1.0}
        connection.execute(insert(grants), {**grant, **times, "revoked": False})
        token = {"token_hash": "t", "grant_id": "g", "scope": ""}
        times = {"issued_at": 1, "expires_at": 1.0}
        connection.execute(insert(access_tokens), {**token, **times})

    with changing_tables(engine) as connection:
        change = Operations(MigrationContext.configure(connection))
        with change.batch_alter_table("grants", recreate="always") as table:
            table.add_column(Column("more", Text))

    with reading(engine) as connection:
        assert connection.execute(select(access_tokens)).mappings().one()["scope"] == ""
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
    engine.dispose()


def test_an_upgrade_that_fails_changes_nothing(databases: Databases) -> None:
    url = databases.new()
    first_made(url, "app")
    engine = open_database(url, MetaData())
    with writing(engine) as connection:  # its name is taken
        connection.execute(text("CREATE INDEX builds_newest ON bins (created_at)"))
    before = told(engine)

    with pytest.raises(Exception, match="builds_newest"):
        open_database(url, app_tables)

    assert told(engine) == before
    engine.dispose()


def test_who_opens_a_database_of_today_imports_no_alembic(tmp_path: Path) -> None:
    """It takes longer than all the rest."""
    program = f"""if True:
        import sys
        from oauthapp.database import open_database
        from oauthapp.schema.app import app_tables
        for _ in range(2):
            open_database("sqlite:///{tmp_path}/app.sqlite", app_tables).dispose()
        assert "alembic" not in sys.modules, "alembic"
        assert "oauthapp.migrations.first" not in sys.modules, "first"
    """
    subprocess.run([sys.executable, "-c", program], check=True)
