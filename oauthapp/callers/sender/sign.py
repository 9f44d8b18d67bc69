"""What does a message carry so that the receiver can believe it? Pure.

Standard Webhooks 1.0.0, symmetric: HMAC-SHA256 over id, time and the body's bytes.
"""

import base64
import hashlib
import hmac

_SECRET_PREFIX = "whsec_"


def signed_headers(
    *, secret: str, message_id: str, timestamp: int, body: bytes
) -> dict[str, str]:
    """The three headers of one attempt.

    :param secret: `whsec_` and base64, as the settings have checked.
    """
    key = base64.b64decode(secret.removeprefix(_SECRET_PREFIX), validate=True)
    signed = f"{message_id}.{timestamp}.".encode() + body
    signature = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{signature}",
    }
