"""What is said of a webhook endpoint: each case once."""

from dataclasses import replace

import pytest

from oauthapp.checking.webhook.checks import CHECKS
from oauthapp.checking.webhook.verdict import Answer
from oauthapp.checking.webhook.verdict import Seen
from oauthapp.checking.webhook.verdict import result_of

CHECK = {check.name: check for check in CHECKS}
YES, NO, CRASH = (Answer(status=one) for one in (204, 400, 500))
BUT_NOT_REALLY = Answer(status=200, body="rules were not satisfied")
HUNG, HUNG_UP = (Answer(status=0, failure=one) for one in ("hung", "hung up"))
BUSY = Answer(status=503)


def seen(*answers: Answer) -> Seen:
    return Seen(answers=answers, good=YES)


FORGED, DUPLICATE, AT_ONCE = (
    *("webhook_signature_wrong", "webhook_duplicate"),
    "webhook_duplicate_at_once",
)


@pytest.mark.parametrize(
    ("name", "what", "verdict", "weight"),
    [
        (FORGED, seen(NO), "passed", ""),
        (FORGED, seen(YES), "finding", "attack"),
        (FORGED, seen(BUT_NOT_REALLY), "finding", "robustness"),
        (FORGED, replace(seen(YES), effects=0), "finding", "robustness"),
        (FORGED, replace(seen(BUT_NOT_REALLY), effects=1), "finding", "attack"),
        (FORGED, replace(seen(NO), effects=1), "finding", "attack"),
        (FORGED, seen(CRASH), "finding", "robustness"),
        (FORGED, seen(HUNG), "finding", "robustness"),
        (FORGED, seen(HUNG_UP), "passed", ""),
        (DUPLICATE, seen(YES, YES), "passed", ""),
        (DUPLICATE, seen(YES, NO), "finding", "robustness"),
        (DUPLICATE, seen(YES, HUNG_UP), "finding", "robustness"),
        (DUPLICATE, replace(seen(YES, YES), effects=1), "passed", ""),
        (DUPLICATE, replace(seen(YES, YES), effects=2), "finding", "attack"),
        (AT_ONCE, seen(YES, BUSY), "note", ""),
        (AT_ONCE, seen(YES, CRASH), "finding", "robustness"),
        ("webhook_json_malformed", seen(NO), "passed", ""),
        ("webhook_json_malformed", seen(YES), "passed", ""),
        ("webhook_json_malformed", seen(CRASH), "finding", "robustness"),
        ("webhook_oversize", seen(YES), "note", ""),
        ("webhook_oversize", seen(HUNG_UP), "passed", ""),
        ("webhook_slow_body", replace(seen(YES), meanwhile=YES), "passed", ""),
        (
            "webhook_slow_body",
            replace(seen(YES), meanwhile=HUNG),
            "finding",
            "robustness",
        ),
    ],
)
def test_what_is_said(name: str, what: Seen, verdict: str, weight: str) -> None:
    result = result_of(CHECK[name], what)

    assert (result.verdict, result.weight) == (verdict, weight), result.did
