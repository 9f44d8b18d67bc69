"""What we sign, others believe."""

import base64
import time

from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from standardwebhooks import Webhook

from oauthapp.callbacks.webhook.schemes import STANDARD
from oauthapp.callbacks.webhook.verify import verify
from oauthapp.callers.sender.sign import signed_headers

SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"


def test_the_reference_implementation_believes_what_we_sign() -> None:
    body = '{"type":"t","data":{"name":"Zoë"}}'.encode()
    headers = signed_headers(
        secrets=[SECRET], message_id="msg_1", timestamp=int(time.time()), body=body
    )
    Webhook(SECRET).verify(body, headers)


@settings(max_examples=100, deadline=None)
@given(st.binary(), st.integers(0, 10**11))
def test_our_own_receiver_believes_what_we_sign(body: bytes, timestamp: int) -> None:
    headers = signed_headers(
        secrets=[SECRET], message_id="msg_1", timestamp=timestamp, body=body
    )
    verdict = verify(
        scheme=STANDARD, secrets=[SECRET], headers=headers, body=body, now=timestamp
    )
    assert verdict.accepted


def test_another_time_gives_another_signature() -> None:
    first, second = (
        signed_headers(secrets=[SECRET], message_id="msg_1", timestamp=at, body=b"{}")
        for at in (1, 2)
    )
    assert first["webhook-id"] == second["webhook-id"]
    assert first["webhook-signature"] != second["webhook-signature"]


def test_while_a_secret_is_replaced_both_sign() -> None:
    other = "whsec_" + base64.b64encode(b"o" * 32).decode()
    headers = signed_headers(
        secrets=[SECRET, other], message_id="msg_1", timestamp=1, body=b"{}"
    )

    assert headers["webhook-signature"].count("v1,") == 2
    for secret in (SECRET, other):
        seen = verify(secrets=[secret], headers=headers, body=b"{}", now=1)
        assert seen.accepted
