"""Is this the body as it arrived, or what was put in its stead?"""

from dataclasses import replace

import pytest

from oauthapp.recorder.kept import has_masks
from oauthapp.recorder.kept import header
from oauthapp.recorder.kept import is_kept
from oauthapp.recorder.kept import media_type
from oauthapp.recorder.kept import request_body
from oauthapp.recorder.redact import Redactor
from tests.recorder.exports.sample import GOOD

JSON = "application/json"


def heard(body: bytes, *, media: str = JSON, length: int | None = None) -> bytes | None:
    """What is known of `body` once it went through redaction."""
    headers = (
        ("Content-Type", media),
        ("Content-Length", str(len(body) if length is None else length)),
    )
    kept = Redactor(b"key").body(body, media)
    return request_body(replace(GOOD, request_headers=headers, request_body=kept))


@pytest.mark.parametrize("body", [b"", b'{"a" : 1}\r\n', '{"é":"\\u00e9"}'.encode()])
def test_a_body_without_secrets_is_known_byte_for_byte(body: bytes) -> None:
    assert heard(body) == body


@pytest.mark.parametrize(
    ("body", "media"),
    [
        (b'{"code":"x"}', JSON),
        (b'{"co', JSON),
        (b"\xff", JSON),
        (b"code=x", "application/x-www-form-urlencoded"),
        (b"a=\xff", "application/x-www-form-urlencoded"),
        (b"a=\0", "application/x-www-form-urlencoded"),
        (b"png", "image/png"),
        (b"png", ""),
    ],
)
def test_a_body_that_was_altered_is_not_known(body: bytes, media: str) -> None:
    assert heard(body, media=media) is None


def test_a_body_of_which_the_rest_was_not_kept_is_not_known() -> None:
    assert heard(b"a=1", media="application/x-www-form-urlencoded", length=9) is None


def test_without_a_length_a_body_is_taken_for_whole() -> None:
    assert request_body(replace(GOOD, request_headers=())) == b'{"type": "t\'x!"}'


def test_the_first_header_of_a_name_counts_in_any_case() -> None:
    headers = (("CONTENT-type", "Text/HTML; charset=x"), ("content-type", "b"))

    assert header(headers, "content-type") == "Text/HTML; charset=x"
    assert media_type(headers) == "text/html"
    assert header((), "content-type") == media_type(()) == ""


@pytest.mark.parametrize(
    ("changed", "masked"),
    [
        ({"url": "http://a.example/?code=[code 0123456789ab]"}, True),
        ({"request_body": "x=[id_token 0123456789ab eyJh.eyJp]"}, True),
        ({"request_headers": (("Cookie", "a=[cookie 0123456789ab]"),)}, True),
        ({"request_body": "[code] [code 01]"}, False),
    ],
)
def test_masks_are_found_wherever_they_stand(
    changed: dict[str, object], masked: bool
) -> None:
    assert has_masks(replace(GOOD, **changed)) is masked


def test_what_is_said_in_place_of_a_body_is_none() -> None:
    assert not is_kept("[text/html, 12 bytes]")
    assert not is_kept("[no content type, 2 bytes]")
    assert not is_kept("[unreadable JSON 0123456789ab, 12 characters]")
    assert is_kept("[1, 2]")
    assert is_kept("")
