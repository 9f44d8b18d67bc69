"""Is this message from them?"""

import base64
import hashlib
import hmac
import time
from dataclasses import replace
from datetime import UTC
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from standardwebhooks import Webhook

from oauthapp.callbacks.webhook import refusals
from oauthapp.callbacks.webhook.evidence import Evidence
from oauthapp.callbacks.webhook.schemes import STANDARD
from oauthapp.callbacks.webhook.verify import CHECKS
from oauthapp.callbacks.webhook.verify import Message
from oauthapp.callbacks.webhook.verify import believe
from oauthapp.callbacks.webhook.verify import verify

SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
OLD_SECRET = "whsec_" + base64.b64encode(b"o" * 24).decode()
NOW = 1_700_000_000
BODY = b'{"type":"session.created","timestamp":"t","data":{"sid":"s1"}}'


def signature(
    secret: str = SECRET, id: str = "msg_1", timestamp: str = str(NOW), body=BODY
) -> str:
    """Written here once more, so that it does not share a mistake with the code."""
    key = base64.b64decode(secret[6:])
    mac = hmac.new(key, f"{id}.{timestamp}.".encode() + body, hashlib.sha256)
    return "v1," + base64.b64encode(mac.digest()).decode()


def headers(**changes: str | None) -> dict[str, str]:
    """Good headers but for `changes`; None removes one."""
    good: dict[str, str | None] = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(NOW),
        "webhook-signature": signature(),
    }
    good |= {f"webhook-{name}": value for name, value in changes.items()}
    return {name: value for name, value in good.items() if value is not None}


GOOD = Evidence(secrets=[SECRET], headers=headers(), body=BODY, now=NOW)

EXACT = signature().removeprefix("v1,")

SPOILT = {
    "no id": (refusals.HeaderMissing, headers(id=None)),
    "no timestamp": (refusals.HeaderMissing, headers(timestamp=None)),
    "no signature": (refusals.HeaderMissing, headers(signature=None)),
    "empty id": (refusals.HeaderMissing, headers(id="")),
    "id with a dot": (refusals.MessageIdMalformed, headers(id="msg.1")),
    "id with a space": (refusals.MessageIdMalformed, headers(id="msg 1")),
    "id not ASCII": (refusals.MessageIdMalformed, headers(id="msg_é")),
    "id with a line break": (refusals.MessageIdMalformed, headers(id="msg_1\n")),
    "id too long": (refusals.MessageIdMalformed, headers(id="m" * 257)),
    "fraction": (refusals.TimestampMalformed, headers(timestamp=f"{NOW}.0")),
    "sign": (refusals.TimestampMalformed, headers(timestamp=f"+{NOW}")),
    "underscore": (refusals.TimestampMalformed, headers(timestamp="1_700_000_000")),
    "space": (refusals.TimestampMalformed, headers(timestamp=f" {NOW}")),
    "line break": (refusals.TimestampMalformed, headers(timestamp=f"{NOW}\n")),
    "other digits": (refusals.TimestampMalformed, headers(timestamp="١٧٠٠٠٠٠٠٠٠")),
    "endless digits": (refusals.TimestampMalformed, headers(timestamp="1" * 5000)),
    "not a number": (refusals.TimestampMalformed, headers(timestamp="nan")),
    "no pair": (refusals.SignatureMalformed, headers(signature=EXACT)),
    "no base64": (refusals.SignatureMalformed, headers(signature="v1,not base64!")),
    "no padding": (refusals.SignatureMalformed, headers(signature=signature()[:-1])),
    "hexadecimal": (refusals.SignatureMalformed, headers(signature="v1," + "a" * 64)),
    "line break after": (
        refusals.SignatureMalformed,
        headers(signature=signature() + "\n"),
    ),
    "other versions": (
        refusals.SignatureVersionUnknown,
        headers(signature=f"v1a,{EXACT} v2,{EXACT} V1,{EXACT}"),
    ),
    "another secret": (
        refusals.SignatureMismatch,
        headers(signature=signature(OLD_SECRET)),
    ),
    "only another version fits": (
        refusals.SignatureMismatch,
        headers(signature=f"{signature(OLD_SECRET)} v2,{EXACT}"),
    ),
    "another id": (refusals.SignatureMismatch, headers(id="msg_2")),
    "another time": (refusals.SignatureMismatch, headers(timestamp=str(NOW + 1))),
    "leading zero": (refusals.SignatureMismatch, headers(timestamp=f"0{NOW}")),
}


