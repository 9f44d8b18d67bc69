"""What is sent to a webhook endpoint, and what has to become of it: one table."""

from collections.abc import Sequence
from typing import Any
from typing import Final

from oauthapp.callbacks.webhook.schemes import Scheme
from oauthapp.checking.webhook.check import Check
from oauthapp.checking.webhook.check import Duty
from oauthapp.checking.webhook.spoiled import HOUR
from oauthapp.checking.webhook.spoiled import OVERSIZE
from oauthapp.checking.webhook.spoiled import Make
from oauthapp.checking.webhook.spoiled import as_text
from oauthapp.checking.webhook.spoiled import at
from oauthapp.checking.webhook.spoiled import by_a_stranger
from oauthapp.checking.webhook.spoiled import cut
from oauthapp.checking.webhook.spoiled import empty
from oauthapp.checking.webhook.spoiled import huge_and_unsigned
from oauthapp.checking.webhook.spoiled import later_body
from oauthapp.checking.webhook.spoiled import moved_to_now
from oauthapp.checking.webhook.spoiled import of_another_version
from oauthapp.checking.webhook.spoiled import only_of_another_version
from oauthapp.checking.webhook.spoiled import other_digit
from oauthapp.checking.webhook.spoiled import other_id
from oauthapp.checking.webhook.spoiled import right
from oauthapp.checking.webhook.spoiled import saying
from oauthapp.checking.webhook.spoiled import signature
from oauthapp.checking.webhook.spoiled import time_as_date
from oauthapp.checking.webhook.spoiled import unsigned
from oauthapp.checking.webhook.spoiled import with_a_strangers
from oauthapp.faults import FAULTS

#: How often a message comes at once.
AT_ONCE = 8


def _has_time(scheme: Scheme) -> bool:
    return scheme.has_time


def _refuses_the_future(scheme: Scheme) -> bool:
    return scheme.has_time and scheme.ahead < HOUR


def _has_several(scheme: Scheme) -> bool:
    return bool(scheme.between_signatures)


def _signs_its_id(scheme: Scheme) -> bool:
    return bool(scheme.id_header) and b"%(id)" in scheme.signed


def _fault(name: str, duty: Duty, make: Make, **more: Any) -> Check:
    """One that the sender's faults know: in the same words."""
    one = FAULTS[name]
    return Check(name=name, says=one.says, rule=one.rule, duty=duty, make=make, **more)


_SIGNED = "The signature must fit id, time and the very bytes (Standard Webhooks)."
_ROBUST = "What cannot be read is the sender’s fault: 4xx, or it is sent for days."
_ONCE = FAULTS["webhook_duplicate"].rule

#: In the order in which they are made.
CHECKS: Final[Sequence[Check]] = (
    _fault("webhook_signature_wrong", "refuse", signature(other_digit)),
    Check(
        name="webhook_signature_cut",
        says="Only the beginning of the good signature is there.",
        rule=_SIGNED,
        duty="refuse",
        make=signature(cut),
    ),
    Check(
        name="webhook_signature_empty",
        says="The signature is empty.",
        rule=_SIGNED,
        duty="refuse",
        make=empty,
    ),
    Check(
        name="webhook_body_altered",
        says="One byte was added to the body after it was signed.",
        rule=_SIGNED,
        duty="refuse",
        make=later_body,
    ),
    Check(
        name="webhook_id_altered",
        says="The message id was changed after it was signed: a replay that looks new.",
        rule=_SIGNED,
        duty="refuse",
        make=other_id,
        fits=_signs_its_id,
    ),
    Check(
        name="webhook_time_altered",
        says="An old message has the time of now written over its own.",
        rule=_SIGNED,
        duty="refuse",
        make=moved_to_now,
        fits=_has_time,
    ),
    _fault("webhook_secret_unknown", "refuse", by_a_stranger),
    _fault("webhook_unsigned", "refuse", unsigned),
    Check(
        name="webhook_version_unknown_only",
        says="The good signature is said to be of a version that nobody knows.",
        rule="A signature of an unknown version is skipped, and none is left.",
        duty="refuse",
        make=only_of_another_version,
    ),
    _fault("webhook_stale", "refuse", at(-HOUR), fits=_has_time),
    _fault("webhook_from_the_future", "refuse", at(HOUR), fits=_refuses_the_future),
    _fault("webhook_timestamp_malformed", "refuse", time_as_date, fits=_has_time),
    _fault(
        "webhook_signature_malformed",
        "refuse",
        signature(lambda one: one.encode().hex()),
    ),
    Check(
        name="webhook_header_bytes",
        says="The signature has bytes in it that are no ASCII.",
        rule=_ROBUST,
        duty="refuse",
        make=signature(lambda one: f"{one}\xe4\xff"),
    ),
    Check(
        name="webhook_oversize_unsigned",
        says="The message is not signed, and five megabytes large.",
        rule="A body that is read has a largest size.",
        duty="refuse",
        make=huge_and_unsigned,
    ),
    _fault("webhook_secret_rotated", "accept", with_a_strangers, fits=_has_several),
    Check(
        name="webhook_version_unknown",
        says="Beside the good signature there is one of a version that nobody knows.",
        rule="What is of an unknown version is skipped, so that new ones can come.",
        duty="accept",
        make=of_another_version,
        fits=_has_several,
    ),
    _fault("webhook_duplicate", "accept", right, copies=2),
    Check(
        name="webhook_duplicate_at_once",
        says=f"The message comes {AT_ONCE} times at once.",
        rule=_ONCE,
        duty="accept",
        make=right,
        copies=AT_ONCE,
        at_once=True,
    ),
    Check(
        name="webhook_json_malformed",
        says="The message is signed, but its JSON breaks off.",
        rule=_ROBUST,
        duty="cope",
        make=saying(b'{"type": "order.paid", "data": {'),
    ),
    Check(
        name="webhook_not_utf8",
        says="The message is signed, but its bytes are no text.",
        rule=_ROBUST,
        duty="cope",
        make=saying(b'{"type": "\xff\xfe", "data": {}}'),
    ),
    Check(
        name="webhook_empty",
        says="The message is signed, and empty.",
        rule=_ROBUST,
        duty="cope",
        make=saying(b""),
    ),
    _fault("webhook_schema", "cope", saying(b'{"happened": "something"}')),
    _fault(
        "webhook_content_type",
        "cope",
        as_text,
        note="It does not look at the Content-Type.",
    ),
    Check(
        name="webhook_oversize",
        says="The message is signed and five megabytes large.",
        rule="A body that is read has a largest size.",
        duty="cope",
        make=saying(b'{"data": "%s"}' % (b"x" * OVERSIZE)),
        note="It reads five megabytes.",
    ),
    Check(
        name="webhook_slow_body",
        says="The body comes piece by piece; meanwhile another message comes.",
        rule="Who sends slowly keeps nobody else waiting.",
        duty="cope",
        make=right,
        slowly=True,
    ),
)
