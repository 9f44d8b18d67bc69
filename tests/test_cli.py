"""The command line, run as a user runs it: in a process where that matters."""

import json
import re
import signal
import socket
import subprocess
import sys
from contextlib import chdir
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from click.testing import Result

from oauthapp.cli import main
from oauthapp.demo_settings import alone_in

OAUTHAPP = [sys.executable, "-m", "oauthapp"]


def in_a_process(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*OAUTHAPP, *arguments], cwd=cwd, capture_output=True, text=True, timeout=60
    )


def run(*arguments: str, cwd: Path, **environ: str) -> Result:
    """The same without a process, which would take a second to start."""
    with chdir(cwd):
        return CliRunner().invoke(main, arguments, env=environ)


def test_each_command_is_found_by_its_name() -> None:
    context = click.Context(main)
    names = main.list_commands(context)

    found = [main.get_command(context, name) for name in names]

    assert [one and one.name for one in found] == names


def test_one_command_does_not_import_what_another_one_needs() -> None:
    told = (
        "import sys; sys.argv[1:] = ['sign', '--help']; from oauthapp.cli import main"
    )
    look = "[*map(print, (m for m in sys.modules if m.startswith('oauthapp.comm')))]"
    script = f"{told}\ntry: main()\nexcept SystemExit: {look}"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True
    )

    assert "oauthapp.commands.webhook" in done.stdout
    assert "oauthapp.commands.provider" not in done.stdout


def test_demo_once_shows_one_login_through_both_kinds(tmp_path: Path) -> None:
    done = in_a_process("demo", "--once", "--json", cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    calls = json.loads(done.stdout)["calls"]
    seen = {(c["kind"], c["method"], c["path"], c["status"]) for c in calls}
    assert ("redirect", "GET", "/callback/demo", 303) in seen
    assert ("webhook", "POST", "/webhooks/demo", 204) in seen
    expected = "kind caller callee method path status verdict at ms".split()
    assert all(set(expected) <= set(call) for call in calls)


def test_demo_once_leaves_nothing_behind(tmp_path: Path) -> None:
    run("demo", "--once", cwd=tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_demo_once_can_be_repeated_with_the_same_folder(tmp_path: Path) -> None:
    again = [run("demo", "--once", "--instance", "kept", cwd=tmp_path) for _ in "12"]

    assert [done.exit_code for done in again] == [0, 0], again[-1].stderr
    assert (tmp_path / "kept" / "demo.toml").stat().st_mode & 0o077 == 0


def test_demo_once_says_in_words_what_happened(tmp_path: Path) -> None:
    done = run("demo", "--once", cwd=tmp_path)

    assert "GET  /callback/demo" in done.stdout
    assert "POST /webhooks/demo" in done.stdout


@pytest.mark.parametrize("option", ["--app-port", "--provider-port"])
def test_a_taken_port_is_one_clear_line(tmp_path: Path, option: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = in_a_process("demo", "--once", option, port, cwd=tmp_path)

    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert f"port {port}" in done.stderr
    assert option in done.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[app", "not valid TOML"),
        ("", "app: missing"),
        ('[app]\nbase_url = "http://localhost:1"', "app.secret_key: missing"),
        ('[app]\nbase_url = 1\nsecret_key = ""', "app.base_url: write a value of type"),
        ("[app]\nbase_uri = 1", "no such setting"),
    ],
)
def test_bad_settings_are_one_line_and_exit_code_2(
    tmp_path: Path, text: str, said: str
) -> None:
    file = tmp_path / "app.toml"
    file.write_text(text)
    done = run("app", "--config", str(file), cwd=tmp_path)

    assert done.exit_code == 2
    assert len(done.stderr.splitlines()) == 1
    assert said in done.stderr


def test_demo_stops_cleanly_on_ctrl_c(tmp_path: Path) -> None:
    with subprocess.Popen(
        [*OAUTHAPP, "demo", "--app-port", "0", "--provider-port", "0"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        said = ""
        while "Ctrl-C" not in said:
            line = process.stdout.readline()
            assert line, process.stderr.read()
            said += line
        process.send_signal(signal.SIGINT)
        process.wait(timeout=15)
        trouble = process.stderr.read()

    assert re.search(r"http://localhost:\d+", said)
    assert "alice" in said
    assert trouble == ""
    assert process.returncode == 0


def provider_settings(folder: Path, secret_key: str) -> list[str]:
    path = folder / "provider.toml"
    path.write_text(
        f"""
        [provider]
        issuer = "http://127.0.0.1:5001"
        secret_key = "{secret_key}"
        """
    )
    return ["rotate-keys", "--config", str(path)]


def test_each_rotation_signs_with_another_key(tmp_path: Path) -> None:
    command = provider_settings(tmp_path, "k" * 32)
    done = [run(*command, cwd=tmp_path) for _ in range(2)]

    assert [one.exit_code for one in done] == [0, 0], done[0].stderr
    kids = {one.stdout.removeprefix("signing with ") for one in done}
    assert len(kids) == 2


def test_a_provider_with_another_secret_key_does_not_start(tmp_path: Path) -> None:
    run(*provider_settings(tmp_path, "k" * 32), cwd=tmp_path)
    provider_settings(tmp_path, "another key" * 4)
    config = str(tmp_path / "provider.toml")
    done = run("provider", "--config", config, "--port", "0", cwd=tmp_path)

    assert done.exit_code == 2
    assert done.stderr.startswith(
        "oauthapp: provider.secret_key: another one sealed the keys"
    )
    assert done.stderr.count("\n") == 1


def test_verify_believes_what_sign_signs_with_a_secret_that_ps_does_not_show(
    tmp_path: Path,
) -> None:
    secret = {"OAUTHAPP_SECRET": "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"}
    (tmp_path / "body").write_text("{}")
    signed = run("sign", "body", cwd=tmp_path, **secret)
    (tmp_path / "request").write_text(f"{signed.stdout}\n{{}}")
    good = run("verify", "request", cwd=tmp_path, **secret)
    (tmp_path / "request").write_text(f"{signed.stdout}\n{{ }}")
    bad = run("verify", "request", cwd=tmp_path, **secret)
    nothing = run("verify", "body", cwd=tmp_path, **secret)

    assert [good.exit_code, bad.exit_code, nothing.exit_code] == [0, 1, 2]
    assert (good.stderr, bad.stderr) == ("", "")
    assert good.stdout.startswith("accepted\n")
    assert bad.stdout.startswith("refused: signature_mismatch\n")


def test_a_second_demo_in_the_same_folder_is_told_to_take_another(
    tmp_path: Path,
) -> None:
    with alone_in(tmp_path / "instance"):
        told = ["demo", "--once", "--instance", "instance"]
        done = in_a_process(*told, cwd=tmp_path)

    assert done.returncode == 2
    assert "another demo runs in this folder" in done.stderr
    assert "--instance other" in done.stderr