def test_a_signed_message_is_believed() -> None:
    message = believe(GOOD)
    assert (message.id, message.timestamp, message.body) == ("msg_1", NOW, BODY)


@pytest.mark.parametrize("way", SPOILT)
def test_a_message_spoilt_in_one_place_is_refused(way: str) -> None:
    refusal, spoilt = SPOILT[way]
    with pytest.raises(refusal):
        believe(replace(GOOD, headers=spoilt))


def test_every_check_has_a_case() -> None:
    times = {refusals.TimestampTooOld, refusals.TimestampInFuture}
    cases = {refusal for refusal, _headers in SPOILT.values()} | times
    assert {refusal for _holds, refusal in CHECKS} == cases


@pytest.mark.parametrize("place", range(len(BODY)))
def test_a_body_with_one_byte_altered_is_refused(place: int) -> None:
    altered = bytearray(BODY)
    altered[place] ^= 1
    with pytest.raises(refusals.SignatureMismatch):
        believe(replace(GOOD, body=bytes(altered)))


def test_300_seconds_either_way_are_accepted_and_301_are_not() -> None:
    assert believe(replace(GOOD, now=NOW + 300))
    assert believe(replace(GOOD, now=NOW - 300))
    with pytest.raises(refusals.TimestampTooOld):
        believe(replace(GOOD, now=NOW + 301))
    with pytest.raises(refusals.TimestampInFuture):
        believe(replace(GOOD, now=NOW - 301))


def test_an_id_of_256_visible_characters_is_accepted() -> None:
    id = "".join(chr(code) for code in range(33, 127) if chr(code) != ".")
    id = (id * 3)[:256]
    believed = believe(
        replace(GOOD, headers=headers(id=id, signature=signature(id=id)))
    )
    assert believed.id == id


def test_header_names_may_come_in_any_case() -> None:
    shouted = {name.upper(): value for name, value in headers().items()}
    assert believe(replace(GOOD, headers=shouted))


@pytest.mark.parametrize(
    "several",
    [
        f"v1a,{EXACT} {signature()}",
        f"{signature(OLD_SECRET)} {signature()}",
        f"{signature()} {signature(OLD_SECRET)}",
        f"v1,broken {signature()}",
        f"  {signature()} nothing ",
    ],
)
def test_one_good_signature_among_several_is_enough(several: str) -> None:
    assert believe(replace(GOOD, headers=headers(signature=several)))


@pytest.mark.parametrize("secrets", [[OLD_SECRET, SECRET], [SECRET, OLD_SECRET]])
def test_any_of_several_secrets_will_do(secrets: list[str]) -> None:
    assert believe(replace(GOOD, secrets=secrets))


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_no base64", "whsec_é"])
def test_a_secret_that_is_none_believes_nobody(secret: str) -> None:
    # Signed with what a careless decoder would make of it.
    careless = headers(signature=signature(secret if secret.isascii() else ""))
    with pytest.raises(refusals.SignatureVersionUnknown):
        believe(replace(GOOD, secrets=[secret], headers=careless))


def test_no_secrets_believe_nobody() -> None:
    with pytest.raises(refusals.SignatureVersionUnknown):
        believe(replace(GOOD, secrets=[]))


def test_a_check_that_is_off_lets_the_lie_through() -> None:
    forged = believe(replace(GOOD, body=b""), {"a_signature_is_theirs"})
    assert (forged.id, forged.body, forged.secret) == ("msg_1", b"", None)


def test_an_id_that_is_not_checked_is_cut_to_size() -> None:
    id = "m" * 300
    spoilt = replace(GOOD, headers=headers(id=id, signature=signature(id=id)))
    assert believe(spoilt, {"message_id_is_well_formed"}).id == "m" * 256


