"""What happened, in order?"""

import json
from collections.abc import Sequence
from dataclasses import replace

from oauthapp.recorder.observation import Observation
from oauthapp.recorder.observation import redacted
from oauthapp.recorder.step import Step
from oauthapp.recorder.story_json import as_json
from oauthapp.recorder.timeline import Story
from oauthapp.recorder.timeline import tell
from tests.recorder.calls import BROWSER
from tests.recorder.calls import CALLBACK
from tests.recorder.calls import DELIVERY
from tests.recorder.calls import DISCOVERY
from tests.recorder.calls import RUN
from tests.recorder.calls import TOKEN
from tests.recorder.calls import TOKEN_HEARD
from tests.recorder.calls import WEBHOOK


def story(*heard: Observation) -> Story:
    return tell([redacted(one, b"key") for one in heard])


def only(heard: Sequence[Observation]) -> Step:
    (step,) = story(*heard).steps
    return step


def without(*ids: str) -> list[Observation]:
    return [one for one in RUN if one.id not in ids]


def test_a_run_without_calls_is_an_empty_story() -> None:
    assert tell(()) == Story()
    assert as_json(Story()) == {"run": None, "complete": False, "calls": []}


def test_a_login_is_told_in_the_order_in_which_the_calls_began() -> None:
    told = [(s.caller, s.callee, s.call.method, s.path) for s in story(*RUN).steps]

    assert told == [
        ("browser", "app", "GET", "/login/demo"),
        ("app", "provider", "GET", "/.well-known/openid-configuration"),
        ("browser", "provider", "GET", "/authorize"),
        ("browser", "provider", "POST", "/consent"),
        ("browser", "app", "GET", "/callback/demo"),
        ("app", "provider", "POST", "/token"),
        ("provider", "app", "POST", "/webhooks/demo"),
    ]


def test_two_records_of_one_call_are_one_step_with_both_ids() -> None:
    step = only((DELIVERY, WEBHOOK))

    assert step.ids == ("webhook", "webhook-sent")
    assert step.id == "webhook"
    assert step.at == DELIVERY.at


def test_a_record_that_claims_a_call_with_another_method_is_not_the_same() -> None:
    assert len(story(TOKEN, replace(TOKEN_HEARD, method="GET")).steps) == 2


def test_a_record_that_claims_a_call_to_another_path_is_not_the_same() -> None:
    elsewhere = replace(TOKEN_HEARD, url="http://127.0.0.1:5001/revoke")

    assert len(story(TOKEN, elsewhere).steps) == 2


def test_a_call_of_a_party_to_itself_is_one_step() -> None:
    replay = replace(DELIVERY, party="app")
    step = only([replay, WEBHOOK])

    assert (step.caller, step.callee) == ("app", "app")
    assert step.ids == (WEBHOOK.id, replay.id)


def test_a_record_that_claims_a_call_of_its_own_party_elsewhere_is_not_the_same() -> (
    None
):
    heard = replace(TOKEN_HEARD, party="app", url="http://localhost:5000/token")

    assert len(story(TOKEN, heard).steps) == 2


def test_one_sent_call_is_answered_by_one_record_only() -> None:
    told = story(DELIVERY, WEBHOOK, replace(WEBHOOK, id="forged"))

    assert [len(step.ids) for step in told.steps] == [2, 1]


def test_a_party_that_is_not_ours_is_named_by_its_host() -> None:
    url = "https://user@login.example:8443/token?x=1"

    assert only([replace(TOKEN, url=url)]).callee == "login.example:8443"


def test_a_call_our_party_did_not_hear_is_still_known_to_go_to_it() -> None:
    lost = replace(DELIVERY, id="lost", status=None, verdict="failed", reason="timeout")

    step = story(CALLBACK, lost).steps[-1]

    assert (step.callee, step.verdict, step.reason) == ("app", "failed", "timeout")


def test_a_caller_nobody_recorded_is_called_what_it_looks_like() -> None:
    assert only([replace(WEBHOOK, caller_id=None)]).caller == "server"
    assert only([replace(CALLBACK, request_headers=())]).caller == "unknown"


def test_a_call_that_carries_a_message_is_a_webhook_whatever_it_was_marked() -> None:
    assert only([replace(WEBHOOK, kind="redirect")]).kind == "webhook"
    assert only([replace(WEBHOOK, request_headers=BROWSER)]).kind == "webhook"
    assert only([CALLBACK]).kind == "redirect"


def test_the_callee_says_the_verdict() -> None:
    refused = replace(WEBHOOK, verdict="refused", reason="signature_mismatch")

    step = only((DELIVERY, refused))

    assert (step.verdict, step.reason) == ("refused", "signature_mismatch")


def test_a_story_is_complete_when_the_app_accepted_both_callbacks() -> None:
    assert story(*RUN).complete


def test_a_story_without_one_of_the_callbacks_is_not_complete() -> None:
    assert not story(*without("callback")).complete
    assert not story(*without("webhook", "webhook-sent")).complete


def test_a_refused_callback_completes_nothing() -> None:
    refused = replace(CALLBACK, verdict="refused", reason="state_unknown")

    assert not story(*without("callback"), refused).complete


def test_the_arrival_is_the_accepted_one_also_when_a_refused_one_came_first() -> None:
    refused = replace(WEBHOOK, id="early", at=103.0, verdict="refused", caller_id=None)

    arrival = story(*RUN, refused).arrival("webhook")

    assert arrival is not None
    assert arrival.id == "webhook"


def test_a_form_posted_to_the_callback_is_a_redirect_too() -> None:
    form = ("Content-Type", "application/x-www-form-urlencoded")
    headers = (*CALLBACK.request_headers, form)
    posted = replace(CALLBACK, method="POST", request_headers=headers)

    assert story(posted).arrival("redirect") is not None


def test_a_webhook_sent_to_the_callback_is_no_redirect() -> None:
    strayed = replace(CALLBACK, method="POST")

    assert story(strayed).arrival("redirect") is None


def test_the_json_twin_holds_what_a_machine_asks_for() -> None:
    told = json.loads(json.dumps(as_json(story(*RUN))))

    assert told["run"] == "login"
    assert told["complete"] is True
    assert told["calls"][-1] == {
        "id": "webhook",
        "kind": "webhook",
        "caller": "provider",
        "callee": "app",
        "method": "POST",
        "path": "/webhooks/demo",
        "status": 204,
        "verdict": "accepted",
        "reason": "",
        "at": 103.2,
        "ms": 2.0,
        "looks_like": "server",
        "because": "it carries webhook-id and a signature",
    }


def test_a_url_nobody_can_read_does_not_stop_the_story() -> None:
    assert only([replace(DISCOVERY, url="http://[::1/x?code=1")]).path.endswith("/x")


def test_of_many_questions_the_one_that_was_answered_is_the_arrival() -> None:
    early = replace(
        CALLBACK,
        id="early",
        party="provider",
        url="http://127.0.0.1:5001/jobs/1",
        kind="polling",
        reason="still_running",
    )
    done = replace(early, id="done", at=early.at + 1, reason="")
    arrival = story(early, done).arrival("polling")

    assert arrival is not None
    assert arrival.id == "done"
