"""The three formats, and that nothing in a document can break out of them."""

import json

import pytest

from oauthapp.explain.report import FORMATS
from oauthapp.explain.report import Report
from oauthapp.explain.report import as_github
from oauthapp.explain.report import as_json
from oauthapp.explain.report import as_text
from oauthapp.explain.report import explain
from tests.explain.apis import ALL_SAID
from tests.explain.apis import api
from tests.explain.apis import field

HOSTILE = "\x1b[31m\r\n::error::%0A\u202e\x07\x00"


def report(raw: bytes, file: str = "api.json") -> Report:
    return explain(raw, file=file)


def hostile() -> Report:
    """Names and words that a terminal or a workflow would obey."""
    raw = field(f"{HOSTILE}callback_url", f"browser {HOSTILE} browser\ud800")
    return report(raw, file=f"a,b:c%{HOSTILE}.json")


def test_text_marks_what_is_open() -> None:
    lines = as_text(report(field("return_url", "After the payment."))).splitlines()

    assert lines[0] == "api.json: callback URLs: 1, with open questions: 1"
    assert lines[2] == "line 1: return_url (Redirect URI) of POST /things"
    assert "  What triggers it?         said  After the payment." in lines
    (failure,) = [line for line in lines if "on failure" in line]
    assert "OPEN  Say what happens" in failure


def test_text_says_when_there_is_nothing() -> None:
    assert as_text(report(api())) == "api.json: no callback URLs found"


def test_json_has_words_places_and_advice() -> None:
    told = as_json(report(field("return_url", "After the payment.")))
    (finding,) = told["findings"]

    assert (told["open"], finding["kind"]) == (1, "redirect")
    assert finding["open"] == ["who", "method", "failure", "person"]
    assert finding["answers"]["trigger"] == {
        "said": True,
        "words": "After the payment.",
        "pointer": f"{finding['pointer']}/description",
    }
    assert finding["answers"]["who"]["said"] is False
    assert json.loads(json.dumps(told)) == told


def test_github_gets_a_warning_for_each_url_that_leaves_something_open() -> None:
    said, unsaid = field("return_url", ALL_SAID), field("return_url", "")

    assert "::" not in as_github(report(said))
    line = as_github(report(unsaid)).splitlines()[1]
    assert line.startswith("::warning file=api.json,line=1::return_url (Redirect URI)")
    assert "%0AWho calls? Say that" in line


def test_standard_input_is_no_file_to_annotate() -> None:
    assert "::warning line=1::" in as_github(report(field("return_url"), file="-"))


def test_a_hostile_document_cannot_end_an_annotation() -> None:
    lines = as_github(hostile()).split("\n")

    assert len(lines) == 2
    assert lines[1].startswith("::warning file=a%2Cb%3Ac%25\\x1b[31m%0D%0A%3A%3Aerror")
    assert "%250A" in lines[1]
    assert lines[1].isprintable()


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_a_terminal_would_obey_is_printed(name: str) -> None:
    said = FORMATS[name](hostile())
    said = said if isinstance(said, str) else json.dumps(said, indent=2)

    assert all(character.isprintable() or character == "\n" for character in said)
    assert not [line for line in said.splitlines() if line.startswith("::error")]
    said.encode()
