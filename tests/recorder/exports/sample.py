"""A call to export, and the odd things that strangers send."""

from hypothesis import strategies as st

from oauthapp.recorder.call import Call

GOOD = Call(
    id="00000000000000aa",
    party="app",
    direction="inbound",
    at=1_700_000_000.25,
    ms=12.5,
    method="POST",
    url="http://localhost:5000/webhooks/demo?a=1&a=2",
    request_headers=(
        ("Host", "localhost:5000"),
        ("Content-Type", "application/json"),
        ("Content-Length", "16"),
        ("Webhook-Id", "msg_1"),
    ),
    request_body='{"type": "t\'x!"}',
    status=204,
    answer_headers=(("Content-Type", "text/html"), ("Set-Cookie", "a=b; Path=/")),
    answer_body="",
    kind="webhook",
    verdict="accepted",
    reason="",
    parent_id=None,
    caller_id=None,
    links=frozenset(),
)

#: What has hurt somebody once.
TRICKS = (
    "$(touch pwned)",
    "`touch pwned`",
    "'; touch pwned; '",
    '"; touch pwned; "',
    "\\'; touch pwned #",
    "\n touch pwned\n",
    "@/etc/hostname",
    "@pwned",
    "-o pwned",
    "--output pwned",
    "--url",
    "--config /etc/hostname",
    "-",
    "!!",
    "{a,b}[1-3]",
    "\x1b[201~\x03touch pwned\n",
    "\x1b]0;owned\x07",
    "\u202etxt.exe",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "\r\nX-Injected: 1",
    "\0",
    "\ud800",
    "é\xff\x85",
    "%0d%0a",
    "end; loop x",
    "*/ --> ]]> \u2028 {{ 7*7 }}",
    '"""',
    "[code 0123456789ab]",
    "=cmd|' /C calc'!A0",
)
odd_text = st.text(max_size=40) | st.sampled_from(TRICKS)
odd_text = odd_text | st.tuples(odd_text, odd_text).map("".join)

headers = st.lists(
    st.tuples(
        st.from_regex(r"X-[A-Za-z0-9-]{1,10}", fullmatch=True) | odd_text, odd_text
    ),
    max_size=4,
).map(tuple)

calls = st.builds(
    Call,
    id=st.just("00000000000000aa"),
    party=st.sampled_from(["app", "provider"]),
    direction=st.sampled_from(["inbound", "outbound"]),
    at=st.floats(0, 4e9),
    ms=st.floats(0, 1e6),
    method=st.sampled_from(["GET", "POST", "HEAD", "SIGNAL"]) | odd_text,
    url=odd_text | odd_text.map(lambda text: f"http://localhost:5000/{text}"),
    request_headers=headers,
    request_body=odd_text,
    status=st.none() | st.integers(100, 599),
    answer_headers=headers,
    answer_body=odd_text,
    kind=st.sampled_from(["redirect", "webhook"]),
    verdict=st.sampled_from(["", "accepted", "refused", "failed"]),
    reason=st.sampled_from(["", "signature_mismatch", "state_unknown"]) | odd_text,
    parent_id=st.none(),
    caller_id=st.none(),
    links=st.just(frozenset()),
)
