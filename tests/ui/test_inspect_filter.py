"""What the query asks for, or what is wrong with it; nothing else ever happens."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from oauthapp.recorder.filter import Filter
from oauthapp.recorder.search_store import page
from oauthapp.ui.inspect_filter import CHOICES
from oauthapp.ui.inspect_filter import FIELDS
from oauthapp.ui.inspect_filter import LAST_NUMBER
from oauthapp.ui.inspect_filter import FilterUnusable
from oauthapp.ui.inspect_filter import read


@pytest.mark.parametrize(
    ("given_", "wanted"),
    [
        ({}, {}),
        ({"kind": "", "text": "  ", "other": "ignored"}, {}),
        (
            {"kind": "in-process", "party": "app"},
            {"kind": "in-process", "party": "app"},
        ),
        ({"method": "post"}, {"method": "POST"}),
        ({"status": "404"}, {"status": 404}),
        ({"status": "4xx"}, {"status": 4}),
        ({"status": "5XX"}, {"status": 5}),
        ({"status": "none"}, {"unanswered": True}),
        ({"path": "callback/demo"}, {"path": "/callback/demo"}),
        ({"text": " 50% _off "}, {"text": "50% _off"}),
        ({"since": "1700000000.5"}, {"since": 1700000000.5}),
        ({"until": "2023-11-14T22:13:20Z"}, {"until": 1700000000.0}),
        ({"until": "2023-11-14T22:13:20+01:00"}, {"until": 1699996400.0}),
    ],
)
def test_what_is_written_is_asked_for(
    given_: dict[str, str], wanted: dict[str, Any]
) -> None:
    assert read(given_).wanted == Filter(**wanted)


def test_where_to_go_on_is_a_number_of_either_database() -> None:
    asked = read({"before": "7", "after": str(LAST_NUMBER)})

    assert (asked.before, asked.after) == (7, LAST_NUMBER)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("kind", "web"),
        ("party", "browser"),
        ("direction", "sideways"),
        ("verdict", "Accepted"),
        ("status", "abc"),
        ("status", "099"),
        ("status", "600"),
        ("status", "6xx"),
        ("status", "٤٠٤"),
        ("since", "yesterday"),
        ("since", "0001-01-01"),
        ("until", "9" * 12),
        ("until", "nan"),
        ("before", "-1"),
        ("before", "1e3"),
        ("after", str(LAST_NUMBER + 1)),
        ("text", "x" * 201),
        ("text", "a\0b"),
        ("text", "\ud800"),
        ("path", "/a\nb"),
    ],
)
def test_what_cannot_be_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(FilterUnusable) as refused:
        read({name: value})

    assert refused.value.arrived.startswith(f"{name}=")
    assert refused.value.expected.startswith(f"{name}: ")
    assert refused.value.arrived.isascii()


NAMES = [*FIELDS, "before", "after"]
ANYTHING = st.dictionaries(st.sampled_from(NAMES), st.text(max_size=30))
#: Mostly what is right, so that more than one field gets as far as the database.
NEARLY = st.fixed_dictionaries(
    {},
    optional={
        **{name: st.sampled_from([*some, ""]) for name, some in CHOICES.items()},
        "status": st.sampled_from(["200", "4xx", "none", "5XX", "1e2"]),
        "method": st.sampled_from(["get", "POST", "ß"]),
        "path": st.text(alphabet="/%_ab'\"\\ß", max_size=8),
        "text": st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=8),
        "reason": st.text(alphabet="a_'", max_size=4),
        "link": st.text(alphabet="state:1f", max_size=8),
        "since": st.floats(0, 1e11).map(lambda at: f"{at:.3f}"),
        "until": st.datetimes().map(lambda when: when.isoformat()),
        "before": st.integers(0, 2**31).map(str),
        "after": st.integers(0, 2**31).map(str),
    },
)


@given(ANYTHING)
def test_whatever_comes_is_read_or_refused(query: dict[str, str]) -> None:
    try:
        asked = read(query)
    except FilterUnusable as refused:
        assert refused.arrived.partition("=")[0] in query
    else:
        assert asked == read(query)


def test_whatever_is_read_can_be_searched_for(recorded: Engine) -> None:
    @given(NEARLY)
    @settings(max_examples=60, deadline=None)
    def search(query: dict[str, str]) -> None:
        try:
            asked = read(query)
        except FilterUnusable:
            return
        found = page(recorded, asked.wanted, before=asked.before, after=asked.after)
        assert list(found.rows) == []

    search()
