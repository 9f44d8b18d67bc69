"""What a believed message says."""

import pytest

from oauthapp.callbacks.webhook.event import read_event
from oauthapp.callbacks.webhook.refusals import EventMalformed


def test_an_event_names_its_type_and_the_session_it_is_about() -> None:
    event = read_event(b'{"type":"t","timestamp":"now","data":{"sid":"s1"},"new":1}')
    assert (event.type, event.sid) == ("t", "s1")


@pytest.mark.parametrize("data", [b"{}", b'{"sid":7}', b'{"sid":null}'])
def test_an_event_may_be_about_no_session(data: bytes) -> None:
    body = b'{"type":"t","timestamp":"now","data":' + data + b"}"
    assert read_event(body).sid == ""


@pytest.mark.parametrize(
    "body",
    [
        b'{"type":"\xff","timestamp":"now","data":{}}',
        b'{"type":"\\ud800","timestamp":"now","data":{}}',
        b'{"type":"t","timestamp":"now","data":{"x":1e999}}',
        b'{"type":"t\\u0000","timestamp":"now","data":{}}',
        b'{"type":"t\\n","timestamp":"now","data":{}}',
        b'{"type":"' + b"t" * 256 + b'","timestamp":"now","data":{}}',
        b'\xef\xbb\xbf{"type":"t","timestamp":"now","data":{}}',
    ],
)
def test_what_is_no_json_is_no_event(body: bytes) -> None:
    with pytest.raises(EventMalformed):
        read_event(body)
