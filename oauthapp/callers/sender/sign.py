"""What does a message carry so that the receiver can believe it? Pure.

By Standard Webhooks 1.0.0, as our endpoints are told; or as Stripe, GitHub and Slack
sign, so that a receiver of theirs can be tried out.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from typing import TypeAlias

from oauthapp.signing_keys import private_key
from oauthapp.signing_keys import shared_key
from oauthapp.signing_keys import symmetric_key

#: Unix seconds; as text only where a fault spells them wrongly.
Time: TypeAlias = int | str
#: Secret, message id, timestamp and body become headers.
Signer = Callable[[str, str, Time, bytes], dict[str, str]]


def signed_headers(
    *,
    secret: str,
    message_id: str,
    timestamp: Time,
    body: bytes,
    scheme: str = "standard",
) -> dict[str, str]:
    """The headers of one attempt that say whose it is.

    :param secret: `whsec_…`, or a private key `whsk_…`; another scheme's as it is.
    :raises ValueError: the secret is none for this scheme; it says what to write.
    """
    return SIGNERS[scheme](secret, message_id, timestamp, body)


def attempt_headers(
    *, secrets: Sequence[str], message_id: str, timestamp: Time, body: bytes
) -> dict[str, str]:
    """The headers of one attempt, with a signature by each secret.

    :param secrets: one, or two while one replaces the other.
    """
    each = [
        signed_headers(
            secret=secret, message_id=message_id, timestamp=timestamp, body=body
        )
        for secret in secrets
    ]
    signatures = " ".join(one["webhook-signature"] for one in each)
    return {**each[0], "webhook-signature": signatures}


def _standard(secret: str, message_id: str, at: Time, body: bytes) -> dict[str, str]:
    signed = f"{message_id}.{at}.".encode() + body
    if secret.startswith("whsk_"):
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        key = Ed25519PrivateKey.from_private_bytes(private_key(secret))
        version, signature = "v1a", key.sign(signed)
    else:
        version, signature = "v1", _hmac(symmetric_key(secret), signed)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(at),
        "webhook-signature": f"{version},{base64.b64encode(signature).decode()}",
    }


def _stripe(secret: str, _message_id: str, at: Time, body: bytes) -> dict[str, str]:
    signature = _hmac(shared_key(secret), f"{at}.".encode() + body).hex()
    return {"Stripe-Signature": f"t={at},v1={signature}"}


def _github(secret: str, message_id: str, _at: Time, body: bytes) -> dict[str, str]:
    signature = _hmac(shared_key(secret), body).hex()
    return {
        "X-GitHub-Delivery": message_id,
        "X-Hub-Signature-256": f"sha256={signature}",
    }


def _slack(secret: str, _message_id: str, at: Time, body: bytes) -> dict[str, str]:
    signature = _hmac(shared_key(secret), f"v0:{at}:".encode() + body).hex()
    return {
        "X-Slack-Request-Timestamp": str(at),
        "X-Slack-Signature": f"v0={signature}",
    }


def _hmac(key: bytes, signed: bytes) -> bytes:
    return hmac.digest(key, signed, hashlib.sha256)


#: By the name a scheme goes by in the settings.
SIGNERS: Mapping[str, Signer] = {
    "standard": _standard,
    "stripe": _stripe,
    "github": _github,
    "slack": _slack,
}
