"""What is printed for programs is one object a line, and holds no secret."""

import json
import logging
import sys
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from sqlalchemy.exc import OperationalError

from oauthapp.commands.serving import listener_for
from oauthapp.console import print_calls
from oauthapp.json_log import LIMIT
from oauthapp.json_log import JsonFormatter
from oauthapp.json_log import line_of
from oauthapp.json_log import log_as_json
from oauthapp.json_log import print_calls_as_json
from oauthapp.recorder.call import Call
from oauthapp.settings import LogSettings
from oauthapp.settings import Settings
from tests.recorder.exports.sample import GOOD
from tests.recorder.exports.sample import calls


def test_a_call_says_what_came_of_it_and_where_it_belongs() -> None:
    call = replace(
        GOOD,
        url="https://app.example/callback/demo?code=secret&state=secret",
        verdict="refused",
        reason="state_unknown",
        links=frozenset({"state:1f3a", "sid:9c"}),
    )
    told = json.loads(line_of(call))

    assert (told["path"], told["verdict"]) == ("/callback/demo", "refused")
    assert (told["level"], told["reason"]) == ("warning", "state_unknown")
    assert told["links"] == ["sid:9c", "state:1f3a"]
    assert told["call"] == call.id
    assert (told["party"], told["method"], told["status"]) == (
        *(call.party, call.method, call.status),
    )
    assert told["time"].endswith("+00:00")
    assert "secret" not in line_of(call)


@given(calls)
def test_whatever_a_call_holds_it_is_one_line(call: Call) -> None:
    line = line_of(call)

    assert line.isascii() and line.isprintable()
    assert len(line) < 10_000
    assert json.loads(line)["call"] == call.id


def test_a_line_is_printed_of_what_was_answered(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_calls_as_json([GOOD, replace(GOOD, direction="outbound")])

    assert capsys.readouterr().out.count("\n") == 1


def logged(message: str, *words: Any) -> dict[str, Any]:
    record = logging.LogRecord(
        "a.logger", logging.ERROR, __file__, 1, message, words, sys.exc_info()
    )
    line = JsonFormatter().format(record)
    assert "\n" not in line
    told: dict[str, Any] = json.loads(line)
    return told


def test_of_an_error_its_place_is_told_and_not_its_words() -> None:
    try:
        raise OperationalError("SELECT 'secret'", {}, Exception("secret"))
    except OperationalError:
        told = logged("store: %s", "OperationalError")

    assert (told["level"], told["logger"]) == ("error", "a.logger")
    assert (told["message"], told["error"]) == (
        "store: OperationalError",
        "OperationalError",
    )
    assert "test_of_an_error" in told["trace"][0]
    assert "secret" not in json.dumps(told)


def test_addresses_in_messages_lose_their_queries() -> None:
    told = logged("retry: /token?code=secret (https://a.example/?b=secret)")

    assert told["message"] == "retry: /token?… (https://a.example/?…)"
    assert "error" not in told


def test_a_message_of_any_length_is_cut() -> None:
    assert len(logged("x" * 10**6)["message"]) == LIMIT


def test_what_anybody_logs_is_such_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    for one in before:
        root.removeHandler(one)
    try:
        log_as_json()
        logging.getLogger("some.library").warning("trouble")
        logging.getLogger("some.library").info("no trouble")
        said = capsys.readouterr()
    finally:
        for one in list(root.handlers):
            root.removeHandler(one)
        for one in before:
            root.addHandler(one)
        root.setLevel(level)

    assert said.out == ""
    assert json.loads(said.err)["message"] == "trouble"


def test_the_flag_wins_over_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("oauthapp.json_log.log_as_json", lambda: None)
    text, in_json = Settings(), Settings(log=LogSettings(format="json"))

    assert listener_for(text, None) is print_calls
    assert listener_for(in_json, None) is print_calls_as_json
    assert listener_for(in_json, "text") is print_calls
    assert listener_for(text, "json") is print_calls_as_json
