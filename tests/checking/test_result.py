"""A report in words, as JSON and as JUnit XML."""

import json
from xml.etree import ElementTree

from oauthapp.checking.junit import as_junit
from oauthapp.checking.result import Report
from oauthapp.checking.result import Result


def result(name: str, **more: object) -> Result:
    about = {"says": "It is done.", "rule": "A rule (RFC 1 §1).", "correct": "refuses"}
    return Result(**{"name": name, "did": "refused", **about, **more})  # type: ignore[arg-type]


REPORT = Report(
    kind="check-client",
    url="http://localhost/login",
    remarks=("A remark.",),
    results=(
        result("good", verdict="passed"),
        result(
            "attack", verdict="finding", weight="attack", did="let in\x1b[31m & <b>"
        ),
        result("crash", verdict="finding", weight="robustness", did="answered 500"),
        result("open", verdict="note", did="let in. It may."),
        result("far", verdict="not reached", did="never asked"),
        result("dim", verdict="unclear", did="200 at /"),
    ),
)


def test_in_words_what_is_to_be_mended_comes_first() -> None:
    told = str(REPORT)

    assert told.splitlines()[0] == (
        "check-client http://localhost/login: 2 finding (1 let in), 1 note, 1 unclear, "
        "1 not reached, 1 passed"
    )
    assert (
        told.index("attack\n")
        < told.index("crash")
        < told.index("open")
        < told.index("good")
    )
    assert "rule        A rule (RFC 1 §1)." in told
    assert "\x1b" not in told


def test_as_json_everything_is_there() -> None:
    told = json.loads(json.dumps(REPORT.as_json()))

    assert [one["name"] for one in told["results"]] == [
        one.name for one in REPORT.results
    ]
    assert told["results"][1]["weight"] == "attack"


def test_as_junit_findings_are_failures_and_what_says_nothing_is_skipped() -> None:
    suite = ElementTree.fromstring(as_junit(REPORT))

    assert suite.attrib | {"name": ""} == {
        "name": "",
        "tests": "6",
        "failures": "2",
        "errors": "0",
        "skipped": "2",
    }
    inside = {one.attrib["name"]: [child.tag for child in one] for one in suite}
    assert inside == {
        "good": [],
        "attack": ["failure"],
        "crash": ["failure"],
        "open": ["system-out"],
        "far": ["skipped"],
        "dim": ["skipped"],
    }
