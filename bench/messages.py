"""Signed webhooks, made by other code than what verifies them."""

import base64
import hashlib
import hmac
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Request:
    """One POST to the app, and the status of its right answer."""

    message_id: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    expected: int

    @property
    def raw(self) -> bytes:
        """Byte for byte, as it goes over a connection that is kept open."""
        lines = [
            "POST /webhooks/demo HTTP/1.1",
            "Host: localhost:5000",
            f"Content-Length: {len(self.body)}",
            *(f"{name}: {value}" for name, value in self.headers),
        ]
        return "\r\n".join((*lines, "", "")).encode() + self.body


def make_requests(
    count: int, *, secret: str, now: float, prefix: str, seed: int = 1
) -> list[Request]:
    """`count` webhooks: one in ten badly signed, one in ten an earlier one again."""
    dice, made = random.Random(seed), list[Request]()
    good: list[Request] = []
    for number in range(count):
        chance = dice.random()
        if chance < 0.1 and good:
            made.append(dice.choice(good[-2000:]))
            continue
        one = signed(f"{prefix}{number}", secret=secret, now=now, forged=chance > 0.9)
        made.append(one)
        if one.expected == 204:
            good.append(one)
    return made


def unique_good(requests: Sequence[Request]) -> set[str]:
    """The ids that must be kept, once each."""
    return {one.message_id for one in requests if one.expected == 204}


def signed(
    message_id: str, *, secret: str, now: float, forged: bool = False
) -> Request:
    """A `session.created` webhook, about a session of its own."""
    data = {"sid": message_id, "sub": "alice", "client_id": "oauthapp-demo"}
    event = {"type": "session.created", "timestamp": "2026-01-01T00:00:00.000Z"}
    body = json.dumps({**event, "data": data}).encode()
    timestamp = str(int(now))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    if forged:
        key = key[::-1]
    content = b".".join((message_id.encode(), timestamp.encode(), body))
    signature = base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
    headers = {
        "User-Agent": "bench/1",
        "Accept": "*/*",
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{signature}",
    }
    return Request(
        message_id=message_id,
        headers=tuple(headers.items()),
        body=body,
        expected=401 if forged else 204,
    )
