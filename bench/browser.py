"""What a browser sends to either party, byte for byte, whichever replica it goes to."""

import base64
import json
import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode
from urllib.parse import urlsplit

from bench.wire import Answer
from oauthapp.schema import secret_hash

Party = Literal["app", "provider"]

_CSRF = re.compile(rb'name="csrf_token" value="([^"]*)"')


@dataclass(frozen=True, kw_only=True)
class Place:
    """One party: what it is called, and where its replicas are."""

    origin: str
    ports: tuple[int, ...]

    @property
    def host(self) -> str:
        """As a Host header spells it."""
        return urlsplit(self.origin).netloc


class Browser:
    """A new one: it has no cookies yet."""

    def __init__(self, places: dict[Party, Place]) -> None:
        self._places = places
        self._cookies: dict[Party, dict[str, str]] = {"app": {}, "provider": {}}

    def accept(self, party: Party, answer: Answer) -> None:
        """Keep its cookies."""
        self._cookies[party] |= answer.cookies

    def request(
        self,
        party: Party,
        url: str,
        form: dict[str, str] | None = None,
        *,
        accept: str = "*/*",
    ) -> bytes:
        """What it sends to open `url`, or to send a form there."""
        parts = urlsplit(url)
        body = urlencode(form or {})
        cookies = "; ".join(f"{n}={v}" for n, v in self._cookies[party].items())
        lines = [
            f"{'GET' if form is None else 'POST'} {parts.path}"
            f"{'?' if parts.query else ''}{parts.query} HTTP/1.1",
            f"Host: {self._places[party].host}",
            "User-Agent: bench/1",
            f"Accept: {accept}",
            *([f"Cookie: {cookies}"] if cookies else []),
        ]
        if form is not None:
            lines.append("Content-Type: application/x-www-form-urlencoded")
            lines.append(f"Content-Length: {len(body)}")
        return "\r\n".join((*lines, "", body)).encode()


def csrf_token(page: Answer) -> str:
    """The token in the form of a page, "" where it has none."""
    found = _CSRF.search(page.body)
    return found[1].decode() if found else ""


def session_hash(answer: Answer) -> str:
    """What the app keeps of the session that this answer begins."""
    cookie = answer.cookies["oauthapp_app"]
    payload = cookie.partition(".")[0]
    told = json.loads(base64.urlsafe_b64decode(f"{payload}{'=' * (-len(payload) % 4)}"))
    return secret_hash(told["id"])
