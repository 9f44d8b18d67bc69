"""How shall a bin answer? Pure: what was written, within bounds, or why not.

A bin answers on the app's own origin, with what somebody else wrote. So that it can
never act there, its content type is one of a few that no browser runs, its headers are
of a short list (no cookie, nothing that loosens a policy), and it leads to other bins
only: else its address would be an open redirector.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from oauthapp.ui.bins.refusals import BinUnusable

#: None of them is a script, a style or a page.
CONTENT_TYPES = ("text/plain", "application/json", "application/xml")
#: What senders of webhooks look at, by the name in lower case.
HEADERS = {
    name.lower(): name
    for name in (
        "Retry-After",
        "Location",
        "Allow",
        "WebHook-Allowed-Origin",
        "WebHook-Allowed-Rate",
        "X-Request-Id",
    )
}
#: Characters of the longest answer.
BODY_LIMIT = 16 * 1024
#: Seconds of the longest delay: a thread of the server waits meanwhile.
DELAY_LIMIT = 5.0
#: Most failures before a bin succeeds.
FAILURES_LIMIT = 100
#: Statuses whose answers have no body.
WITHOUT_BODY = (204, 205, 304)

_VALUE = re.compile(r"[\x21-\x7e]([\x20-\x7e]{0,198}[\x21-\x7e])?", re.ASCII)
_BIN_PATH = re.compile(r"/bins/[A-Za-z0-9_-]+(/[A-Za-z0-9_~-]+)*", re.ASCII)
_NUMBER = re.compile(r"\d{1,6}(\.\d{1,6})?", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Behaviour:
    """What a bin answers, and when."""

    status: int = 200
    content_type: str = "text/plain"
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""
    #: Seconds before it answers.
    delay: float = 0.0
    #: So many calls are answered with `failing_status` first.
    failures: int = 0
    failing_status: int = 503


def read(form: Mapping[str, str]) -> Behaviour:
    """What the form says.

    :raises BinUnusable: naming the field and what it can be.
    """
    status = int(_within(form, "status", 200, 599, of=200))
    body = form.get("body", "").replace("\r\n", "\n")
    _require_body_fits(body, status)
    content_type = form.get("content_type") or CONTENT_TYPES[0]
    if content_type not in CONTENT_TYPES:
        expected = f"one of {', '.join(CONTENT_TYPES)}"
        arrived = f"content_type={content_type[:80]}"
        raise BinUnusable(arrived=arrived, expected=expected)
    return Behaviour(
        status=status,
        content_type=content_type,
        headers=_headers(form.get("headers", "")),
        body=body,
        delay=_within(form, "delay", 0, DELAY_LIMIT, of=0),
        failures=int(_within(form, "failures", 0, FAILURES_LIMIT, of=0)),
        failing_status=int(_within(form, "failing_status", 400, 599, of=503)),
    )


def _within(
    form: Mapping[str, str], name: str, least: int, most: float, *, of: int
) -> float:
    text = form.get(name, "").strip() or str(of)
    value = float(text) if _NUMBER.fullmatch(text) else math.nan
    whole = name == "delay" or value.is_integer()
    if not least <= value <= most or not whole:
        expected = f"a {'' if name == 'delay' else 'whole '}number, {least} to {most:g}"
        raise BinUnusable(arrived=f"{name}={text[:80]}", expected=expected)
    return value


def _require_body_fits(body: str, status: int) -> None:
    if body and status in WITHOUT_BODY:
        arrived = f"a body with status {status}"
        raise BinUnusable(arrived=arrived, expected="no body, as that status has none")
    if len(body) > BODY_LIMIT:
        arrived, expected = f"{len(body)} characters", f"at most {BODY_LIMIT}"
        raise BinUnusable(arrived=arrived, expected=expected)
    if not _can_be_kept(body):
        raise BinUnusable(arrived="a NUL in the body", expected="text")


def _can_be_kept(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= one <= "\udfff" for one in text)


def _headers(text: str) -> tuple[tuple[str, str], ...]:
    """One "Name: value" a line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return tuple(_header(line) for line in lines[: len(HEADERS) + 1])


def _header(line: str) -> tuple[str, str]:
    name, colon, value = (part.strip() for part in line.partition(":"))
    arrived = f"headers={line[:80]}".encode("ascii", "backslashreplace").decode()
    if not colon or name.lower() not in HEADERS:
        expected = f"Name: value, of {', '.join(HEADERS.values())}"
        raise BinUnusable(arrived=arrived, expected=expected)
    if not _VALUE.fullmatch(value):
        expected = "a value of at most 200 printable ASCII characters"
        raise BinUnusable(arrived=arrived, expected=expected)
    if name.lower() == "location" and not _BIN_PATH.fullmatch(value):
        expected = "Location: the path of a bin, such as /bins/<id>/next"
        raise BinUnusable(arrived=arrived, expected=expected)
    return HEADERS[name.lower()], value
