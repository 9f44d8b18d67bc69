"""How do senders write id, time and signature? The differences, as data. Pure."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Scheme:
    """One way of signing: HMAC-SHA256 in base64 over `id.timestamp.body`."""

    id_header: str
    timestamp_header: str
    signature_header: str
    #: The version whose signatures are checked; others are skipped.
    version: str
    #: What secrets begin with, before their base64.
    secret_prefix: str

    def keys(self, secrets: Sequence[str]) -> list[bytes]:
        """The secrets' bytes. One that is empty or no base64 can sign nothing."""
        keys = []
        for secret in secrets:
            text = secret.removeprefix(self.secret_prefix)
            try:
                keys.append(base64.b64decode(text, validate=True))
            except (binascii.Error, ValueError):
                continue
        return [key for key in keys if key]

    def sign(self, key: bytes, *, message_id: str, timestamp: str, body: bytes) -> str:
        """The signature as it stands in the header, without its version."""
        signed = b".".join((message_id.encode(), timestamp.encode(), body))
        return base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


#: Standard Webhooks 1.0.0, symmetric signatures.
STANDARD = Scheme(
    id_header="webhook-id",
    timestamp_header="webhook-timestamp",
    signature_header="webhook-signature",
    version="v1",
    secret_prefix="whsec_",
)

#: By the name they go by in the settings.
SCHEMES: Mapping[str, Scheme] = {"standard": STANDARD}
