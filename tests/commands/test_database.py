"""An operator sees how far the databases are, and brings them up to date."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from click.testing import Result

from oauthapp.cli import main
from tests.migrations.databases import first_made


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """An app whose database is of the first release, and whose recorder is new."""
    config = tmp_path / "app.toml"
    config.write_text(
        f"""
        [app]
        base_url = "http://localhost:5000"
        secret_key = "{"k" * 32}"
        database_url = "sqlite:///{tmp_path}/app.sqlite"
        [recorder]
        database_url = "sqlite:///{tmp_path}/recorder.sqlite"
        """
    )
    first_made(f"sqlite:///{tmp_path}/app.sqlite", "app")
    return config


def told(command: str, config: Path) -> Result:
    asked = ["database", command, "--json", "--config", str(config)]
    return CliRunner().invoke(main, asked)


def test_the_tables_are_brought_up_to_date_when_told_and_not_before(
    config: Path,
) -> None:
    for _ in range(2):  # a look changes nothing
        before = told("status", config)
        assert before.exit_code == 1
        assert {row["revision"] for row in json.loads(before.stdout)} == {None}

    done = told("upgrade", config)
    after = told("status", config)

    assert (done.exit_code, after.exit_code) == (0, 0)
    assert done.stdout == after.stdout
    rows = json.loads(after.stdout)
    assert [row["tables"] for row in rows] == ["recorder", "app"]
    assert all(row["revision"] == row["needed"] for row in rows)


@pytest.mark.parametrize("command", ["status", "upgrade"])
def test_a_database_that_cannot_be_opened_is_told_in_one_line(
    config: Path, tmp_path: Path, command: str
) -> None:
    (tmp_path / "app.sqlite").unlink()
    (tmp_path / "app.sqlite").mkdir()

    found = told(command, config)

    assert found.exit_code == 2
    (line,) = found.stderr.splitlines()
    assert line.startswith("oauthapp: app.database_url: cannot be opened: ")
