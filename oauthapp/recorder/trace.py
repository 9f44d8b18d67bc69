"""How the two records of one call find each other: W3C Trace Context. Pure.

What we send carries `traceparent`, whose span id is the id of the outbound call;
the party that answers, if it is ours, keeps it as `caller_id`. It only ever decides
what is drawn as one arrow: anybody may write that header.
"""

import re

_TRACEPARENT = re.compile(r"00-[0-9a-f]{32}-(?P<span>[0-9a-f]{16})-[0-9a-f]{2}")


def traceparent(trace_id: str, call_id: str) -> str:
    """The header for an outbound call (32 and 16 hex digits)."""
    return f"00-{trace_id}-{call_id}-01"


def caller_in(header: str) -> str | None:
    """The id of the outbound call that a `traceparent` header names, if any."""
    match = _TRACEPARENT.fullmatch(header)
    return match["span"] if match else None
