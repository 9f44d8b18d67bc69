"""The call as HTTP writes it."""

from dataclasses import replace

import pytest
from hypothesis import given

from oauthapp.recorder.call import Call
from oauthapp.recorder.exports.raw_http import phrase
from oauthapp.recorder.exports.raw_http import raw_http
from oauthapp.recorder.exports.raw_http import request
from tests.recorder.exports.sample import GOOD
from tests.recorder.exports.sample import calls


def test_request_and_answer_stand_one_below_the_other() -> None:
    assert raw_http(GOOD).split("\r\n") == [
        "POST /webhooks/demo?a=1&a=2 HTTP/1.1",
        "Host: localhost:5000",
        "Content-Type: application/json",
        "Content-Length: 16",
        "Webhook-Id: msg_1",
        "",
        '{"type": "t\'x!"}',
        "",
        "HTTP/1.1 204 No Content",
        "Content-Type: text/html",
        "Set-Cookie: a=b; Path=/",
        "",
        "",
        "",
    ]


def test_a_call_without_answer_says_so() -> None:
    assert raw_http(replace(GOOD, status=None)).endswith("\r\n\r\n(no answer)\r\n")


def test_a_host_is_named_also_where_none_was_heard() -> None:
    assert request(replace(GOOD, request_headers=())).split("\r\n")[1] == (
        "Host: localhost:5000"
    )


@pytest.mark.parametrize(("status", "called"), [(404, "Not Found"), (599, "")])
def test_a_status_has_a_name_if_it_is_a_known_one(status: int, called: str) -> None:
    assert phrase(status) == called


def test_a_header_cannot_end_the_head() -> None:
    headers = (("X", "1\r\n\r\n<script>"), ("Y\r\nZ", "2"))
    head = request(replace(GOOD, request_headers=headers)).split("\r\n\r\n")[0]

    assert "X: 1\\r\\n\\r\\n<script>" in head
    assert "Y\\r\\nZ: 2" in head


@given(calls)
def test_nothing_that_a_terminal_obeys_is_written(call: Call) -> None:
    text = raw_http(call).replace("\r\n", "").replace("\n", "").replace("\t", "")

    assert text.isprintable()
    text.encode()
