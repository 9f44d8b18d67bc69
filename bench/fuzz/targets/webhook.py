"""Webhook verifiers: they never raise, and believe nothing that was not signed.

A letter: what our clock is ahead, the headers, the body. In the header with the
signature `{right}` becomes the right one, `{v1a}` the one by a private key, `{other}`
one by a secret that is not ours, `{longer}` one for a body with one byte more.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bench.fuzz.targets.letters import Letter
from bench.fuzz.targets.letters import number
from bench.fuzz.targets.letters import opened
from oauthapp.callbacks.result import refusals
from oauthapp.callbacks.result.verify import read_told
from oauthapp.callbacks.webhook.event import describe
from oauthapp.callbacks.webhook.refusals import EventMalformed
from oauthapp.callbacks.webhook.schemes import SCHEMES
from oauthapp.callbacks.webhook.verify import Message
from oauthapp.callbacks.webhook.verify import verify

NOW = 1_700_000_000
_PRIVATE = Ed25519PrivateKey.from_private_bytes(b"\x01" * 32)
_PUBLIC = base64.b64encode(_PRIVATE.public_key().public_bytes_raw()).decode()
_KEYS = {
    "right": b"our own key, of thirty-two bytes",
    "other": b"another key, of 32 bytes or more",
}
_STANDARD = [f"whsec_{base64.b64encode(_KEYS['right']).decode()}", f"whpk_{_PUBLIC}"]

#: What makes the bytes that are signed, and the signature's spelling, by scheme.
_SIGNED: dict[str, Callable[[str, str, bytes], bytes]] = {
    "standard": lambda id, at, body: f"{id}.{at}.".encode("latin-1") + body,
    "stripe": lambda _id, at, body: f"{at}.".encode("latin-1") + body,
    "github": lambda _id, _at, body: body,
    "slack": lambda _id, at, body: f"v0:{at}:".encode("latin-1") + body,
}
#: The headers that say so; no line has a line break in it.
_NONE = dict.fromkeys(_SIGNED, "\n")
_ID = {**_NONE, "standard": "webhook-id", "github": "x-github-delivery"}
_AT = {
    **_NONE,
    "standard": "webhook-timestamp",
    "slack": "x-slack-request-timestamp",
}


def standard(raw: bytes) -> bool:
    """Standard Webhooks, v1 and v1a."""
    return _judge("standard", opened(raw))


def stripe(raw: bytes) -> bool:
    """Stripe's."""
    return _judge("stripe", opened(raw))


def github(raw: bytes) -> bool:
    """GitHub's."""
    return _judge("github", opened(raw))


def slack(raw: bytes) -> bool:
    """Slack's."""
    return _judge("slack", opened(raw))


def _judge(name: str, letter: Letter) -> bool:
    scheme = SCHEMES[name]
    headers = dict(letter.headers)
    came = {key.lower(): headers[key] for key in reversed(headers)}
    written = came.get(scheme.signature_header, "")
    id, at = came.get(_ID[name], ""), came.get(_AT[name], "")
    if name == "stripe":
        times = [one[2:] for one in written.split(",") if one.startswith("t=")]
        at = times[0] if len(times) == 1 else ""
    filled = _filled(name, written, _SIGNED[name](id, at, letter.body))
    for key in [key for key in headers if key.lower() == scheme.signature_header]:
        headers[key] = filled
    now = NOW + number(letter.about)

    secrets = _STANDARD if name == "standard" else [_KEYS["right"].decode()]
    verdict = verify(
        scheme=scheme, secrets=secrets, headers=headers, body=letter.body, now=now
    )
    if verdict.refusal is not None:
        told = verdict.refusal.explain()
        assert len(told.arrived.encode()) < 2000
        return False
    assert verdict.message is not None
    assert "{right}" in written or "{v1a}" in written, "a forged message is believed"
    _must_be_what_was_signed(verdict.message, id, at, letter.body)
    _must_be_readable(verdict.message, name, came)
    return True


def _filled(name: str, written: str, signed: bytes) -> str:
    for mark, key in (("right", "right"), ("other", "other"), ("longer", "right")):
        what = signed + b"x" if mark == "longer" else signed
        digest = hmac.new(_KEYS[key], what, hashlib.sha256).digest()
        text = base64.b64encode(digest).decode() if name == "standard" else digest.hex()
        written = written.replace(f"{{{mark}}}", text)
    if "{v1a}" not in written or name != "standard":
        return written
    return written.replace("{v1a}", base64.b64encode(_PRIVATE.sign(signed)).decode())


def _must_be_what_was_signed(message: Message, id: str, at: str, body: bytes) -> None:
    assert message.body == body
    assert not id or message.id == id
    assert message.timestamp is None or message.timestamp == int(at)
    assert 0 < len(message.id) <= 256


def _must_be_readable(message: Message, name: str, came: dict[str, str]) -> None:
    """What the rooms behind the verifier make of it: an event, or a refusal."""
    scheme = SCHEMES[name]
    header = came.get(scheme.type_header, "") if scheme.type_header else None
    try:
        event = describe(message.body, envelope=scheme.envelope, type_header=header)
        assert event.type.isascii() or event.type.encode()
        read_told(message)
    except (EventMalformed, refusals.NotAResult) as refused:
        assert len(refused.arrived.encode()) < 2000
