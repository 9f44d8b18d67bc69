"""What `docs/deploy` tells to copy: its commands, flags and settings exist."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from oauthapp.cli import main
from oauthapp.configuration import load_settings

DEPLOY = Path(__file__).parent.parent / "docs/deploy"
KEY = "x" * 32
SIGNING = "C2FVsBQIhrscChlQIMV+b5sSYspob7oD"


def read(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def compose() -> dict[str, Any]:
    told: dict[str, Any] = yaml.safe_load(read("compose.yaml"))
    return told


def commands() -> Iterator[list[str]]:
    """What stands after `oauthapp`, everywhere."""
    for unit in sorted(DEPLOY.glob("*.service")):
        (line,) = re.findall(r"^ExecStart=(.*)$", unit.read_text(), re.MULTILINE)
        program, *arguments = shlex.split(line)
        assert program == "/opt/oauthapp/bin/oauthapp"
        yield arguments
    (line,) = re.findall(r"^CMD (\[.*\])$", read("Containerfile"), re.MULTILINE)
    yield json.loads(line)
    for service in compose()["services"].values():
        if "command" in service:
            yield service["command"]
    for line in re.findall(r"^oauthapp (.*)$", read("README.md"), re.MULTILINE):
        yield shlex.split(line, comments=True)


@pytest.mark.parametrize("arguments", list(commands()), ids=" ".join)
def test_each_command_takes_its_flags(arguments: list[str]) -> None:
    name, *rest = arguments
    command = main.get_command(click.Context(main), name)
    assert command is not None
    context = click.Context(command, resilient_parsing=False)

    command.parse_args(context, rest)  # says what it does not know


def settings_of(tmp_path: Path) -> dict[str, str]:
    """The example's environment, filled in as it says."""
    lines = read("oauthapp.env.example").replace("whsec_change-me", f"whsec_{SIGNING}")
    pairs = [
        line.split("=", 1) for line in lines.splitlines() if not line.startswith("#")
    ]
    return {name: text.replace("change-me", KEY) for name, text in pairs}


def test_the_settings_can_be_used(tmp_path: Path) -> None:
    environ = settings_of(tmp_path)
    settings = load_settings(DEPLOY / "oauthapp.toml", environ)

    assert settings.app is not None and settings.provider is not None
    assert settings.app.providers["example"].client_secret == KEY
    assert settings.provider.clients[0].redirect_uris == [
        settings.app.redirect_uri("example")
    ]
    names = {
        url.rpartition("/")[2]
        for url in (
            settings.app.database_url,
            settings.provider.database_url,
            settings.recorder.database_url,
        )
    }
    made = set(re.findall(r"CREATE DATABASE (\w+)", read("databases.sql")))
    postgresql = compose()["services"]["postgresql"]["environment"]
    assert names == made | {postgresql["POSTGRES_DB"]}


def test_no_secret_stands_in_the_settings() -> None:
    settings = re.sub(r"#.*", "", read("oauthapp.toml"))

    assert not re.search(r"secret|password|token|key", settings)


def test_every_file_that_is_named_is_there() -> None:
    build = compose()["x-oauthapp"]["build"]
    mounted = [
        one.split(":")[0]
        for service in compose()["services"].values()
        for one in service["volumes"]
        if one.startswith("./")
    ]
    root = DEPLOY.parent.parent

    assert (DEPLOY / build["context"]).resolve() == root
    assert (root / build["dockerfile"]).exists()
    assert all((DEPLOY / path).exists() for path in mounted)
    assert "docs/deploy/requirements.lock" in read("Containerfile")


def test_the_units_differ_in_nothing_but_what_they_run() -> None:
    """What is hardened at one is so at all."""
    own = ("Description=", "ExecStart=", "# ")
    kept = {
        tuple(
            line for line in unit.read_text().splitlines() if not line.startswith(own)
        )
        for unit in DEPLOY.glob("*.service")
    }

    assert len(kept) == 1


@pytest.mark.parametrize(
    "block", re.findall(r"```json\n(.*?)```", read("README.md"), re.DOTALL)
)
def test_each_example_of_json_is_json(block: str) -> None:
    json.loads(block)
