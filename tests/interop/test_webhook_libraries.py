"""The senders' own libraries sign what we accept, and accept what we sign."""

import time
from datetime import UTC
from datetime import datetime

import pytest
import standardwebhooks
import stripe
import svix.webhooks

from oauthapp.callbacks.webhook.schemes import SCHEMES
from oauthapp.callbacks.webhook.verify import Verdict
from oauthapp.callbacks.webhook.verify import verify
from oauthapp.callers.sender.sign import signed_headers
from tests.interop.node_tools import running

SYMMETRIC = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
#: Stripe's and GitHub's are taken as they are written.
SHARED = [
    "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
    "It's a Secret to Everybody",
    "ü€😀",
]
BODIES = [
    '{"id":"evt_1","object":"event","type":"t"}',
    '{"id":"evt_1","object":"event","name":"Zoë 😀 \\u0000"}\n',
    '{ "id" : "evt_1", "object": "event",\r\n\t"x": [1.0, 1e3] }',
]
NOW = 0

bodies = pytest.mark.parametrize("body", BODIES)
secrets = pytest.mark.parametrize("secret", SHARED)


@pytest.fixture(autouse=True)
def at_this_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test signs for its own moment: the libraries look at the machine's clock."""
    monkeypatch.setitem(globals(), "NOW", int(time.time()))


def judged(scheme: str, secret: str, headers: dict[str, str], body: str) -> Verdict:
    return verify(
        scheme=SCHEMES[scheme],
        secrets=[secret],
        headers=headers,
        body=body.encode(),
        now=NOW,
    )


def ours(scheme: str, secret: str, body: str) -> dict[str, str]:
    return signed_headers(
        scheme=scheme,
        secret=secret,
        message_id="msg_1",
        timestamp=NOW,
        body=body.encode(),
    )


STANDARD_LIBRARIES = [
    (standardwebhooks.Webhook, standardwebhooks.WebhookVerificationError),
    (svix.webhooks.Webhook, svix.webhooks.WebhookVerificationError),
]


@bodies
@pytest.mark.parametrize(("library", "_failure"), STANDARD_LIBRARIES)
def test_what_a_standard_library_signs_we_accept(library, _failure, body) -> None:
    signature = library(SYMMETRIC).sign("msg_1", datetime.fromtimestamp(NOW, UTC), body)
    headers = ours("standard", SYMMETRIC, "another") | {"webhook-signature": signature}
    verdict = judged("standard", SYMMETRIC, headers, body)
    assert (verdict.reason, verdict.message_id) == ("", "msg_1")
    assert not judged("standard", SYMMETRIC, headers, body + " ").accepted


@bodies
@pytest.mark.parametrize(("library", "failure"), STANDARD_LIBRARIES)
def test_what_we_sign_a_standard_library_accepts(library, failure, body) -> None:
    headers = ours("standard", SYMMETRIC, body)
    library(SYMMETRIC).verify(body.encode(), headers)
    with pytest.raises(failure):
        library(SYMMETRIC).verify(body.encode() + b" ", headers)


@bodies
@secrets
def test_what_stripe_signs_we_accept(secret: str, body: str) -> None:
    header = stripe.WebhookSignature.generate_signature_header(body, secret, NOW)
    headers = {"Stripe-Signature": header}
    verdict = judged("stripe", secret, headers, body)
    assert (verdict.reason, verdict.message_id) == ("", "evt_1")
    assert not judged("stripe", secret, headers, body + " ").accepted


@bodies
@secrets
def test_what_we_sign_stripe_accepts(secret: str, body: str) -> None:
    header = ours("stripe", secret, body)["Stripe-Signature"]
    event = stripe.Webhook.construct_event(body.encode(), header, secret)
    assert event["id"] == "evt_1"
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(body.encode() + b" ", header, secret)


@bodies
@secrets
def test_octokit_signs_what_we_accept_and_accepts_what_we_sign(
    node_packages: None, secret: str, body: str
) -> None:
    headers = ours("github", secret, body)
    good = headers["X-Hub-Signature-256"]
    bad = ours("github", secret, body + " ")["X-Hub-Signature-256"]
    told = {"secret": secret, "body": body, "signatures": [good, bad]}
    with running("webhooks.mjs", told) as said:
        for theirs in said["signed"]:
            signed = headers | {"X-Hub-Signature-256": theirs}
            assert judged("github", secret, signed, body).accepted
        assert said["believed"] == [[True, True], [False, False]]
