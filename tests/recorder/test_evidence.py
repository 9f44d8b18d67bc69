"""Which call of a run proves an answer?"""

from dataclasses import replace
from typing import get_args

import pytest

from oauthapp.kinds import KINDS
from oauthapp.kinds import QUESTIONS
from oauthapp.kinds import Kind
from oauthapp.kinds import Question
from oauthapp.recorder.evidence import evidence
from oauthapp.recorder.observation import Observation
from oauthapp.recorder.observation import redacted
from oauthapp.recorder.timeline import Story
from oauthapp.recorder.timeline import tell
from oauthapp.recorder.wording import guess_in_words
from tests.recorder.calls import APP
from tests.recorder.calls import CALLBACK
from tests.recorder.calls import RUN
from tests.recorder.calls import WEBHOOK

REFUSED = replace(
    CALLBACK, id="again", at=104.0, status=400, verdict="refused", reason="state_used"
)
UNAVAILABLE = replace(
    WEBHOOK,
    id="first-try",
    at=103.0,
    status=503,
    verdict="failed",
    reason="store_unavailable",
    caller_id=None,
)


def story(*heard: Observation) -> Story:
    return tell([redacted(one, b"key") for one in heard])


def test_every_kind_of_call_has_its_answers() -> None:
    assert {kind.kind for kind in KINDS} == set(get_args(Kind))
    assert set(QUESTIONS) == set(get_args(Question))


@pytest.mark.parametrize("question", get_args(Question))
@pytest.mark.parametrize("kind", KINDS)
def test_before_anything_happened_nothing_is_proven(
    kind: object, question: Question
) -> None:
    assert kind.answer(question)
    assert evidence(Story(), kind.kind, question) is None


@pytest.mark.parametrize(
    ("kind", "question", "call", "says"),
    [
        ("redirect", "who", "callback", "looks like a browser, because Sec-Fetch-Mode"),
        ("webhook", "who", "webhook", "looks like a server, because it carries"),
        ("redirect", "method", "callback", "GET /callback/demo, answered 303."),
        ("webhook", "method", "webhook", "POST /webhooks/demo, answered 204."),
        ("redirect", "trigger", "consent", "provider answered POST /consent with 303"),
        ("webhook", "trigger", "consent", "POST /consent made it happen there."),
    ],
)
def test_a_login_proves_the_answers(
    kind: Kind, question: Question, call: str, says: str
) -> None:
    seen = evidence(story(*RUN), kind, question)

    assert seen is not None
    assert seen.step.id == call
    assert says in seen.says


@pytest.mark.parametrize("kind", get_args(Kind))
def test_a_login_without_failures_does_not_show_what_happens_then(kind: Kind) -> None:
    assert evidence(story(*RUN), kind, "failure") is None


def test_a_refused_redirect_is_not_repeated() -> None:
    seen = evidence(story(*RUN, REFUSED), "redirect", "failure")

    assert seen is not None
    assert seen.step.id == "again"
    assert seen.says == (
        "GET /callback/demo: refused (400, state_used). Nobody called again by itself."
    )


def test_a_failed_webhook_comes_again() -> None:
    seen = evidence(story(*RUN, UNAVAILABLE), "webhook", "failure")

    assert seen is not None
    assert seen.step.id == "first-try"
    assert seen.says.endswith("The same came again 0.2 s later.")


def test_a_failed_webhook_that_is_still_waited_for_is_said_so() -> None:
    seen = evidence(story(UNAVAILABLE), "webhook", "failure")

    assert seen is not None
    assert seen.says.endswith("It has not come again yet.")


def test_another_message_is_no_second_attempt() -> None:
    other = replace(
        WEBHOOK,
        caller_id=None,
        request_headers=tuple(
            (name, "msg_2" if name == "Webhook-Id" else value)
            for name, value in WEBHOOK.request_headers
        ),
    )

    seen = evidence(story(UNAVAILABLE, other), "webhook", "failure")

    assert seen is not None
    assert seen.says.endswith("It has not come again yet.")


def test_a_redirect_to_the_callback_of_another_login_triggered_nothing() -> None:
    other = replace(CALLBACK, url=f"{APP}/callback/demo?code=other&state=other")
    told = story(*(one for one in RUN if one.id != "callback"), other)

    assert evidence(told, "redirect", "trigger") is None


def test_a_webhook_that_a_browser_posted_was_not_sent_by_a_server() -> None:
    posted = replace(WEBHOOK, request_headers=CALLBACK.request_headers)

    assert evidence(story(posted), "webhook", "trigger") is None


def test_a_caller_that_says_nothing_is_nobody_we_know() -> None:
    (step,) = story(replace(CALLBACK, request_headers=())).steps

    words = "looks like nobody we know, because it says nothing about itself"
    assert guess_in_words(step) == words


def test_a_call_that_was_refused_before_it_was_made_is_no_arrival() -> None:
    unmade = replace(
        CALLBACK,
        id="unmade",
        direction="outbound",
        method="POST",
        url="https://elsewhere.example/repos/demo/statuses/1",
        status=None,
        kind="callback_url",
        verdict="refused",
        reason="address_elsewhere",
    )
    told = story(unmade)

    assert evidence(told, "callback_url", "who") is None
    assert guess_in_words(told.steps[0]) == "was not made: nothing was sent"
    failed = evidence(told, "callback_url", "failure")
    assert failed is not None
    assert failed.says.endswith("(no answer, address_elsewhere). Nothing was sent.")


def test_a_report_on_the_same_commit_is_the_same_news() -> None:
    report = replace(
        CALLBACK,
        id="first",
        party="provider",
        method="POST",
        url="http://127.0.0.1:5001/repos/demo/statuses/1",
        kind="callback_url",
        verdict="failed",
        shares=(("commit", "1"),),
    )
    again = replace(report, id="second", at=report.at + 2, verdict="accepted")
    failed = evidence(story(report, again), "callback_url", "failure")

    assert failed is not None
    assert failed.says.endswith("The same came again 2.0 s later.")
