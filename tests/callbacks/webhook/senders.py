"""Senders of each kind, written here once more: they share no mistake with the code."""

import base64
import hashlib
import hmac

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from oauthapp.callbacks.webhook.evidence import Evidence
from oauthapp.callbacks.webhook.schemes import GITHUB
from oauthapp.callbacks.webhook.schemes import SLACK
from oauthapp.callbacks.webhook.schemes import STANDARD
from oauthapp.callbacks.webhook.schemes import STRIPE

NOW = 1_700_000_000
BODY = b'{"id":"evt_1","event_id":"Ev1","type":"t","timestamp":"t","data":{"sid":"s"}}'

SHARED = "whsec_just_as_it_is_written"
OTHER = "whsec_another_secret_of_theirs"
SYMMETRIC = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
OTHER_SYMMETRIC = "whsec_" + base64.b64encode(b"o" * 24).decode()


def keypair(seed: bytes) -> tuple[str, str]:
    """A private key and its public key, as Standard Webhooks writes them."""
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    private = base64.b64encode(seed + public).decode()
    return f"whsk_{private}", f"whpk_{base64.b64encode(public).decode()}"


PRIVATE, PUBLIC = keypair(b"p" * 32)
OTHER_PRIVATE, OTHER_PUBLIC = keypair(b"q" * 32)


def digest(key: bytes, *parts: str | bytes) -> bytes:
    mac = hmac.new(key, digestmod=hashlib.sha256)
    for part in parts:
        mac.update(part.encode() if isinstance(part, str) else part)
    return mac.digest()


def v1(secret: str = SYMMETRIC, *, id: str = "msg_1", at: str = str(NOW), body=BODY):
    mac = digest(base64.b64decode(secret[6:]), id, ".", at, ".", body)
    return f"v1,{base64.b64encode(mac).decode()}"


def v1a(secret: str = PRIVATE, *, id: str = "msg_1", at: str = str(NOW), body=BODY):
    key = Ed25519PrivateKey.from_private_bytes(base64.b64decode(secret[5:])[:32])
    signature = key.sign(b".".join((id.encode(), at.encode(), body)))
    return f"v1a,{base64.b64encode(signature).decode()}"


def standard(signature: str | None = None, *, id="msg_1", at=str(NOW)):
    return {
        "webhook-id": id,
        "webhook-timestamp": at,
        "webhook-signature": v1(id=id, at=at) if signature is None else signature,
    }


def stripe(secret: str = SHARED, *, at: str = str(NOW), body=BODY) -> dict[str, str]:
    mac = digest(secret.encode(), at, ".", body).hex()
    return {"Stripe-Signature": f"t={at},v1={mac},v0={'0' * 64}"}


def github(secret: str = SHARED, *, id: str = "guid-1", body=BODY) -> dict[str, str]:
    mac = digest(secret.encode(), body).hex()
    return {
        "X-GitHub-Delivery": id,
        "X-GitHub-Event": "push",
        "X-Hub-Signature-256": f"sha256={mac}",
    }


def slack(secret: str = SHARED, *, at: str = str(NOW), body=BODY) -> dict[str, str]:
    mac = digest(secret.encode(), "v0:", at, ":", body).hex()
    return {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={mac}"}


#: One good message of every kind.
GOOD = {
    "standard": Evidence(
        scheme=STANDARD, secrets=[SYMMETRIC], headers=standard(), body=BODY, now=NOW
    ),
    "standard, public key": Evidence(
        scheme=STANDARD, secrets=[PUBLIC], headers=standard(v1a()), body=BODY, now=NOW
    ),
    "stripe": Evidence(
        scheme=STRIPE, secrets=[SHARED], headers=stripe(), body=BODY, now=NOW
    ),
    "github": Evidence(
        scheme=GITHUB, secrets=[SHARED], headers=github(), body=BODY, now=NOW
    ),
    "slack": Evidence(
        scheme=SLACK, secrets=[SHARED], headers=slack(), body=BODY, now=NOW
    ),
}
