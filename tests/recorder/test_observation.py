"""What becomes of what was heard of a call."""

from dataclasses import replace

import pytest

from oauthapp.recorder.kept import is_kept
from oauthapp.recorder.kept import request_body
from oauthapp.recorder.observation import redacted
from tests.recorder.calls import LOGIN
from tests.recorder.calls import WEBHOOK


def test_a_body_that_was_told_of_and_never_read_is_not_an_empty_one() -> None:
    told = (("Content-Type", "text/plain"), ("Content-Length", "67"))
    call = redacted(replace(WEBHOOK, request_headers=told, request_body=b""), b"key")

    assert call.request_body == "[not read, 67 bytes]"
    assert not is_kept(call.request_body) and request_body(call) is None


@pytest.mark.parametrize("length", ["0", "00", "x", "-1", "²", "9" * 5000])
def test_where_none_was_told_of_it_is_empty(length: str) -> None:
    told = (("Content-Length", length),)
    assert redacted(replace(LOGIN, request_headers=told), b"key").request_body == ""
    assert redacted(LOGIN, b"key").request_body == ""