def test_of_a_header_that_came_twice_the_first_counts() -> None:
    rest = headers(id=None)
    twice = {"Webhook-Id": "msg_1", "webhook-id": "msg_2", **rest}
    assert believe(replace(GOOD, headers=twice)).id == "msg_1"
    other_way = {"webhook-id": "msg_2", "Webhook-Id": "msg_1", **rest}
    with pytest.raises(refusals.SignatureMismatch):
        believe(replace(GOOD, headers=other_way))


def test_nobody_else_can_make_a_message() -> None:
    for seal in (object(), None):
        with pytest.raises(TypeError, match="^a Message is made by"):
            Message(id="msg_1", timestamp=NOW, body=BODY, secret=0, seal=seal)
    with pytest.raises((TypeError, ValueError)):
        replace(believe(GOOD), body=b"another")


def test_a_refusal_does_not_tell_the_signature_or_the_secret() -> None:
    with pytest.raises(refusals.MessageRefused) as refused:
        believe(replace(GOOD, body=b""))
    told = str(refused.value.explain())
    assert EXACT not in told and SECRET not in told and "msg_1" in told


def test_the_verdict_is_the_message_or_the_reason() -> None:
    good = verify(
        scheme=STANDARD, secrets=[SECRET], headers=headers(), body=BODY, now=NOW
    )
    assert good.accepted and good.message and good.reason == ""
    bad = verify(
        scheme=STANDARD, secrets=[SECRET], headers=headers(), body=b"", now=NOW
    )
    assert not bad.accepted and bad.message is None
    assert bad.reason == "signature_mismatch"


def test_what_the_reference_implementation_signs_is_believed() -> None:
    when = datetime.fromtimestamp(NOW, UTC)
    signed = headers(signature=Webhook(SECRET).sign("msg_1", when, BODY.decode()))
    assert verify(
        scheme=STANDARD, secrets=[SECRET], headers=signed, body=BODY, now=NOW
    ).accepted


def test_what_is_believed_the_reference_implementation_believes() -> None:
    now = str(int(time.time()))
    signed = headers(timestamp=now, signature=signature(timestamp=now))
    assert verify(
        scheme=STANDARD, secrets=[SECRET], headers=signed, body=BODY, now=int(now)
    ).accepted
    Webhook(SECRET).verify(BODY, signed)


words = st.text(st.characters()) | st.from_regex(r"(v1|v1a|v2)?,?[A-Za-z0-9+/=]{0,50}")
#: Near misses: each part is the good one or anything at all.
anything = st.fixed_dictionaries(
    {
        "webhook-id": st.just("msg_1") | words,
        "webhook-timestamp": st.integers(NOW - 310, NOW + 310).map(str) | words,
        "webhook-signature": st.just(signature())
        | st.lists(words).map(" ".join)
        | st.just("resign"),
    }
)


def is_genuine(given_headers: dict[str, str], body: bytes) -> bool:
    """A plain check by other means: split, decode, compare."""
    id, timestamp = given_headers["webhook-id"], given_headers["webhook-timestamp"]
    expected = signature(id=id, timestamp=timestamp, body=body)
    return (
        expected in given_headers["webhook-signature"].split(" ")
        and abs(int(timestamp) - NOW) <= 300
        and "." not in id
    )


@settings(max_examples=300, deadline=None)
@given(anything, st.just(BODY) | st.binary(max_size=200))
def test_whatever_comes_nothing_is_raised_and_nothing_forged_is_accepted(
    arbitrary: dict[str, str], body: bytes
) -> None:
    if arbitrary["webhook-signature"] == "resign":
        id, timestamp = arbitrary["webhook-id"], arbitrary["webhook-timestamp"]
        try:
            arbitrary["webhook-signature"] = signature(
                id=id, timestamp=timestamp, body=body
            )
        except UnicodeEncodeError:
            pass
    verdict = verify(
        scheme=STANDARD, secrets=[SECRET], headers=arbitrary, body=body, now=NOW
    )
    assert not verdict.accepted or is_genuine(arbitrary, body)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.text(st.characters())),
    st.dictionaries(words, words),
    st.binary(),
    st.floats(),
)
def test_nothing_at_all_makes_the_verifier_raise(
    secrets: list[str], arbitrary: dict[str, str], body: bytes, now: float
) -> None:
    assert not verify(
        scheme=STANDARD, secrets=secrets, headers=arbitrary, body=body, now=now
    ).accepted
