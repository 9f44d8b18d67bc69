"""Webhooks as senders make them, by plain means that share nothing with the code."""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

#: The schemes; the first signs in two ways.
KINDS = ["standard", "standard", "stripe", "github", "slack"]


def _keypair(seed: bytes) -> tuple[str, Ed25519PrivateKey]:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public = private.public_key().public_bytes_raw()
    return f"whpk_{base64.b64encode(public).decode()}", private


#: Those that can sign, by their public keys.
SIGNERS = dict(_keypair(bytes([number]) * 32) for number in range(1, 5))
SYMMETRIC = [
    f"whsec_{base64.b64encode(bytes(range(1, size + 1))).decode()}"
    for size in (24, 25, 32, 64)
]
SHARED = ["whsec_just_as_it_is", "It's a Secret to Everybody", "ü" * 16, "long" * 30]
#: Secrets, by what they are for.
POOLS = dict.fromkeys(KINDS, SHARED) | {"standard": [*SYMMETRIC, *SIGNERS]}


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What is signed, and with which secret; a public key names its private one."""

    kind: str
    secret: str
    id: str
    at: str
    body: bytes


@dataclass(frozen=True, kw_only=True)
class Came:
    """What headers say, taken apart: "" is what they do not say."""

    id: str
    at: str
    signatures: list[str]


def raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def plain_hmac(key: bytes, message: bytes) -> bytes:
    """As RFC 2104 §2 spells it."""
    key = padded(key)
    inner, outer = (bytes(one ^ pad for one in key) for pad in (0x36, 0x5C))
    inside = hashlib.sha256(inner + message).digest()
    return hashlib.sha256(outer + inside).digest()


def padded(key: bytes) -> bytes:
    """Keys that are equal here are one key to HMAC."""
    key = hashlib.sha256(key).digest() if len(key) > 64 else key
    return key.ljust(64, b"\0")


def key_in(kind: str, secret: str) -> bytes | None:
    """The HMAC key in a secret; None where there is none."""
    if kind != "standard":
        lone = any("\ud800" <= letter <= "\udfff" for letter in secret)
        return raw(secret) if secret and not lone else None
    try:
        key = binascii.a2b_base64(secret[6:])
    except ValueError:
        return None
    spelled = f"whsec_{binascii.b2a_base64(key, newline=False).decode()}"
    return key if secret == spelled and 24 <= len(key) <= 64 else None


def signed(sent: Sent) -> bytes:
    before = {
        "standard": f"{sent.id}.{sent.at}.",
        "stripe": f"{sent.at}.",
        "github": "",
        "slack": f"v0:{sent.at}:",
    }
    return raw(before[sent.kind]) + sent.body


def signature(sent: Sent) -> str:
    """The one right signature with its version; "" where the secret can make none."""
    if sent.kind == "standard" and sent.secret in SIGNERS:
        made = SIGNERS[sent.secret].sign(signed(sent))
        return f"v1a,{base64.b64encode(made).decode()}"
    key = key_in(sent.kind, sent.secret)
    if key is None:
        return ""
    mac = plain_hmac(key, signed(sent))
    if sent.kind == "standard":
        return f"v1,{base64.b64encode(mac).decode()}"
    version = {"stripe": "v1", "github": "sha256", "slack": "v0"}[sent.kind]
    return f"{version}={mac.hex()}"


def written(sent: Sent, signature: str) -> dict[str, str]:
    """The headers of a message, that of the signature last."""
    if sent.kind == "standard":
        said = {"webhook-id": sent.id, "webhook-timestamp": sent.at}
        return {**said, "webhook-signature": signature}
    if sent.kind == "stripe":
        return {"Stripe-Signature": f"t={sent.at},{signature}"}
    if sent.kind == "github":
        return {"X-GitHub-Delivery": sent.id, "X-Hub-Signature-256": signature}
    return {"X-Slack-Request-Timestamp": sent.at, "X-Slack-Signature": signature}


def read(kind: str, headers: Mapping[str, str]) -> Came:
    """The reverse of `written`."""
    came = {name.lower(): value for name, value in headers.items()}
    if kind == "standard":
        return Came(
            id=came.get("webhook-id", ""),
            at=came.get("webhook-timestamp", ""),
            signatures=came.get("webhook-signature", "").split(" "),
        )
    if kind == "stripe":
        items = came.get("stripe-signature", "").split(",")
        times = [item[2:] for item in items if item[:2] == "t="]
        return Came(id="", at=times[0] if len(times) == 1 else "", signatures=items)
    if kind == "github":
        id = came.get("x-github-delivery", "")
        return Came(id=id, at="", signatures=[came.get("x-hub-signature-256", "")])
    at = came.get("x-slack-request-timestamp", "")
    return Came(id="", at=at, signatures=[came.get("x-slack-signature", "")])


def is_an_id(text: str) -> bool:
    return 1 <= len(text) <= 256 and all(
        "!" <= one <= "~" and one != "." for one in text
    )


def is_a_time(text: str) -> bool:
    return 1 <= len(text) <= 12 and all(one in "0123456789" for one in text)


def id_in(body: bytes, name: str) -> str:
    """A member of a JSON object, "" where it is no id, by the standard library."""
    try:
        value = json.loads(body.decode())
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except ValueError:
        return ""
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, str) and is_an_id(found) else ""
