"""The raw bytes that came: they are verified before anything parses them."""

from flask import request
from werkzeug.exceptions import ClientDisconnected

from oauthapp.callbacks.webhook.refusals import BodyTooLarge
from oauthapp.weaknesses import Weaknesses

#: Bytes of the largest body we read.
BODY_LIMIT = 256 * 1024


def raw_body(weaknesses: Weaknesses) -> bytes:
    """The body of this request. Of one that is too large hardly any is read.

    :param weaknesses: which safeguards are off.
    :raises BodyTooLarge: when it is.
    :raises ClientDisconnected: when it ends before it should.
    """
    length = request.content_length
    _require_fits(length or 0, weaknesses)
    any_size = "the_body_is_not_too_large" in weaknesses.off
    if length and not any_size:
        return _read(length)
    # A chunked body does not say its size: one byte too many gives it away.
    if not any_size:
        request.max_content_length = BODY_LIMIT + 1
    body = request.get_data(cache=False)
    _require_fits(len(body), weaknesses)
    return body


def _read(length: int) -> bytes:
    """In one go: read by pieces that are counted, it took as long as a signature."""
    try:
        body: bytes = request.environ["wsgi.input"].read(length)
    except (OSError, ValueError):
        raise ClientDisconnected from None
    if len(body) < length:
        raise ClientDisconnected
    return body


def _require_fits(size: int, weaknesses: Weaknesses) -> None:
    if size > BODY_LIMIT and not weaknesses.forgive(
        "the_body_is_not_too_large", BodyTooLarge.code
    ):
        expected = f"at most {BODY_LIMIT} bytes"
        raise BodyTooLarge(arrived=f"{size} bytes or more", expected=expected)
