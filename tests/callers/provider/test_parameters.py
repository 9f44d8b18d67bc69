"""What was sent survives as it was sent."""

import time
from urllib.parse import parse_qsl
from urllib.parse import urlsplit

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from oauthapp.callers.provider.parameters import printable
from oauthapp.callers.provider.parameters import sent_parameters
from oauthapp.parameters import add_to_query
from oauthapp.parameters import repeated

app = Flask(__name__)


def test_the_query_of_a_get_and_the_form_of_a_post_count() -> None:
    with app.test_request_context("/?a=1&a=2&b=", method="GET"):
        assert sent_parameters() == (("a", "1"), ("a", "2"), ("b", ""))
    with app.test_request_context("/?a=1", method="POST", data={"b": "2"}):
        assert sent_parameters() == (("b", "2"),)


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", ""])
def test_a_body_that_is_no_form_holds_no_parameters(content_type: str) -> None:
    with app.test_request_context(
        "/?a=1", method="POST", data=b"a=1", content_type=content_type
    ):
        assert sent_parameters() == ()


def test_bytes_that_are_no_utf_8_come_back_as_they_were() -> None:
    with app.test_request_context("/?state=%FF%00%C3%28+%2B"):
        (pair,) = sent_parameters()

    assert add_to_query("/cb", [pair]) == "/cb?state=%FF%00%C3%28%20%2B"


@given(st.lists(st.tuples(st.text(min_size=1), st.text())))
def test_what_is_added_to_a_uri_can_be_read_back(pairs: list[tuple[str, str]]) -> None:
    uri = add_to_query("https://rp.example/cb?kept=1", pairs)

    assert uri.startswith("https://rp.example/cb?kept=1")
    read = parse_qsl(urlsplit(uri).query, keep_blank_values=True)
    assert read == [("kept", "1"), *pairs]


def test_names_that_come_more_than_once_are_told() -> None:
    assert repeated((("a", "1"), ("b", "1"), ("a", "1"))) == ("a",)


def test_a_megabyte_of_names_is_looked_through_once() -> None:
    many = tuple((f"{number:x}", "") for number in range(150_000))
    began = time.thread_time()

    assert repeated((*many, ("a", ""))) == ("a",)
    assert time.thread_time() - began < 5  # name by name it takes minutes


@given(st.text(alphabet=st.characters(codec=None, exclude_categories=[])))
def test_what_is_shown_can_always_be_written(text: str) -> None:
    shown = printable(text)

    assert shown.isprintable()
    shown.encode()
