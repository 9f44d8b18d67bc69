"""What is a call made of? Query, form, cookies and JSON. Pure."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from oauthapp.recorder.call import Call
from oauthapp.recorder.call import Headers
from oauthapp.recorder.kept import media_type
from oauthapp.recorder.step import place_of

Pairs = tuple[tuple[str, str], ...]

#: Levels of JSON that are laid out: each further one indents all that is in it.
_DEPTH = 32


@dataclass(frozen=True, kw_only=True)
class Cookie:
    """A cookie with its attributes, such as ("Path", "/") and ("HttpOnly", "")."""

    name: str
    value: str
    attributes: Pairs = ()


def query(call: Call) -> Pairs:
    """The parameters of the URL, decoded."""
    return _decoded(call.url.partition("#")[0].partition("?")[2])


def form(call: Call) -> Pairs:
    """The fields of a form that was sent, decoded; none where it is no form."""
    sent = media_type(call.request_headers) == "application/x-www-form-urlencoded"
    return _decoded(call.request_body) if sent else ()


def cookies_sent(headers: Headers) -> tuple[Cookie, ...]:
    """The cookies of a request."""
    written = [value for name, value in headers if name.lower() == "cookie"]
    pairs = [one.partition("=") for line in written for one in line.split(";")]
    return tuple(
        Cookie(name=name.strip(), value=value.strip()) for name, _sign, value in pairs
    )


def cookies_set(headers: Headers) -> tuple[Cookie, ...]:
    """The cookies of an answer, with their attributes."""
    return tuple(
        _cookie(text) for name, text in headers if name.lower() == "set-cookie"
    )


def target(call: Call) -> str:
    """Path and query: what stands in the first line of a request."""
    url = call.url.partition("#")[0]
    question = "?" if "?" in url else ""
    return f"{place_of(url)[1]}{question}{url.partition('?')[2]}"


def pretty(body: str) -> str:
    """JSON laid out; "" where it is none, or nested so deep that it would not fit."""
    if body[:1] not in ("{", "[") or _depth(body) > _DEPTH:
        return ""
    try:
        return laid_out(json.loads(body))
    except (ValueError, RecursionError):
        return ""


def _depth(body: str) -> int:
    """How deep it may be nested: brackets inside of text count as well."""
    depth = deepest = 0
    for one in body:
        depth += (one in "[{") - (one in "]}")
        deepest = max(deepest, depth)
    return deepest


def laid_out(content: Any) -> str:
    """JSON for people: a member a line."""
    return json.dumps(content, indent=2, ensure_ascii=False)


def _cookie(text: str) -> Cookie:
    (name, value), *attributes = [_halves(part) for part in text.split(";")]
    return Cookie(name=name, value=value, attributes=tuple(attributes))


def _halves(part: str) -> tuple[str, str]:
    name, _sign, value = part.partition("=")
    return name.strip(), value.strip()


def _decoded(written: str) -> Pairs:
    # A hundred thousand of them are no page: the beginning shows what it is.
    return tuple(parse_qsl(written[:100_000], keep_blank_values=True))
