"""The sender's misbehaviour: one table, from the name of a fault to what it does."""

import json
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC
from datetime import datetime

from oauthapp.callers.sender.endpoints import new_secret
from oauthapp.callers.sender.parcel import Packed
from oauthapp.callers.sender.parcel import Parcel
from oauthapp.callers.sender.sign import attempt_headers
from oauthapp.control.taking import take_from
from oauthapp.services import ProviderServices

HOUR = 3600
#: Bytes: more than a receiver should read, and no burden for one that does.
OVERSIZE = 400_000

#: None: this attempt is not made now.
Spoiler = Callable[[Parcel], Packed | None]


def packed(services: ProviderServices, url: str, good: Parcel) -> Packed | None:
    """The request of an attempt, or what a fault makes of it; None: not now."""
    spoil = take_from(services, PARCELS, target=url)
    return spoil(good) if spoil else good.packed()


def _signed_at(seconds: int) -> Spoiler:
    """Signed, rightly, that long from now."""
    return lambda good: replace(good, timestamp=good.timestamp + seconds).packed()


def _saying(body: bytes) -> Spoiler:
    """Signed, rightly, with another body."""
    return lambda good: replace(good, body=body).packed()


def _with_header(name: str, change: Callable[[str], str]) -> Spoiler:
    """Changed after it was signed."""

    def spoil(good: Parcel) -> Packed:
        right = good.packed()
        headers = {**right.headers, name: change(right.headers[name])}
        return replace(right, headers=headers)

    return spoil


def _unsigned(good: Parcel) -> Packed:
    """Its id and its time are there, or who only reads those would stumble."""
    right = good.packed()
    headers = {**right.headers}
    del headers["webhook-signature"]
    return replace(right, headers=headers)


def _written_anew(good: Parcel) -> Packed:
    body = json.dumps(json.loads(good.body), indent=1).encode()
    return replace(good.packed(), body=body)


def _secret_unknown(good: Parcel) -> Packed:
    return replace(good, secrets=(new_secret(),)).packed()


def _secret_rotated(good: Parcel) -> Packed:
    return replace(good, secrets=(new_secret(), *good.secrets)).packed()


def _id_malformed(good: Parcel) -> Packed:
    return replace(good, message_id=f"{good.message_id}.1").packed()


def _other_bit(signatures: str) -> str:
    """Each well written, and fitting nothing; two while a secret is replaced."""
    pairs = [one.partition(",") for one in signatures.split(" ")]
    return " ".join(
        f"{version},{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"
        for version, _, signature in pairs
    )


def _time_as_date(good: Parcel) -> Packed:
    """The right time, and signed as it is written: only its spelling is wrong."""
    right, date = good.packed(), datetime.fromtimestamp(good.timestamp, UTC).isoformat()
    signed = attempt_headers(
        secrets=good.secrets,
        message_id=good.message_id,
        timestamp=date,
        body=good.body,
    )
    return replace(right, headers={**right.headers, **signed})


#: By the name of the fault.
PARCELS: Mapping[str, Spoiler] = {
    "webhook_signature_wrong": _with_header("webhook-signature", _other_bit),
    "webhook_body_altered": _written_anew,
    "webhook_secret_unknown": _secret_unknown,
    "webhook_secret_rotated": _secret_rotated,
    "webhook_stale": _signed_at(-HOUR),
    "webhook_from_the_future": _signed_at(HOUR),
    "webhook_unsigned": _unsigned,
    "webhook_signature_malformed": _with_header(
        "webhook-signature", lambda one: one.encode().hex()
    ),
    "webhook_timestamp_malformed": _time_as_date,
    "webhook_id_malformed": _id_malformed,
    "webhook_content_type": _with_header("Content-Type", lambda _: "text/plain"),
    "webhook_schema": _saying(b'{"happened": "something"}'),
    "webhook_oversize": lambda good: replace(
        good, body=good.body + b" " * OVERSIZE
    ).packed(),
    "webhook_duplicate": lambda good: replace(good.packed(), copies=2),
    "webhook_answer_lost": lambda good: replace(good.packed(), answer_lost=True),
    "push_forged": _secret_unknown,
    "push_duplicate": lambda good: replace(good.packed(), copies=2),
    "webhook_out_of_order": lambda _good: None,
    "webhook_late": lambda _good: None,
}
