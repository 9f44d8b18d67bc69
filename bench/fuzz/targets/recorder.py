"""The recorder: no secret is kept, and whatever is kept can be shown and exported.

A letter: method and URL, the headers, the body; the same comes back as the answer.
"""

import json
import re
from typing import Any
from urllib.parse import unquote_plus

from bench.fuzz.targets.letters import opened
from oauthapp.recorder.call import Call
from oauthapp.recorder.decode import views
from oauthapp.recorder.exports.curl import curl
from oauthapp.recorder.exports.har import har
from oauthapp.recorder.exports.mermaid import mermaid
from oauthapp.recorder.exports.pytest_case import pytest_case
from oauthapp.recorder.exports.raw_http import raw_http
from oauthapp.recorder.exports.refusals import NoCommandPossible
from oauthapp.recorder.exports.refusals import NoTestPossible
from oauthapp.recorder.observation import Observation
from oauthapp.recorder.observation import redacted
from oauthapp.recorder.redact import SECRET_NAMES
from oauthapp.recorder.timeline import tell

_MASK = re.compile(r"\[[^\[\]\s]+ [0-9a-f]{12}( [\w-]+\.[\w-]+)?\]", re.ASCII)
_REASON = re.compile(r"[a-z]+(_[a-z]+)*", re.ASCII)


def recorder(raw: bytes) -> bool:
    """Whether something in it was secret."""
    letter = opened(raw)
    method, _, url = letter.about.partition(" ")
    heard = Observation(
        id="0" * 16,
        party="app",
        direction="inbound",
        at=1_700_000_000.0,
        ms=1.0,
        method=method,
        url=url,
        request_headers=letter.headers,
        request_body=letter.body,
        status=200,
        answer_headers=letter.headers,
        answer_body=letter.body,
        kind="webhook",
        verdict="refused",
        reason="signature_mismatch",
    )
    call = redacted(heard, b"key")
    _must_hide_pairs(call.url)
    _must_hide_headers(call)
    kept = call.request_body
    assert "\0" not in kept
    if kept[:1] in ("{", "["):
        _must_hide_members(kept)
    if "application/x-www-form-urlencoded" == _media_type(call):
        _must_hide_pairs(kept)
    size = _written(call)
    assert size < 400 * len(raw) + 40_000, "what is shown grows beyond what came"
    return "[" in call.url + kept


def _written(call: Call) -> int:
    """Views and exports: none may fail."""
    texts = [cell for one in views(call) for row in one.rows for cell in row]
    texts += [one.title + one.text for one in views(call)]
    texts += [raw_http(call), har([call]), mermaid(tell([call]))]
    try:
        texts.append(curl(call))
    except NoCommandPossible:
        pass
    try:
        texts.append(pytest_case(call))
        compile(texts[-1], "case.py", "exec")
    except NoTestPossible:
        pass
    return sum(len(text.encode("utf-8", "backslashreplace")) for text in texts)


def _media_type(call: Call) -> str:
    named = [
        value for name, value in call.request_headers if name.lower() == "content-type"
    ]
    return named[0].partition(";")[0].strip().lower() if named else ""


def _must_hide_pairs(text: str) -> None:
    for piece in re.split("[?&#]", text):
        name, sign, value = piece.partition("=")
        if sign and value and unquote_plus(name) in SECRET_NAMES:
            assert _MASK.fullmatch(value), f"{name} is kept"


def _must_hide_headers(call: Call) -> None:
    for name, value in call.request_headers:
        if name.lower() in ("authorization", "proxy-authorization") and value:
            # Of "Basic YTpi" the first word stays, of "YTpi" nothing.
            assert _MASK.fullmatch(value) or _MASK.fullmatch(value.split(" ", 1)[1])
        if name.lower() == "x-api-key" and value:
            assert _MASK.fullmatch(value)
        if name.lower() in ("location", "referer"):
            _must_hide_pairs(value)


def _must_hide_members(kept: str) -> None:
    try:
        found = json.loads(kept)
    except (ValueError, RecursionError):
        # It says so in brackets that it is no JSON.
        assert kept.startswith("[") and kept.endswith("]")
        return
    waiting: list[Any] = [found]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, dict):
            waiting.extend(value.values())
            for name in SECRET_NAMES & value.keys():
                _must_be_masked(name, value)


def _must_be_masked(name: str, members: dict[str, Any]) -> None:
    value = members[name]
    if name == "code" and "message" in members and isinstance(value, str):
        if _REASON.fullmatch(value):
            return
    for one in value if isinstance(value, list) else [value]:
        assert not isinstance(one, str) or not one or _MASK.fullmatch(one), name
