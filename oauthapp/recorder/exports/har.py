"""Calls as an HTTP Archive, which browsers' own tools open (HAR 1.2). Pure.

Names that begin with an underscore are ours, as the format provides for.
"""

import json
from collections.abc import Iterable
from collections.abc import Sequence
from datetime import UTC
from datetime import datetime
from typing import Any

import oauthapp
from oauthapp.recorder.call import Call
from oauthapp.recorder.exports.raw_http import phrase
from oauthapp.recorder.kept import header
from oauthapp.recorder.kept import is_kept
from oauthapp.recorder.parts import Cookie
from oauthapp.recorder.parts import cookies_sent
from oauthapp.recorder.parts import cookies_set
from oauthapp.recorder.parts import form
from oauthapp.recorder.parts import query

_VERSION = "HTTP/1.1"


def har(calls: Iterable[Call]) -> str:
    """One archive of all of them, in the order in which they began."""
    log = {
        "version": "1.2",
        "creator": {"name": "oauthapp", "version": oauthapp.__version__},
        "entries": [_entry(one) for one in sorted(calls, key=lambda one: one.at)],
    }
    return json.dumps({"log": log}, indent=2)


def _entry(call: Call) -> dict[str, Any]:
    # Who measured from outside cannot tell sending from waiting.
    return {
        "startedDateTime": datetime.fromtimestamp(call.at, UTC).isoformat(),
        "time": call.ms,
        "request": _request(call),
        "response": _answer(call),
        "cache": {},
        "timings": {"send": 0, "wait": call.ms, "receive": 0},
        "comment": _text(f"{call.direction} at the {call.party}"),
        "_kind": call.kind,
        "_verdict": call.verdict,
        "_reason": _text(call.reason),
    }


def _request(call: Call) -> dict[str, Any]:
    told = {
        "method": _text(call.method),
        "url": _text(call.url.partition("#")[0]),
        "httpVersion": _VERSION,
        "cookies": [_cookie(one) for one in cookies_sent(call.request_headers)],
        "headers": _pairs(call.request_headers),
        "queryString": _pairs(query(call)),
        "headersSize": -1,
        "bodySize": _size(header(call.request_headers, "content-length"), call),
    }
    if call.request_body:
        media = header(call.request_headers, "content-type")
        told["postData"] = {
            "mimeType": _text(media),
            "params": _pairs(form(call)),
            **_body(call.request_body),
        }
    return told


def _answer(call: Call) -> dict[str, Any]:
    media = header(call.answer_headers, "content-type")
    return {
        "status": call.status or 0,  # what browsers write where nobody answered
        "statusText": phrase(call.status or 0),
        "httpVersion": _VERSION,
        "cookies": [_cookie(one) for one in cookies_set(call.answer_headers)],
        "headers": _pairs(call.answer_headers),
        "content": {
            "size": len(call.answer_body.encode("utf-8", "backslashreplace")),
            "mimeType": _text(media) or "x-unknown",
            **_body(call.answer_body),
        },
        "redirectURL": _text(header(call.answer_headers, "location")),
        "headersSize": -1,
        "bodySize": -1,
    }


def _size(announced: str, call: Call) -> int:
    digits = announced.isascii() and announced.isdigit() and len(announced) < 16
    return int(announced) if digits else -1 if call.request_body else 0


def _body(text: str) -> dict[str, str]:
    """The text, or the reason why there is none."""
    return {"text": _text(text)} if is_kept(text) else {"text": "", "comment": text}


def _cookie(cookie: Cookie) -> dict[str, Any]:
    given = {name.lower(): value for name, value in cookie.attributes}
    told: dict[str, Any] = {"name": _text(cookie.name), "value": _text(cookie.value)}
    for name in ("path", "domain"):
        if name in given:
            told[name] = _text(given[name])
    told["httpOnly"] = "httponly" in given
    told["secure"] = "secure" in given
    return told


def _pairs(pairs: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": _text(name), "value": _text(value)} for name, value in pairs]


def _text(text: str) -> str:
    """Lone surrogates are no JSON to most readers."""
    return text.encode("utf-8", "backslashreplace").decode()
