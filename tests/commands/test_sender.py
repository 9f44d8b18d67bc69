"""The sender's commands, beside a worker that delivers."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from werkzeug import Request
from werkzeug import Response

from oauthapp.callers.sender import endpoints
from oauthapp.cli import main
from oauthapp.configuration import load_settings
from oauthapp.provider_workers import provider_working
from oauthapp.running import build_provider
from tests.callers.receiver import Receiver
from tests.callers.receiver import receiver

__all__ = ["receiver"]

SETTINGS = """
[provider]
issuer = "http://127.0.0.1:5001"
secret_key = "{key}"
database_url = "sqlite:///{folder}/provider.sqlite"
clock_factor = 1000000.0
deliver_to_loopback = true

[recorder]
database_url = "sqlite:///{folder}/recorder.sqlite"
"""


class Shell:
    """Runs `oauthapp` in a folder with settings."""

    def __init__(self, folder: Path) -> None:
        self.config = folder / "provider.toml"
        self.config.write_text(SETTINGS.format(key="k" * 32, folder=folder))

    def __call__(self, *arguments: str, code: int = 0) -> str:
        """What it prints; on the error channel when it is to fail."""
        group = 2 if arguments[0] != "send" else 1
        command = [*arguments[:group], "--config", str(self.config), *arguments[group:]]
        done = CliRunner().invoke(main, command)
        assert done.exit_code == code, done.output
        return done.stderr if code else done.stdout

    def json(self, *arguments: str, code: int = 0) -> Any:
        return json.loads(self(*arguments, "--json", code=code))


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


@pytest.fixture
def working(shell: Shell) -> Iterator[None]:
    """A worker that delivers meanwhile."""
    with ExitStack() as stack:
        provider = build_provider(load_settings(shell.config, {}))
        stack.enter_context(provider_working(provider))
        yield


def permit(request: Request) -> Response:
    """Yes to whoever asks, and to every message."""
    return Response(status=204, headers={"WebHook-Allowed-Origin": "127.0.0.1"})


def test_an_endpoint_is_asked_added_listed_rotated_and_removed(
    shell: Shell, receiver: Receiver
) -> None:
    receiver.answer = permit
    added = shell.json("endpoints", "add", receiver.url, "--events", "a,b")
    (listed,) = shell.json("endpoints", "list")
    rotated = shell.json("endpoints", "rotate", receiver.url)
    (after,) = shell.json("endpoints", "list")

    assert added["secret"].startswith("whsec_")
    assert (listed["url"], listed["events"]) == (receiver.url, ["a", "b"])
    assert (listed["from"], listed["state"]) == ("command", "active")
    assert rotated["secret"] != added["secret"]
    assert listed["old_secret_until"] == "" and after["old_secret_until"] != ""
    assert "is there already" in shell("endpoints", "add", receiver.url, code=1)
    assert "is removed" in shell("endpoints", "remove", receiver.url)
    assert shell("endpoints", "list") == "none\n"


def test_one_endpoint_too_many_is_not_added(
    shell: Shell, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoints, "MOST", 0)
    receiver.answer = permit

    said = shell("endpoints", "add", receiver.url, code=1)
    assert "as many endpoints as there may be. Remove one" in said


def test_an_endpoint_that_does_not_want_us_is_not_added(
    shell: Shell, receiver: Receiver
) -> None:
    said = shell("endpoints", "add", receiver.url, code=1)

    assert "did not say that it wants our messages" in said
    assert "--verify none" in said
    assert shell.json("endpoints", "list") == []
    echo = ("endpoints", "add", receiver.url, "--verify", "challenge")
    receiver.answer = lambda request: Response(request.args["hub.challenge"])
    assert "signing secret: whsec_" in shell(*echo)


@pytest.mark.parametrize("url", ["x", "http://example.com/", "https://h.example/#x"])
def test_an_unusable_url_is_one_line_and_exit_code_2(shell: Shell, url: str) -> None:
    said = shell("endpoints", "add", url, code=2)

    assert "url:" in said.splitlines()[-1]


@pytest.mark.parametrize("events", ["*", "", "a,,b", "a b", ",", "-a", "x" * 201])
def test_what_is_no_type_of_event_is_said(shell: Shell, events: str) -> None:
    url = ("http://127.0.0.1:9/x", "--verify", "none")
    assert "is no type of event" in shell(
        "endpoints", "add", *url, f"--events={events}", code=2
    )
    assert shell.json("endpoints", "list") == []
    if "," not in events:
        assert "is no type of event" in shell("send", "--", events, code=2)
        assert "is no type of event" in shell(
            "schedule", "add", "--", "5m", events, code=2
        )


def test_types_may_stand_apart(shell: Shell) -> None:
    url = ("http://127.0.0.1:9/x", "--verify", "none")
    shell("endpoints", "add", *url, "--events", "order.paid, https://e.example/#a")

    (listed,) = shell.json("endpoints", "list")
    assert listed["events"] == ["order.paid", "https://e.example/#a"]


def test_to_an_unknown_endpoint_nothing_is_sent(shell: Shell) -> None:
    said = shell("send", "order.paid", "--to", "http://127.0.0.1:9/x", code=1)

    assert "http://127.0.0.1:9/x: no such endpoint; see `endpoints list`" in said
    assert shell.json("deliveries", "list") == []


@pytest.mark.parametrize("command", ["rotate", "disable", "enable", "remove"])
def test_an_unknown_endpoint_is_said(shell: Shell, command: str) -> None:
    said = shell("endpoints", command, "http://127.0.0.1:9/x", code=1)

    assert "no such endpoint" in said


@pytest.mark.usefixtures("working")
def test_an_event_is_sent_shown_and_replayed(shell: Shell, receiver: Receiver) -> None:
    receiver.answer = permit
    shell("endpoints", "add", receiver.url, "--events", "order.paid")
    (sent,) = shell.json("send", "order.paid", "--data", '{"id": 7}', "--wait")
    shown = shell.json("deliveries", "show", sent["message_id"])

    assert (sent["status"], sent["attempts"]) == ("delivered", 1)
    assert json.loads(shown["body"])["data"] == {"id": 7}
    assert [one["status"] for one in shown["attempts"]] == [204]
    (dry,) = shell.json("deliveries", "replay", sent["message_id"], "--dry-run")
    assert dry["message_id"] == sent["message_id"]
    assert "1 are due again" in shell("deliveries", "replay", sent["message_id"])


@pytest.mark.usefixtures("working")
def test_what_failed_is_found_by_time_and_sent_again(
    shell: Shell, receiver: Receiver
) -> None:
    receiver.answer = permit
    shell("endpoints", "add", receiver.url, "--events", "x")
    receiver.answer = lambda _request: Response("no\nway", status=500)
    shell("send", "x", "--wait", code=1)
    (dead,) = shell.json("deliveries", "list", "--status", "dead")
    since = ("--failed-since", "2020-01-01")
    dry = shell("deliveries", "replay", *since, "--dry-run")
    receiver.answer = permit
    again = shell.json("deliveries", "replay", *since, "--endpoint", receiver.url)

    assert (dead["attempts"], dead["reason"]) == (10, "http_500")
    assert "1 would be sent again" in dry
    assert [one["message_id"] for one in again] == [dead["message_id"]]
    assert shell.json("deliveries", "replay", "--failed-since", "2099-01-01") == []


def test_a_disabled_endpoint_gets_nothing_until_it_is_enabled(
    shell: Shell, receiver: Receiver
) -> None:
    shell("endpoints", "add", receiver.url, "--events", "x", "--verify", "none")
    before = shell.json("send", "x")
    shell("endpoints", "disable", receiver.url)
    meanwhile = shell.json("send", "x")
    (dead,) = shell.json("deliveries", "list", "--status", "dead")
    shell("endpoints", "enable", receiver.url)
    after = shell.json("send", "x")

    assert [len(one) for one in (before, meanwhile, after)] == [1, 0, 1]
    assert dead["reason"] == "endpoint_by_command"
    assert "no endpoint wants y" in shell("send", "y")


def test_an_endpoint_of_the_settings_is_changed_there(shell: Shell) -> None:
    secret = "whsec_" + "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"
    url = "http://127.0.0.1:9/hook"
    with shell.config.open("a") as file:
        file.write(f'[[provider.endpoints]]\nurl = "{url}"\nsecret = "{secret}"\n')
    for command in ("rotate", "remove"):
        assert "stands in the settings" in shell("endpoints", command, url, code=1)


def test_a_schedule_is_added_listed_and_removed(shell: Shell) -> None:
    added = shell.json("schedule", "add", "5m", "tick", "--data", '{"n": 1}')
    (listed,) = shell.json("schedule", "list")

    assert listed == {
        "id": added["id"],
        "every": "5m",
        "type": "tick",
        "next": added["next"],
        "runs": 0,
    }
    assert shell.json("schedule", "list", "--runs") == []
    assert "is removed" in shell("schedule", "remove", added["id"])
    assert "no such schedule" in shell("schedule", "remove", added["id"], code=1)
    assert "crontab" in shell("schedule", "add", "often", "tick", code=2)


@pytest.mark.parametrize("data", ["x", "[1]", "7", "{"])
def test_data_has_to_be_a_json_object(shell: Shell, data: str) -> None:
    assert "is no JSON object" in shell("send", "x", "--data", data, code=2)


def test_an_unknown_message_and_a_vague_replay_are_said(shell: Shell) -> None:
    for command in ("show", "replay"):
        assert "no such message" in shell("deliveries", command, "msg_x", code=1)
    assert "give either" in shell("deliveries", "replay", code=2)


def test_a_replay_says_what_it_leaves(shell: Shell, receiver: Receiver) -> None:
    shell("endpoints", "add", receiver.url, "--events", "x", "--verify", "none")
    (sent,) = shell.json("send", "x")
    waiting = CliRunner().invoke(
        main,
        ["deliveries", "replay", "--config", str(shell.config), sent["message_id"]],
    )
    shell("endpoints", "disable", receiver.url)
    dead = CliRunner().invoke(
        main,
        ["deliveries", "replay", "--config", str(shell.config), sent["message_id"]],
    )

    assert "0 are due again" in waiting.output
    assert "is still on its way" in waiting.output
    assert f"oauthapp endpoints enable {receiver.url}" in dead.output
