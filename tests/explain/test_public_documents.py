"""Extracts of public APIs: what is found in each, and what it leaves open."""

import pytest

from oauthapp.explain.report import explain
from tests.explain.apis import HERE
from tests.explain.apis import open_in

NOTHING = ["who", "method", "trigger", "failure", "person"]
FOUND = {
    "streams.yaml": [("webhook", "callbackUrl", 25, ["trigger", "failure"])],
    "github.json": [
        ("webhook", "url", 69, NOTHING),
        ("webhook", "branch-protection-rule-created", 45, ["trigger", "failure"]),
        ("webhook", "ping", 59, ["failure"]),
    ],
    "stripe.yaml": [
        ("redirect", "success_url", 15, ["method", "failure"]),
        ("redirect", "cancel_url", 19, ["method", "failure"]),
        ("redirect", "return_url", 23, ["method", "failure"]),
        ("webhook", "url", 54, NOTHING),
    ],
    "twilio.yaml": [("webhook", "StatusCallback", 13, ["trigger", "failure"])],
}


@pytest.mark.parametrize("name", FOUND)
def test_what_is_found(name: str) -> None:
    report = explain((HERE / name).read_bytes(), file=name)

    assert [
        (one.subject.kind, one.subject.name, one.line, open_in(one))
        for one in report.findings
    ] == FOUND[name]


def test_every_extract_is_tried() -> None:
    extracts = {path.name for path in HERE.iterdir()} - {"README.md"}
    assert extracts == set(FOUND)
