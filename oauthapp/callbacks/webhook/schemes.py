"""How do senders write id, time and signature? The differences, as data. Pure."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from oauthapp.callbacks.webhook.signatures import ED25519
from oauthapp.callbacks.webhook.signatures import HMAC_BASE64
from oauthapp.callbacks.webhook.signatures import HMAC_HEX
from oauthapp.callbacks.webhook.signatures import Version
from oauthapp.once import once

#: Seconds that a message's time and our clock may differ.
TOLERANCE = 300


@dataclass(frozen=True, kw_only=True, eq=False)
class Scheme:
    """How one kind of sender signs. What is empty, it does not have."""

    #: Header names in lower case.
    signature_header: str
    #: What parts the signatures in their header; empty: there is but one.
    between_signatures: str = ""
    #: What follows a signature's version.
    after_version: str
    #: Signatures of other versions are skipped.
    versions: Mapping[str, Version]
    #: What is signed.
    signed: bytes

    id_header: str = ""
    #: Where no header has it: the member of the JSON body that is the message id.
    id_member: str = ""
    timestamp_header: str = ""
    #: Where no header has it: what the time goes by among the signatures.
    timestamp_item: str = ""
    #: Seconds that the message's time may lie ahead of our clock.
    ahead: float = TOLERANCE
    #: Whether the body is the envelope that Standard Webhooks recommends.
    envelope: bool = False
    #: The header that names the event's type; empty: the body's member `type`.
    type_header: str = ""
    #: What would have been right, by reason code.
    expected: Mapping[str, str]

    @once
    def headers(self) -> tuple[str, ...]:
        """The headers that must be there."""
        all_three = (self.id_header, self.timestamp_header, self.signature_header)
        return tuple(name for name in all_three if name)

    @once
    def has_time(self) -> bool:
        return bool(self.timestamp_header or self.timestamp_item)


#: Standard Webhooks 1.0.0.
STANDARD = Scheme(
    id_header="webhook-id",
    timestamp_header="webhook-timestamp",
    signature_header="webhook-signature",
    between_signatures=" ",
    after_version=",",
    versions={"v1": HMAC_BASE64, "v1a": ED25519},
    signed=b"%(id)b.%(timestamp)b.%(body)b",
    envelope=True,
    expected={
        "header_missing": "webhook-id, webhook-timestamp and webhook-signature",
        "message_id_malformed": (
            'webhook-id: 1 to 256 visible ASCII characters without "."'
        ),
        "timestamp_malformed": (
            "webhook-timestamp: seconds since 1970, in the digits 0 to 9"
        ),
        "signature_malformed": (
            "webhook-signature: v1,<base64 of 32 bytes> or v1a,<base64 of 64 bytes>, "
            "several parted by spaces"
        ),
        "signature_version_unknown": "v1 for a secret whsec_…, v1a for a key whpk_…",
        "signature_mismatch": (
            "over id.timestamp.body: HMAC-SHA256 keyed with a whsec_… we share (v1), "
            "or Ed25519 by the private key to a whpk_… we hold (v1a)"
        ),
    },
)

#: https://docs.stripe.com/webhooks#verify-manually; only a late message is refused.
STRIPE = Scheme(
    id_member="id",
    timestamp_item="t",
    signature_header="stripe-signature",
    between_signatures=",",
    after_version="=",
    versions={"v1": HMAC_HEX},
    signed=b"%(timestamp)b.%(body)b",
    ahead=math.inf,
    expected={
        "header_missing": "Stripe-Signature",
        "timestamp_malformed": (
            "Stripe-Signature: t=<seconds since 1970, in the digits 0 to 9>, once"
        ),
        "signature_malformed": (
            "Stripe-Signature: t=…,v1=<64 hexadecimal digits in lower case>"
        ),
        "signature_version_unknown": "v1 in Stripe-Signature",
        "signature_mismatch": (
            "HMAC-SHA256 over t.body, keyed with the endpoint's signing secret just "
            "as it is written, whsec_ included"
        ),
    },
)

#: https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries
#: Neither the id nor the event's type nor a time is signed: whoever heard a message
#: can send it again under another id. Keep its URL on https.
GITHUB = Scheme(
    id_header="x-github-delivery",
    signature_header="x-hub-signature-256",
    after_version="=",
    versions={"sha256": HMAC_HEX},
    signed=b"%(body)b",
    type_header="x-github-event",
    expected={
        "header_missing": "X-GitHub-Delivery and X-Hub-Signature-256",
        "message_id_malformed": (
            'X-GitHub-Delivery: 1 to 256 visible ASCII characters without "."'
        ),
        "signature_malformed": (
            "X-Hub-Signature-256: sha256=<64 hexadecimal digits in lower case>"
        ),
        "signature_version_unknown": "sha256 in X-Hub-Signature-256",
        "signature_mismatch": (
            "HMAC-SHA256 over the body, keyed with the webhook's secret"
        ),
    },
)

#: https://docs.slack.dev/authentication/verifying-requests-from-slack
SLACK = Scheme(
    id_member="event_id",
    timestamp_header="x-slack-request-timestamp",
    signature_header="x-slack-signature",
    after_version="=",
    versions={"v0": HMAC_HEX},
    signed=b"v0:%(timestamp)b:%(body)b",
    expected={
        "header_missing": "X-Slack-Request-Timestamp and X-Slack-Signature",
        "timestamp_malformed": (
            "X-Slack-Request-Timestamp: seconds since 1970, in the digits 0 to 9"
        ),
        "signature_malformed": (
            "X-Slack-Signature: v0=<64 hexadecimal digits in lower case>"
        ),
        "signature_version_unknown": "v0 in X-Slack-Signature",
        "signature_mismatch": (
            "HMAC-SHA256 over v0:timestamp:body, keyed with the app's signing secret"
        ),
    },
)

#: By the name they go by in the settings.
SCHEMES: Mapping[str, Scheme] = MappingProxyType(
    {"standard": STANDARD, "stripe": STRIPE, "github": GITHUB, "slack": SLACK}
)
