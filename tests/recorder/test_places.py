"""A place is the first part of a path, and a path belongs to one place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oauthapp.recorder.places import PLACE_LIMIT
from oauthapp.recorder.places import place
from oauthapp.recorder.places import places_from


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", "/"),
        ("/login", "/login"),
        ("/login/", "/login/"),
        ("/login/demo", "/login/"),
        ("/a/b/c", "/a/"),
        ("//a", "//"),
        ("", "/"),
        ("job_finished", "/job_finished"),
        ("/" + "x" * 500, "/" + "x" * (PLACE_LIMIT - 1)),
    ],
)
def test_the_first_part_and_its_slash(path: str, expected: str) -> None:
    assert place(path) == expected


@given(st.text(alphabet="/ab", max_size=8), st.text(alphabet="/ab", max_size=8))
def test_whatever_is_below_a_path_is_in_one_of_its_places(path: str, rest: str) -> None:
    path = f"/{path}".rstrip("/") or "/x"

    for below in (path, f"{path}/{rest}"):
        assert place(below) in places_from(path)
