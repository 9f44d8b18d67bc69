"""What we sign, others believe."""

import base64
import time

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from standardwebhooks import Webhook

from oauthapp.callbacks.webhook.schemes import SCHEMES
from oauthapp.callbacks.webhook.schemes import STANDARD
from oauthapp.callbacks.webhook.verify import verify
from oauthapp.callers.sender.sign import SIGNERS
from oauthapp.callers.sender.sign import attempt_headers
from oauthapp.callers.sender.sign import signed_headers
from tests.callbacks.webhook.senders import PRIVATE
from tests.callbacks.webhook.senders import PUBLIC
from tests.callbacks.webhook.senders import SHARED

SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"


def test_the_reference_implementation_believes_what_we_sign() -> None:
    body = '{"type":"t","data":{"name":"Zoë"}}'.encode()
    headers = signed_headers(
        secret=SECRET, message_id="msg_1", timestamp=int(time.time()), body=body
    )
    Webhook(SECRET).verify(body, headers)


PAIRS = [
    ("standard", SECRET, SECRET),
    ("standard", PRIVATE, PUBLIC),
    ("stripe", SHARED, SHARED),
    ("github", SHARED, SHARED),
    ("slack", SHARED, SHARED),
]


@pytest.mark.parametrize(("scheme", "signs", "checks"), PAIRS)
@settings(max_examples=50, deadline=None)
@given(body=st.binary(), timestamp=st.integers(0, 10**11))
def test_our_own_receiver_believes_what_we_sign(
    scheme: str, signs: str, checks: str, body: bytes, timestamp: int
) -> None:
    headers = signed_headers(
        scheme=scheme,
        secret=signs,
        message_id="msg_1",
        timestamp=timestamp,
        body=body,
    )
    verdict = verify(
        scheme=SCHEMES[scheme],
        secrets=[checks],
        headers=headers,
        body=body,
        now=timestamp,
    )
    assert verdict.accepted


@pytest.mark.parametrize(
    ("scheme", "secret"),
    [
        ("standard", ""),
        ("standard", "whsec_"),
        ("standard", "whsk_"),
        ("standard", PUBLIC),
        ("standard", SHARED[6:]),
        ("stripe", ""),
        ("github", ""),
        ("slack", "\ud800"),
    ],
)
def test_nothing_is_signed_with_what_is_no_secret(scheme: str, secret: str) -> None:
    with pytest.raises(ValueError, match="^write "):
        signed_headers(
            scheme=scheme, secret=secret, message_id="msg_1", timestamp=1, body=b"{}"
        )


def test_what_signs_is_what_can_be_checked() -> None:
    assert list(SIGNERS) == list(SCHEMES)


def test_another_time_gives_another_signature() -> None:
    first, second = (
        signed_headers(secret=SECRET, message_id="msg_1", timestamp=at, body=b"{}")
        for at in (1, 2)
    )
    assert first["webhook-id"] == second["webhook-id"]
    assert first["webhook-signature"] != second["webhook-signature"]


def test_while_a_secret_is_replaced_both_sign() -> None:
    other = "whsec_" + base64.b64encode(b"o" * 32).decode()
    headers = attempt_headers(
        secrets=[SECRET, other], message_id="msg_1", timestamp=1, body=b"{}"
    )

    assert headers["webhook-signature"].count("v1,") == 2
    for secret in (SECRET, other):
        seen = verify(
            scheme=STANDARD, secrets=[secret], headers=headers, body=b"{}", now=1
        )
        assert seen.accepted
