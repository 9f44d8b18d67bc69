"""A bin answers within bounds, and never with what could act on the app's origin."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oauthapp.ui.bins.form import BODY_LIMIT
from oauthapp.ui.bins.form import CONTENT_TYPES
from oauthapp.ui.bins.form import DELAY_LIMIT
from oauthapp.ui.bins.form import FAILURES_LIMIT
from oauthapp.ui.bins.form import HEADERS
from oauthapp.ui.bins.form import Behaviour
from oauthapp.ui.bins.form import read
from oauthapp.ui.bins.refusals import BinUnusable

GOOD = {
    "status": "429",
    "content_type": "application/json",
    "headers": "retry-after: 7\r\n\r\nLocation: /bins/abc_-9/next\n",
    "body": '{"a": 1}\r\n',
    "delay": "0.5",
    "failures": "2",
    "failing_status": "500",
}


def test_what_is_written_is_what_it_does() -> None:
    assert read(GOOD) == Behaviour(
        status=429,
        content_type="application/json",
        headers=(("Retry-After", "7"), ("Location", "/bins/abc_-9/next")),
        body='{"a": 1}\n',
        delay=0.5,
        failures=2,
        failing_status=500,
    )


def test_what_is_left_out_is_usual() -> None:
    assert read({}) == read({"status": " ", "body": ""}) == Behaviour()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("status", "100"),
        ("status", "199"),
        ("status", "600"),
        ("status", "200.5"),
        ("status", "two"),
        ("status", "٢٠٠"),
        ("delay", "5.1"),
        ("delay", "-1"),
        ("delay", "nan"),
        ("delay", "1e3"),
        ("delay", "inf"),
        ("failures", "101"),
        ("failures", "1.5"),
        ("failing_status", "200"),
        ("failing_status", "302"),
        ("content_type", "text/html"),
        ("content_type", "text/javascript"),
        ("content_type", "image/svg+xml"),
        ("content_type", "text/plain; charset=utf-7"),
        ("headers", "Set-Cookie: a=b"),
        ("headers", "Content-Security-Policy: default-src *"),
        ("headers", "Access-Control-Allow-Origin: *"),
        ("headers", "Content-Type: text/html"),
        ("headers", "Service-Worker-Allowed: /"),
        ("headers", "Refresh: 0; url=//evil.example"),
        ("headers", "Clear-Site-Data: *"),
        ("headers", "X-Accel-Redirect: /etc/passwd"),
        ("headers", "WWW-Authenticate: Basic realm=bank"),
        ("headers", "no colon"),
        ("headers", "Retry-After:"),
        ("headers", "Retry-After: ü"),
        ("headers", "Retry-After: " + "7" * 201),
        ("headers", "Retry-After: 1\x00"),
        ("headers", "Location: https://evil.example/"),
        ("headers", "Location: //evil.example/bins/x"),
        ("headers", "Location: /login/demo"),
        ("headers", "Location: /bins/../login/demo"),
        ("headers", "Location: /bins/x/../../me"),
        ("headers", "Location: /bins/x\\..\\me"),
        ("headers", "Location: javascript:alert(1)"),
        ("body", "x" * (BODY_LIMIT + 1)),
        ("body", "a\0b"),
        ("body", "\ud800"),
    ],
)
def test_what_cannot_be_is_refused(field: str, value: str) -> None:
    with pytest.raises(BinUnusable) as refused:
        read({**GOOD, field: value})

    assert refused.value.arrived and refused.value.expected


@pytest.mark.parametrize("status", ["204", "205", "304"])
def test_a_status_that_has_no_body_gets_none(status: str) -> None:
    with pytest.raises(BinUnusable):
        read({"status": status, "body": "x"})
    assert read({"status": status}).body == ""


@given(
    st.fixed_dictionaries(
        {},
        optional={
            name: st.one_of(st.sampled_from([good, "", "0"]), st.text(max_size=40))
            for name, good in GOOD.items()
        },
    )
)
def test_whatever_is_written_stays_within_bounds(form: dict[str, str]) -> None:
    try:
        told = read(form)
    except BinUnusable:
        return
    assert 200 <= told.status <= 599 and 400 <= told.failing_status <= 599
    assert 0 <= told.delay <= DELAY_LIMIT and 0 <= told.failures <= FAILURES_LIMIT
    assert told.content_type in CONTENT_TYPES
    for name, value in told.headers:
        assert name in HEADERS.values()
        assert value.isprintable() and value.isascii()
        if name == "Location":
            assert re.match(r"/bins/[\w-]", value) and "." not in value
