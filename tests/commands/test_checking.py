"""`check-client` and `check-webhook`: exit codes, formats and refusals."""

import json
import socket
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from click.testing import Result

from oauthapp.callers.sender.endpoints import new_secret
from oauthapp.cli import main
from tests.checking.parties import careless
from tests.checking.parties import endpoint
from tests.checking.parties import gullible_endpoint
from tests.checking.parties import served

SECRET = new_secret()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        number: int = listener.getsockname()[1]
    return number


@pytest.fixture
def check_client(port: int) -> Callable[..., Result]:
    def check(*options: str) -> Result:
        party = careless(f"http://127.0.0.1:{port}", asks_with={"state": "the-same"})
        with served(party) as origin:
            login = f"{origin}/login"
            secret = ("--client-secret", "its-secret", "--port", str(port))
            return run("check-client", login, *secret, *options)

    return check


def test_check_client_says_what_to_set_and_what_it_found(
    check_client: Callable[..., Result], port: int, tmp_path: Path
) -> None:
    file = tmp_path / "junit.xml"
    asked = ("--only", "id_token_aud_wrong", "--only", "answer_access_denied")

    done = check_client(*asked, "--json", "--junit", str(file))

    assert done.exit_code == 1, done.output
    assert f"issuer                      http://127.0.0.1:{port}" in done.stderr
    assert "2/2 id_token_aud_wrong: finding, let in" in done.stderr
    told = json.loads(done.stdout)
    assert told["summary"] == "1 finding (1 let in), 1 passed"
    suite = ElementTree.parse(file).getroot()
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")


def test_check_client_without_findings(check_client: Callable[..., Result]) -> None:
    done = check_client("--only", "answer_access_denied")

    assert done.exit_code == 0, done.output
    assert "1 passed" in done.stdout


def test_the_command_that_restarts_must_work(
    check_client: Callable[..., Result],
) -> None:
    done = check_client("--only", "jwks_empty", "--restart", "false")

    assert (done.exit_code, "--restart: Command" in done.stderr) == (2, True)


def test_check_client_without_a_relying_party(port: int) -> None:
    nobody = "http://localhost:9/login"

    done = run("check-client", nobody, "--port", str(port), "--wait", "0.1")

    assert done.exit_code == 2
    assert f"{nobody} does not lead to http://127.0.0.1:{port}" in done.stderr


def test_a_port_that_is_taken_is_told(port: int) -> None:
    with socket.create_server(("127.0.0.1", port)):
        done = run("check-client", "http://localhost:9/", "--port", str(port))

    assert done.exit_code == 2
    assert f"--port {port}: Address already in use" in done.stderr


@pytest.mark.parametrize(
    ("make", "code"), [(endpoint(SECRET), 0), (gullible_endpoint, 1)]
)
def test_check_webhook_exits_with_what_it_found(make, code: int) -> None:
    with served(make) as origin:
        asked = ("--secret", SECRET, "--only", "webhook_unsigned")
        done = run("check-webhook", f"{origin}/hook", *asked)

    assert done.exit_code == code, done.output


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ((), "secret: give --secret, or set OAUTHAPP_SECRET"),
        (("--secret", "short"), "secret: "),
        (("--secret", SECRET, "--body", __file__), "is no JSON"),
        (("--secret", SECRET, "--only", "nothing"), "'nothing' is no check"),
    ],
)
def test_check_webhook_says_what_it_cannot_use(options, problem: str) -> None:
    done = run("check-webhook", "http://localhost:9/", *options)

    assert (done.exit_code, problem in done.stderr) == (2, True), done.stderr
