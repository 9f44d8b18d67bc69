"""How the two records of one call find each other."""

import pytest

from oauthapp.recorder.call import new_call_id
from oauthapp.recorder.trace import caller_in
from oauthapp.recorder.trace import traceparent

TRACE, CALL = "0123456789abcdef" * 2, "00f067aa0ba902b7"


def test_what_is_sent_is_found_again() -> None:
    assert traceparent(TRACE, CALL) == f"00-{TRACE}-{CALL}-01"
    assert caller_in(traceparent(TRACE, CALL)) == CALL


@pytest.mark.parametrize(
    "header",
    [
        "",
        "garbage",
        f"00-{TRACE}-{CALL}",
        f"00-{TRACE}-{CALL.upper()}-01",
        f"00-{TRACE}-{CALL}-01\n",
        f"01-{TRACE}-{CALL}-01",
        f" 00-{TRACE}-{CALL}-01",
        f"00-{TRACE}-{CALL}0-01",
    ],
)
def test_any_other_header_names_nobody(header: str) -> None:
    assert caller_in(header) is None


def test_a_new_call_id_is_a_span_id_and_later_ones_sort_later() -> None:
    first, second = new_call_id(), new_call_id()

    assert caller_in(traceparent("ab" * 16, first)) == first
    assert first < second
    assert first[:8] == second[:8]
