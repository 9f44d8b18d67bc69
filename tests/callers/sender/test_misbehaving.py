"""Each spoiled message would be believed by a receiver that leaves out one check.

One that is wrong in a second way proves nothing: it is refused for that.
"""

import base64
from dataclasses import replace
from datetime import datetime

from oauthapp.callers.sender.misbehaving import PARCELS
from oauthapp.callers.sender.parcel import Packed
from oauthapp.callers.sender.parcel import Parcel
from oauthapp.callers.sender.sign import signed_headers

SECRET = "whsec_" + base64.b64encode(b"s" * 32).decode()
OTHER = "whsec_" + base64.b64encode(b"o" * 32).decode()
GOOD = Parcel(
    secrets=[SECRET],
    message_id="msg_1",
    timestamp=1_700_000_000,
    body=b'{"type": "order.paid", "data": {}}',
)


def spoiled(name: str, good: Parcel = GOOD) -> Packed:
    found = PARCELS[name](good)
    assert found is not None
    return found


def is_signed(one: Packed, secret: str = SECRET) -> bool:
    """What somebody believes who checks the signature and nothing else."""
    right = signed_headers(
        secret=secret,
        message_id=one.headers["webhook-id"],
        timestamp=one.headers["webhook-timestamp"],  # type: ignore[arg-type]
        body=one.body,
    )
    given = one.headers["webhook-signature"].split(" ")
    return right["webhook-signature"] in given


def test_these_are_wrong_in_one_way_but_signed_rightly() -> None:
    for name in (
        *("webhook_stale", "webhook_from_the_future", "webhook_timestamp_malformed"),
        *("webhook_id_malformed", "webhook_content_type", "webhook_schema"),
        *("webhook_oversize", "webhook_duplicate", "webhook_answer_lost"),
        "webhook_secret_rotated",
    ):
        assert is_signed(spoiled(name)), name


def test_these_have_all_but_a_right_signature() -> None:
    for name in ("webhook_signature_wrong", "webhook_body_altered", "push_forged"):
        one = spoiled(name)
        assert not is_signed(one), name
        assert one.headers.keys() == GOOD.packed().headers.keys(), name


def test_a_time_that_is_written_wrongly_is_the_right_time() -> None:
    written = spoiled("webhook_timestamp_malformed").headers["webhook-timestamp"]

    assert datetime.fromisoformat(written).timestamp() == GOOD.timestamp


def test_one_that_is_not_signed_has_its_id_and_its_time() -> None:
    headers = dict(GOOD.packed().headers)
    del headers["webhook-signature"]

    assert spoiled("webhook_unsigned").headers == headers


def test_while_a_secret_is_replaced_both_signatures_are_wrong() -> None:
    one = spoiled("webhook_signature_wrong", replace(GOOD, secrets=[SECRET, OTHER]))

    assert len(one.headers["webhook-signature"].split(" ")) == 2
    assert not is_signed(one)
    assert not is_signed(one, OTHER)
