"""Whichever checks are off, the others still judge, and nothing else goes wrong."""

from collections.abc import Callable
from collections.abc import Collection
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oauthapp.callbacks.backchannel import verify as backchannel
from oauthapp.callbacks.redirect import id_token
from oauthapp.callbacks.redirect import verify as redirect
from oauthapp.callbacks.security_event import verify as security_event
from oauthapp.callbacks.webhook import verify as webhook
from oauthapp.errors import Refused
from oauthapp.safeguards import SAFEGUARDS
from oauthapp.weaknesses import passed_over
from tests.attacks.evil_provider import altered
from tests.callbacks.redirect import test_id_token as tokens
from tests.callbacks.redirect import test_verify as answers
from tests.callbacks.webhook import test_verify as messages

CAN_BE_OFF = [name for name, one in SAFEGUARDS.items() if not one.always_on]
ANSWERS = {
    row: replace(answers.GOOD, **spoilt) for row, spoilt in answers.SPOILT.items()
}
MESSAGES = {
    way: replace(messages.GOOD, headers=headers)
    for way, (_refusal, headers) in messages.SPOILT.items()
}
LIES = [lie for lies in tokens.SPOILT.values() for lie in lies]

some_off = st.frozensets(st.sampled_from(CAN_BE_OFF), min_size=1)
everything_off = frozenset(CAN_BE_OFF)
json_values = st.none() | st.booleans() | st.floats() | st.text() | st.just({"a": {}})
claims = st.dictionaries(
    st.sampled_from(["iss", "aud", "iat", "exp", "events", "sub", "sid", "jti"]),
    json_values,
)


@pytest.mark.parametrize("row", [row for row in ANSWERS if row in CAN_BE_OFF])
def test_an_answer_that_only_this_check_would_refuse_is_believed_without_it(
    row: str,
) -> None:
    assert redirect.believe(ANSWERS[row], {row}).pending is not None
    assert passed_over(redirect.CHECKS, ANSWERS[row], {row}) == (
        SAFEGUARDS[row].reason,
    )


@pytest.mark.parametrize("row", [row for row in ANSWERS if row not in CAN_BE_OFF])
def test_what_is_always_on_judges_also_when_all_else_is_off(row: str) -> None:
    with pytest.raises(Refused) as refused:
        redirect.believe(ANSWERS[row], everything_off)

    assert refused.value.code == SAFEGUARDS[row].reason


def test_nothing_is_passed_over_in_what_is_good() -> None:
    assert passed_over(redirect.CHECKS, answers.GOOD, everything_off) == ()
    assert passed_over(webhook.CHECKS, messages.GOOD, everything_off) == ()


@given(st.sampled_from(sorted(ANSWERS)), st.sampled_from(sorted(ANSWERS)), some_off)
def test_an_answer_is_believed_or_refused_whatever_is_off(
    one: str, other: str, off: Collection[str]
) -> None:
    spoilt = {**answers.SPOILT[one], **answers.SPOILT[other]}
    judge(redirect.believe, replace(answers.GOOD, **spoilt), off)


@given(st.sampled_from(sorted(MESSAGES)), some_off, st.floats(0, 4e9))
def test_a_message_is_believed_or_refused_whatever_is_off(
    way: str, off: Collection[str], now: float
) -> None:
    judge(webhook.believe, replace(MESSAGES[way], now=now), off)
    judge(webhook.believe, MESSAGES[way], everything_off)


@given(st.sampled_from(LIES), some_off)
def test_an_id_token_is_believed_or_refused_whatever_is_off(
    lie: dict[str, Any], off: Collection[str]
) -> None:
    told = altered(tokens.GOOD, lie)
    judge(
        id_token.believe_claims,
        id_token.Claimed(claims=told, expected=tokens.EXPECTED),
        off,
    )


@given(claims, some_off)
def test_a_logout_is_believed_or_refused_whatever_is_off(
    told: dict[str, Any], off: Collection[str]
) -> None:
    seen = backchannel.Evidence(claims=told, issuer="i", client_id="c", now=1e9)
    judge(backchannel.believe, seen, off)
    judge(backchannel.believe, seen, everything_off)


@given(claims, some_off)
def test_an_event_is_believed_or_refused_whatever_is_off(
    told: dict[str, Any], off: Collection[str]
) -> None:
    seen = security_event.Evidence(
        header={}, claims=told, body=b"", issuer="i", client_id="c", now=1e9
    )
    judge(security_event.believe, seen, off)
    judge(security_event.believe, seen, everything_off)


def judge(
    believe: Callable[[Any, Collection[str]], object], seen: Any, off: Collection[str]
) -> None:
    """Believe or refuse: anything else that is raised fails the test."""
    try:
        believe(seen, off)
    except Refused as refusal:
        on = [one for name, one in SAFEGUARDS.items() if name not in off]
        assert refusal.code in [one.reason for one in on]
