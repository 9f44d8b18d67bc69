"""Which words answer which question, and which only look as if they did."""

import pytest

from oauthapp.explain.advice import ADVICE
from oauthapp.explain.answers import PATTERNS
from oauthapp.kinds import BY_KIND
from oauthapp.kinds import QUESTIONS
from tests.explain.apis import ALL_SAID
from tests.explain.apis import api
from tests.explain.apis import field
from tests.explain.apis import only
from tests.explain.apis import open_in
from tests.explain.apis import posting

ANSWERS = {
    "who": [
        "The user's browser opens it.",
        "Where customers are redirected.",
        "Customers who decide to cancel are directed here.",
        "We will send the result there.",
        "Our servers call this URL.",
        "The payment provider posts the outcome.",
        "Acme calls this URL.",
        "Where Acme should send customers.",
        "It is called by the bank.",
        "Redirects the user.",
        "The user agent follows it.",
        "A server-to-server call.",
        "It comes from our servers.",
    ],
    "method": [
        "By GET.",
        "An HTTP post.",
        "Parameters come as a query string.",
        "The code is in its query.",
        "Our server posts there.",
        "With response_mode form_post.",
        "The browser follows a 303.",
    ],
    "trigger": [
        "When the job is done.",
        "Once the payment has succeeded.",
        "After they authenticate.",
        "Sent every time an order changes.",
        "This event occurs when a rule is made.",
        "On success.",
        "Triggered by a push.",
        "In response to a push.",
        "Sent every 5 minutes.",
        "If the customer cancels.",
    ],
    "failure": [
        "We retry ten times.",
        "It is sent again.",
        "Delivery is attempted with exponential backoff.",
        "Nobody calls again.",
        "Nobody resends it.",
        "The user has to start over.",
        "The endpoint is disabled.",
        "The result can still be read.",
        "Failed calls are not repeated.",
        "What failed is redelivered.",
        "There is no second attempt.",
        "We give up some day.",
        "It ends as a dead letter.",
        "The user sees an error.",
        "What is not answered is lost.",
        "Best effort.",
        "We fall back to mail.",
    ],
    "person": [
        "The visitor lands here.",
        "Nobody sees it.",
        "In the background.",
    ],
}
NO_ANSWERS = {
    "who": [
        "The URL to be called.",
        "Data is delivered to this URL.",
        "Where the payloads will be delivered.",
        "This returns nothing.",
        "Webhook calls go here.",
    ],
    "method": ["Get notified.", "The URL to post to.", "Delete it later."],
    "trigger": [
        "Called exactly once.",
        "Signed after Standard Webhooks.",
        "We retry when it fails.",
        "Sent again after ten minutes.",
        "Only once.",
    ],
    "failure": [
        "Where to go if the payment fails.",
        "The error page.",
        "Answer 200 if you got it.",
        "The URL for failures.",
    ],
}
ALL = [(question, text) for question, texts in ANSWERS.items() for text in texts]
NONE = [(question, text) for question, texts in NO_ANSWERS.items() for text in texts]


@pytest.mark.parametrize(("question", "text"), ALL)
def test_these_words_answer(question: str, text: str) -> None:
    assert question not in open_in(only(field("callback_url", text)))


@pytest.mark.parametrize(("question", "text"), NONE)
def test_these_words_do_not(question: str, text: str) -> None:
    assert question in open_in(only(field("callback_url", text)))


def test_every_kind_that_is_found_has_advice_for_every_question() -> None:
    assert set(ADVICE) == set(BY_KIND) - {"in-process"}
    for advice in ADVICE.values():
        assert list(advice) == list(QUESTIONS)
    assert set(PATTERNS) == set(QUESTIONS)


def test_the_words_that_answer_are_told_with_their_place() -> None:
    finding = only(field("return_url", ALL_SAID))
    told = {answer.question: answer.evidence for answer in finding.answers}

    assert open_in(finding) == []
    assert told["failure"].text == "Nobody calls it again; the user has to start over."
    assert told["failure"].pointer.endswith("/properties/return_url/description")


def test_whoever_says_who_calls_says_whether_a_person_sees_it() -> None:
    said = only(field("webhook_url", "Our server calls it."))
    unsaid = only(field("webhook_url", "The URL."))

    assert "person" not in open_in(said)
    assert "person" in open_in(unsaid)


def test_a_long_sentence_is_cut_around_the_words() -> None:
    long = f"{'very ' * 100}long story in which it is retried {'quite ' * 100}often"
    finding = only(field("callback_url", long))
    (words,) = [one.evidence.text for one in finding.answers if one.evidence]

    assert len(words) <= 160
    assert "is retried quite" in words
    assert words.startswith("… ") and words.endswith(" …")


def test_what_is_said_of_the_operation_counts_if_it_speaks_of_the_url() -> None:
    schema = {"properties": {"webhook_url": {"type": "string"}}}
    about = posting(schema, description="Makes a shop. Webhooks are retried for a day.")
    beside = posting(
        schema, description="Makes a shop. Payments are retried for a day."
    )

    assert "failure" not in open_in(only(about))
    assert "failure" in open_in(only(beside))


def test_what_is_said_of_the_whole_api_counts_if_it_speaks_of_the_kind() -> None:
    told = {"title": "t", "version": "1", "description": "# Webhooks\n\n"}
    webhooks = {"paid": {"post": {"description": "When an order is paid."}}}
    for text, still_open in (
        ("- Undelivered webhooks are sent again.", []),
        ("- Rate limits: try again later.", ["failure"]),
    ):
        info = {**told, "description": told["description"] + text}
        assert open_in(only(api(info=info, webhooks=webhooks))) == still_open
