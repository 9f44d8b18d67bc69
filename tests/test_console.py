"""What the terminal shows of a call is one short line, whatever the call holds."""

from dataclasses import replace

import pytest
from hypothesis import given

from oauthapp.console import LIMIT
from oauthapp.console import call_line
from oauthapp.console import print_call
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
    print_call(GOOD)
    print_call(replace(GOOD, direction="outbound"))

    assert capsys.readouterr().out.count("\n") == 1
