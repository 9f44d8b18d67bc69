"""What would hide or turn other text is written out; all else stays as it is."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oauthapp.recorder.visible import BREAKS
from oauthapp.recorder.visible import visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("two\n\tlines", "two\n\tlines"),
        ("Grüße, 日本, 🙂", "Grüße, 日本, 🙂"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\rb\x00\x7f", "a\\rb\\x00\\x7f"),
        ("\x9b31m", "\\x9b31m"),
        ("user\u202egnp.exe", "user\\u202egnp.exe"),
        ("zero\u200bwidth\ufeff", "zero\\u200bwidth\\ufeff"),
        ("\u2028", "\\u2028"),
    ],
)
def test_what_is_hidden_is_shown(text: str, shown: str) -> None:
    assert visible(text, but=BREAKS) == shown


def test_what_stands_in_one_line_has_no_breaks() -> None:
    assert visible("two\n\tlines") == "two\\n\\tlines"


@given(st.text())
def test_nothing_that_is_shown_is_hidden(text: str) -> None:
    shown = visible(text, but=BREAKS)

    hidden = {one for one in shown if unicodedata.category(one) in ("Cc", "Cf", "Cs")}
    assert hidden <= {"\n", "\t"}
    assert visible(shown, but=BREAKS) == shown
