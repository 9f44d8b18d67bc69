"""What a call is made of, told apart."""

from dataclasses import replace

import pytest
from hypothesis import given

from oauthapp.recorder.call import Call
from oauthapp.recorder.parts import Cookie
from oauthapp.recorder.parts import cookies_sent
from oauthapp.recorder.parts import cookies_set
from oauthapp.recorder.parts import form
from oauthapp.recorder.parts import query
from oauthapp.recorder.parts import target
from tests.recorder.exports.sample import GOOD
from tests.recorder.exports.sample import calls


def test_query_parameters_are_decoded_in_order_and_all_of_them() -> None:
    call = replace(GOOD, url="http://a.example/x?b=%20+1&a=&b=2#c=3")

    assert query(call) == (("b", "  1"), ("a", ""), ("b", "2"))


def test_a_form_has_fields_and_nothing_else_has() -> None:
    headers = (("content-type", "application/x-www-form-urlencoded; charset=utf-8"),)
    call = replace(GOOD, request_body="a=1&b=x%3Dy")

    assert form(replace(call, request_headers=headers)) == (("a", "1"), ("b", "x=y"))
    assert form(call) == ()


def test_cookies_of_a_request() -> None:
    assert cookies_sent((("Cookie", "a=1; b=x=y"), ("cookie", "c"))) == (
        Cookie(name="a", value="1"),
        Cookie(name="b", value="x=y"),
        Cookie(name="c", value=""),
    )


def test_cookies_of_an_answer_have_attributes() -> None:
    headers = (("Set-Cookie", "a=1; Path=/; HttpOnly"), ("X", "y=1"))

    assert cookies_set(headers) == (
        Cookie(name="a", value="1", attributes=(("Path", "/"), ("HttpOnly", ""))),
    )


@pytest.mark.parametrize(
    ("url", "written"),
    [
        ("http://a.example", "/"),
        ("http://a.example/x?y#z", "/x?y"),
        ("http://a.example/x?", "/x?"),
        ("http://[bad/x", "http://[bad/x"),
    ],
)
def test_the_target_is_path_and_query(url: str, written: str) -> None:
    assert target(replace(GOOD, url=url)) == written


@given(calls)
def test_nothing_is_too_strange_to_be_told_apart(call: Call) -> None:
    query(call), form(call), target(call)
    cookies_sent(call.request_headers), cookies_set(call.answer_headers)
