"""What can go wrong with a webhook, at the one who sends and at the one who gets it."""

from typing import Final

from oauthapp.faults.fault import Culprit
from oauthapp.faults.fault import Fault


def _fault(
    name: str,
    culprit: Culprit,
    *,
    says: str,
    rule: str,
    outcome: tuple[str, ...],
    scenario: str = "login",
    needs_fast_clock: bool = False,
) -> Fault:
    return Fault(
        name=name,
        scenarios=(scenario,),
        kind="webhook",
        culprit=culprit,
        says=says,
        rule=rule,
        outcome=outcome,
        needs_fast_clock=needs_fast_clock,
    )


def _refused(name: str, reason: str, *, says: str, rule: str) -> Fault:
    """One attempt is spoiled and refused; the next one is good."""
    outcome = (f"refused {reason}", "accepted")
    return _fault(name, "sender", says=says, rule=rule, outcome=outcome)


_SIGNED = "The signature must fit id, time and the very bytes (Standard Webhooks)."
_NOW = "What was not signed just now is a replay (Standard Webhooks)."
_HEADERS = "id, time and signature are headers that must be readable."
_ONCE = "A message id that came before is answered 2xx and has no second effect."
_AGAIN = "What was not answered 2xx is sent again, under the same id."

SENDER_FAULTS: Final[tuple[Fault, ...]] = (
    _refused(
        "webhook_signature_wrong",
        "signature_mismatch",
        says="The signature does not fit.",
        rule=_SIGNED,
    ),
    _refused(
        "webhook_body_altered",
        "signature_mismatch",
        says="A proxy on the way writes the JSON anew.",
        rule=_SIGNED,
    ),
    _refused(
        "webhook_secret_unknown",
        "signature_mismatch",
        says="The sender signs with a secret that nobody told the receiver.",
        rule=_SIGNED,
    ),
    _fault(
        "webhook_secret_rotated",
        "sender",
        says="The sender signs with its new secret, and still with the one before.",
        rule="One fitting signature is enough, so that secrets can be changed.",
        outcome=("accepted",),
    ),
    _refused(
        "webhook_stale",
        "timestamp_too_old",
        says="The message was signed an hour ago.",
        rule=_NOW,
    ),
    _refused(
        "webhook_from_the_future",
        "timestamp_in_future",
        says="The message is signed for an hour from now.",
        rule="A time that lies ahead would make a replay good for later.",
    ),
    _refused(
        "webhook_unsigned",
        "header_missing",
        says="The message is not signed at all.",
        rule=_HEADERS,
    ),
    _refused(
        "webhook_signature_malformed",
        "signature_malformed",
        says="The signature is written in hexadecimal digits, without a version.",
        rule=_HEADERS,
    ),
    _refused(
        "webhook_timestamp_malformed",
        "timestamp_malformed",
        says="The time is written as a date.",
        rule=_HEADERS,
    ),
    _refused(
        "webhook_id_malformed",
        "message_id_malformed",
        says="The message id has a dot in it, which is what parts id and time.",
        rule=_HEADERS,
    ),
    _refused(
        "webhook_content_type",
        "not_json",
        says="The message is announced as plain text.",
        rule="The receiver reads what was agreed upon, and says 415 to all else.",
    ),
    _refused(
        "webhook_schema",
        "event_malformed",
        says="The message is signed, but of another shape than agreed.",
        rule="A good signature makes no good message: its shape is checked, too.",
    ),
    _refused(
        "webhook_oversize",
        "body_too_large",
        says="The message is signed, and padded to several hundred kilobytes.",
        rule="A body that is read has a largest size.",
    ),
    _fault(
        "webhook_duplicate",
        "sender",
        says="The message is sent twice.",
        rule=_ONCE,
        outcome=("accepted", "accepted duplicate"),
    ),
    _fault(
        "webhook_answer_lost",
        "sender",
        says="The receiver did its work, and its answer is lost on the way.",
        rule=_ONCE,
        outcome=("accepted", "accepted duplicate"),
    ),
    _fault(
        "webhook_out_of_order",
        "sender",
        scenario="logout",
        says="The news of a login arrives after that of its logout.",
        rule="Messages come in any order; each is kept for what it says.",
        outcome=("accepted ×2",),
    ),
)

RECEIVER_FAULTS: Final[tuple[Fault, ...]] = (
    _fault(
        "receiver_500_once",
        "receiver",
        says="The receiver answers 500, once.",
        rule=_AGAIN,
        outcome=("failed fault", "accepted"),
    ),
    _fault(
        "receiver_500_always",
        "receiver",
        says="The receiver answers 500, whatever comes.",
        rule="After its last attempt the sender gives up, says so, and keeps the "
        "message to be sent by hand.",
        outcome=("failed fault ×10",),
        needs_fast_clock=True,
    ),
    _fault(
        "receiver_slow",
        "receiver",
        says="The receiver keeps the message, and answers too late.",
        rule=f"No answer is no success. {_ONCE}",
        outcome=("accepted", "accepted duplicate"),
    ),
    _fault(
        "receiver_410",
        "receiver",
        says="The receiver answers 410: it is gone for good.",
        rule="The sender sends nothing more there (RFC 9110 §15.5.11).",
        outcome=("failed fault",),
    ),
    _fault(
        "receiver_429",
        "receiver",
        says="The receiver has too much to do: 429 with Retry-After.",
        rule="The sender waits, and sends it again (RFC 6585 §4).",
        outcome=("failed fault", "accepted"),
    ),
    _fault(
        "receiver_down_then_back",
        "receiver",
        says="The receiver answers 503 three times, and is back then.",
        rule=_AGAIN,
        outcome=("failed fault ×3", "accepted"),
        needs_fast_clock=True,
    ),
    _fault(
        "receiver_breaks_off",
        "receiver",
        says="The receiver breaks off in the middle of its answer.",
        rule="Half an answer is none, whatever its status said.",
        outcome=("failed fault", "accepted"),
    ),
)
