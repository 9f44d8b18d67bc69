"""The diagram holds each call twice, and strangers' words as nothing but words."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oauthapp.recorder.call import Call
from oauthapp.recorder.exports.mermaid import label
from oauthapp.recorder.exports.mermaid import mermaid
from oauthapp.recorder.observation import redacted
from oauthapp.recorder.timeline import Story
from oauthapp.recorder.timeline import tell
from tests.recorder.calls import RUN
from tests.recorder.exports.sample import GOOD
from tests.recorder.exports.sample import TRICKS
from tests.recorder.exports.sample import calls

LABEL = r"(?:[A-Za-z0-9 /_.,?=()-]|#[0-9]+;)+"
LINE = re.compile(
    rf"sequenceDiagram|  participant p\d+ as {LABEL}"
    rf"|  p\d+(?:->>|-->>|--x)p\d+: {LABEL}",
    re.ASCII,
)


def test_a_login_is_drawn_call_by_call_and_answer_by_answer() -> None:
    drawn = mermaid(tell([redacted(one, b"key") for one in RUN])).split("\n")

    assert drawn[:4] == [
        "sequenceDiagram",
        "  participant p0 as browser",
        "  participant p1 as app",
        "  participant p2 as provider",
    ]
    assert drawn[4] == "  p0->>p1: GET /login/demo (redirect)"
    # What was called meanwhile stands between a call and its answer.
    called = [line for line in drawn if "/callback/" in line or "/token" in line]
    assert called == [
        "  p0->>p1: GET /callback/demo (redirect)",
        "  p1->>p2: POST /token (redirect)",
    ]
    assert sum("->>" in line or "--x" in line for line in drawn) == 2 * 7


def test_a_call_that_nobody_answered_ends_in_a_cross() -> None:
    drawn = mermaid(tell([replace(GOOD, status=None, verdict="failed")]))

    assert "p1--xp0: no answer failed" in drawn


def test_nothing_at_all_is_an_empty_diagram() -> None:
    assert mermaid(Story()) == "sequenceDiagram\n"


@pytest.mark.parametrize("trick", TRICKS, ids=range(len(TRICKS)))
def test_a_label_is_nothing_but_text(trick: str) -> None:
    assert re.fullmatch(LABEL, label(trick), re.ASCII)
    assert "end" not in label(trick)


def test_what_a_label_cannot_show_is_written_as_an_escape() -> None:
    assert label("a\n\x1b") == "a#92;n#92;x1b"


def test_a_label_is_cut_to_size() -> None:
    assert label("x" * 500) == "x" * 79 + "#8230;"


@given(st.lists(calls, min_size=1, max_size=3))
def test_whatever_calls_hold_each_line_is_a_line(several: list[Call]) -> None:
    drawn = mermaid(tell(several))

    assert all(LINE.fullmatch(line) for line in drawn.split("\n")[:-1])
