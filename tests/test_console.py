"""What the terminal shows of a call is one short line, whatever the call holds."""

from dataclasses import replace

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oauthapp.console import LIMIT
from oauthapp.console import PIECE
from oauthapp.console import call_line
from oauthapp.console import in_pieces
from oauthapp.console import print_calls
from oauthapp.recorder.call import Call
from tests.recorder.exports.sample import GOOD
from tests.recorder.exports.sample import TRICKS
from tests.recorder.exports.sample import calls

COLOURS = ("\x1b[31m", "\x1b[32m", "\x1b[0m")


def bare(line: str) -> str:
    """Without the colours that are ours."""
    for colour in COLOURS:
        line = line.replace(colour, "", 1)
    return line


def test_a_call_is_a_line() -> None:
    line = bare(call_line(GOOD))

    assert "POST /webhooks/demo" in line
    assert "204  accepted" in line
    assert "a=1" not in line


@pytest.mark.parametrize("trick", TRICKS, ids=range(len(TRICKS)))
@pytest.mark.parametrize("where", ["url", "method"])
def test_no_trick_reaches_the_terminal(where: str, trick: str) -> None:
    changed: dict[str, object] = {where: f"http://a.example/{trick}"}
    line = bare(call_line(replace(GOOD, **changed)))  # type: ignore[arg-type]

    assert line.isprintable()


def test_a_long_path_is_cut_to_size() -> None:
    line = call_line(replace(GOOD, url=f"http://a.example/{'x' * 100_000}"))

    assert len(line) < LIMIT + 200


@given(calls)
def test_whatever_a_call_holds_it_is_one_line(call: Call) -> None:
    # Verdict and reason are our own words, which the rooms say.
    assert bare(call_line(replace(call, reason=""))).isprintable()


def test_a_line_is_printed_of_what_was_answered(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_calls([GOOD, replace(GOOD, direction="outbound")])

    assert capsys.readouterr().out.count("\n") == 1


def test_many_lines_are_printed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    printed: list[str] = []
    monkeypatch.setattr(click, "echo", lambda text, err: printed.append(text))

    print_calls([GOOD] * 3)

    assert printed == ["\n".join([call_line(GOOD)] * 3)]


@given(st.lists(st.text(st.characters(exclude_characters="\n"), max_size=3000)))
def test_a_pipe_takes_each_piece_as_a_whole(lines: list[str]) -> None:
    pieces = list(in_pieces(lines))

    assert "\n".join(pieces) == "\n".join(lines)
    for piece in pieces:
        fits = len(f"{piece}\n".encode("utf-8", "replace")) <= PIECE
        assert fits or "\n" not in piece
