"""What does a refusal say, in words of whichever sender?"""

from dataclasses import replace

import pytest

from oauthapp.callbacks.webhook import refusals
from oauthapp.callbacks.webhook.schemes import SCHEMES
from oauthapp.callbacks.webhook.verify import CHECKS
from oauthapp.callbacks.webhook.verify import believe
from tests.callbacks.webhook.senders import GOOD
from tests.callbacks.webhook.senders import standard

KINDS = list(GOOD)

#: How what would have been right is begun, in the sender's own words.
BEGINNINGS = {
    "standard": {
        "header_missing": "webhook-id, webhook-timestamp and webhook-signature",
        "message_id_malformed": "webhook-id: ",
        "timestamp_malformed": "webhook-timestamp: ",
        "signature_malformed": "webhook-signature: v1,",
        "signature_version_unknown": "v1 for ",
        "signature_mismatch": "over id.timestamp.body: HMAC-SHA256 ",
    },
    "stripe": {
        "header_missing": "Stripe-Signature",
        "timestamp_malformed": "Stripe-Signature: t=",
        "signature_malformed": "Stripe-Signature: t=…,v1=",
        "signature_version_unknown": "v1 in Stripe-Signature",
        "signature_mismatch": "HMAC-SHA256 over t.body, ",
    },
    "github": {
        "header_missing": "X-GitHub-Delivery and X-Hub-Signature-256",
        "message_id_malformed": "X-GitHub-Delivery: ",
        "signature_malformed": "X-Hub-Signature-256: sha256=",
        "signature_version_unknown": "sha256 in X-Hub-Signature-256",
        "signature_mismatch": "HMAC-SHA256 over the body, ",
    },
    "slack": {
        "header_missing": "X-Slack-Request-Timestamp and X-Slack-Signature",
        "timestamp_malformed": "X-Slack-Request-Timestamp: ",
        "signature_malformed": "X-Slack-Signature: v0=",
        "signature_version_unknown": "v0 in X-Slack-Signature",
        "signature_mismatch": "HMAC-SHA256 over v0:timestamp:body, ",
    },
}


@pytest.mark.parametrize("kind", BEGINNINGS)
def test_what_would_have_been_right_is_said_in_the_senders_words(kind: str) -> None:
    says = SCHEMES[kind].expected
    assert list(says) == list(BEGINNINGS[kind])
    for code, beginning in BEGINNINGS[kind].items():
        assert says[code].startswith(beginning)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("code", [refusal.code for _holds, refusal in CHECKS])
def test_every_refusal_says_what_would_have_been_right(kind: str, code: str) -> None:
    scheme = GOOD[kind].scheme
    refusal = next(one for _holds, one in CHECKS if one.code == code)
    never = {
        "message_id_malformed": not scheme.id_header,
        "timestamp_malformed": not scheme.has_time,
    }
    says = scheme.expected.get(code, "") or refusal.expected
    assert bool(says) is not never.get(code, False)


ARRIVED = {
    "standard": "id 'msg_1', timestamp '1700000000', signature versions ['v1']",
    "stripe": "timestamp '1700000000', signature versions ['v0', 'v1']",
    "github": "id 'guid-1', signature versions ['sha256']",
    "slack": "timestamp '1700000000', signature versions ['v0']",
}


@pytest.mark.parametrize("kind", ARRIVED)
def test_a_refusal_shows_what_arrived(kind: str) -> None:
    with pytest.raises(refusals.SignatureMismatch) as refused:
        believe(replace(GOOD[kind], body=b"ab", now=1_700_000_000.4))
    clock = "2 bytes of body; our clock says 1700000000"
    assert refused.value.arrived == f"{ARRIVED[kind]}, {clock}"
    assert refused.value.expected == SCHEMES[kind].expected["signature_mismatch"]


def test_what_a_scheme_says_nothing_of_is_said_for_all() -> None:
    with pytest.raises(refusals.TimestampTooOld) as refused:
        believe(replace(GOOD["standard"], now=2e9))
    assert refused.value.expected == refusals.TimestampTooOld.expected != ""


def test_two_times_are_shown_both() -> None:
    twice = {"Stripe-Signature": f"t=1,{GOOD['stripe'].headers['Stripe-Signature']}"}
    with pytest.raises(refusals.TimestampMalformed) as refused:
        believe(replace(GOOD["stripe"], headers=twice))
    assert refused.value.arrived.startswith("timestamp '1,1700000000'")


def test_what_arrived_is_shown_cut_to_size() -> None:
    escaped = r"\xe9" * 64
    headers = standard(f"{'v' * 99},x", id="é" * 99, at="1" * 99)
    with pytest.raises(refusals.MessageIdMalformed) as refused:
        believe(replace(GOOD["standard"], headers=headers, body=b""))
    assert refused.value.arrived == (
        f"id '{escaped}', timestamp '{'1' * 24}', signature versions ['vvvvvvvv'], "
        "0 bytes of body; our clock says 1700000000"
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_refusal_tells_no_signature_and_no_secret(kind: str) -> None:
    with pytest.raises(refusals.SignatureMismatch) as refused:
        believe(replace(GOOD[kind], body=b""))
    told = str(refused.value.explain())
    assert not any(secret in told for secret in GOOD[kind].secrets)
    signature = list(GOOD[kind].headers.values())[-1]
    assert signature not in told and signature[-60:] not in told
