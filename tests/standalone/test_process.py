"""The command, run as a test suite in another language runs it."""

import json
import shlex
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.standalone.process import Running
from tests.standalone.process import refused
from tests.standalone.process import running

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
CALLBACK = "http://localhost:3000/callback"


@pytest.fixture(scope="module")
def web() -> Iterator[Running]:
    with running(
        *("--user", "alice", "--user", "carol:sesame", "--control"),
        *("--claim", "alice:email=a@b.example", "--claim", 'carol:groups=["a"]'),
        *("--client", "web:secret", "--redirect-uri", CALLBACK),
        *("--signing-alg", "ES256"),
    ) as one:
        yield one


def test_the_ready_line_says_how_to_go_on(web: Running) -> None:
    port = web.ready["port"]

    assert web.ready == {
        "ready": True,
        "port": port,
        "issuer": f"http://127.0.0.1:{port}",
        "control": f"http://127.0.0.1:{port}/control",
        "users": [
            {"sub": "alice", "password": "alice-password"},
            {"sub": "carol", "password": "sesame"},
        ],
        "ca_file": None,
        "clients": ["web"],
        "webhooks": [],
        "tenants": {},
    }


def test_it_answers_as_soon_as_it_is_ready(web: Running) -> None:
    found = requests.get(f"{web.issuer}/.well-known/openid-configuration", timeout=10)

    assert found.json()["issuer"] == web.issuer
    assert found.json()["id_token_signing_alg_values_supported"] == ["ES256"]


def test_a_request_under_way_is_answered_before_it_stops() -> None:
    head = b"POST /token HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 3\r\n"
    with running() as one, connected(one) as caller, caller.makefile("rb") as answer:
        caller.sendall(head + b"Expect: 100-continue\r\n\r\n")
        assert answer.readline() == b"HTTP/1.1 100 Continue\r\n"
        one.process.terminate()
        wait_until_closed(one)
        caller.sendall(b"a=b")
        answer.readline()

        assert answer.readline().startswith(b"HTTP/1.1 400 ")
        assert one.stopped() == (0, "", "")


def connected(one: Running) -> socket.socket:
    return socket.create_connection(("127.0.0.1", one.ready["port"]), timeout=20)


def wait_until_closed(one: Running) -> None:
    while True:
        try:
            connected(one).close()
        except ConnectionError:  # refused, or reset when it closed just now
            return


def test_nothing_is_left_of_it(tmp_path: Path) -> None:
    with running(TMPDIR=str(tmp_path)) as one:
        assert len(list(tmp_path.iterdir())) == 1
        one.process.terminate()
        one.stopped()

    assert list(tmp_path.iterdir()) == []


def test_a_port_that_is_taken_is_told_in_one_line(web: Running) -> None:
    code, out, said = refused("--port", str(web.ready["port"]))

    assert (code, out, said.count("\n")) == (2, "", 1)
    assert said.startswith(f"oauthapp: port {web.ready['port']} on 127.0.0.1 is taken")


def test_a_flag_that_cannot_be_used_is_told_in_one_line() -> None:
    code, out, said = refused("--host", "idp.example")

    assert (code, out, said.count("\n")) == (2, "", 1)
    assert said.startswith("oauthapp: --host: 'http://idp.example")
    assert "https" in said


def test_flags_that_describe_a_provider_do_not_go_with_a_file(tmp_path: Path) -> None:
    code, out, said = refused("--config", str(tmp_path / "x.toml"), "--user", "alice")

    assert (code, out, said.count("\n")) == (2, "", 1)
    assert said.startswith("oauthapp: --user: describes a provider without a file")


def test_flags_that_describe_a_provider_do_not_go_with_the_environment() -> None:
    issuer = {"OAUTHAPP_PROVIDER__ISSUER": "http://127.0.0.1:5001"}
    code, _, said = refused("--client", "web", **issuer)

    assert code == 2
    assert said.startswith("oauthapp: --client: describes a provider without a file")


def test_the_readme_shows_the_command_and_its_ready_line() -> None:
    section = README.partition("## Without Python")[2]
    command = section.partition("```sh\n")[2].partition("```")[0].replace("\\\n", "")
    told = json.loads(section.partition("```json\n")[2].partition("```")[0])
    flags = shlex.split(command)[4:]  # without a port, which `running` gives

    with running(*flags) as one:
        port = one.ready["port"]
        shown = json.dumps(told).replace("40123", str(port))
        assert one.ready == json.loads(shown)
