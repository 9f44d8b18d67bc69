"""What does a message carry so that the receiver can believe it? Pure.

Standard Webhooks 1.0.0, symmetric: HMAC-SHA256 over id, time and the body's bytes.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence

_SECRET_PREFIX = "whsec_"


def signed_headers(
    *, secrets: Sequence[str], message_id: str, timestamp: int, body: bytes
) -> dict[str, str]:
    """The three headers of one attempt, with a signature for each secret.

    :param secrets: each `whsec_` and base64, as the settings have checked; several
        while one replaces another.
    """
    signed = f"{message_id}.{timestamp}.".encode() + body
    signatures = [_signature(secret, signed) for secret in secrets]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{one}" for one in signatures),
    }


def _signature(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(_SECRET_PREFIX), validate=True)
    return base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
