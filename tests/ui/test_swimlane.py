"""A run as a picture: what is drawn, and where."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oauthapp.recorder.observation import Observation
from oauthapp.recorder.observation import redacted
from oauthapp.recorder.timeline import Story
from oauthapp.recorder.timeline import tell
from oauthapp.ui.swimlane import LETTER
from oauthapp.ui.swimlane import WIDTH
from oauthapp.ui.swimlane import draw
from tests.recorder.calls import APP
from tests.recorder.calls import CALLBACK
from tests.recorder.calls import GOOD
from tests.recorder.calls import RUN


def story(*heard: Observation) -> Story:
    return tell([redacted(one, b"key") for one in heard])


def test_a_kind_of_which_nothing_was_seen_has_no_arrows() -> None:
    assert draw(Story(), "polling").arrows == ()


def test_a_webhook_is_a_request_and_its_answer() -> None:
    lane = draw(story(*RUN), "webhook")

    there, back = [arrow for arrow in lane.arrows if arrow.step.kind == "webhook"]
    at = {one.name: one.x for one in lane.lanes}
    assert (there.x1, there.x2) == (at["provider"], at["app"])
    assert (back.x1, back.x2) == (at["app"], at["provider"])
    assert there.label == "POST /webhooks/demo"
    assert back.label == "204 accepted"


def test_a_call_made_while_another_is_answered_stands_inside_it() -> None:
    slow = [replace(one, ms=9000) if one.id == CALLBACK.id else one for one in RUN]
    labels = [arrow.label for arrow in draw(story(*slow), "redirect").arrows]

    outer = labels.index("GET /callback/demo")
    assert outer < labels.index("POST /token") < len(labels) - 1
    assert labels[-1].startswith("303")


def test_a_call_nobody_answered_has_no_way_back() -> None:
    lost = replace(CALLBACK, status=None)

    assert [one.what for one in draw(story(lost), "redirect").arrows] == ["request"]


def test_everything_lies_within_the_picture() -> None:
    stranger = replace(
        GOOD,
        id="stranger",
        direction="outbound",
        url=f"https://elsewhere.example/{'long' * 20}",
    )
    lane = draw(story(*RUN, stranger), "redirect")

    assert [one.name for one in lane.lanes][3:] == ["elsewhere.example"]
    assert all(0 < one.x < WIDTH for one in lane.lanes)
    for arrow in lane.arrows:
        half = len(arrow.label) * LETTER / 2
        assert 0 < arrow.middle - half < arrow.middle + half < WIDTH
    assert all(arrow.y < lane.bottom for arrow in lane.arrows)


def test_the_picture_is_told_in_words() -> None:
    refused = replace(CALLBACK, status=400, verdict="refused", reason="state_unknown")

    assert draw(story(refused), "redirect").in_words() == [
        "The browser calls the app: GET /callback/demo.",
        "The app answers GET /callback/demo with 400, refused (state_unknown).",
    ]
    assert APP in CALLBACK.url


def test_a_call_that_was_not_made_is_not_drawn() -> None:
    unmade = replace(
        GOOD, direction="outbound", status=None, verdict="refused", reason="elsewhere"
    )

    assert draw(story(unmade), "redirect").arrows == ()


def label_of(path: str) -> str:
    """What is written at the arrow of a POST of the app to the provider."""
    sent = replace(
        GOOD, direction="outbound", method="POST", url=f"http://127.0.0.1:5001{path}"
    )
    heard = replace(GOOD, id="heard", party="provider", url="http://127.0.0.1:5001/")
    arrows = draw(story(sent, heard), "redirect").arrows
    return next(one.label for one in arrows if one.label.startswith("POST"))


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("/checkout/sessions", "POST /checkout/sessions"),
        ("/checkout/cs_tEXIyakGViVsf4Qep", "POST /checkout/cs_tEX…"),
        (f"/repos/demo/statuses/{'33b7ef01' * 5}", "POST …/statuses/33b7ef…"),
        ("/a-path-that-is-far-too-long/demo", "POST /a-path-that-is-f…"),
    ],
)
def test_of_a_long_path_what_says_most_is_shown(path: str, label: str) -> None:
    assert label_of(path) == label


@given(st.lists(st.sampled_from(["", "a", "bcd", "x1" * 9, "longword"]), max_size=9))
def test_parts_give_way_one_by_one_until_the_end_fits(rest: list[str]) -> None:
    shown = ["x1x1x1…" if part == "x1" * 9 else part for part in ["", "repos", *rest]]
    room = len("/a-path-that-is-f…")
    while len("/".join(shown)) > room and len(shown) > 3:
        shown = ["…", *shown[2:]]
    fitted = "/".join(shown)
    cut = fitted if len(fitted) <= room else f"{fitted[: room - 1]}…"

    assert label_of("/".join(["", "repos", *rest])) == f"POST {cut}"


def test_of_a_path_of_very_many_parts_the_last_are_shown() -> None:
    assert label_of("/a" * 300_000) == "POST …/a/a/a/a/a/a/a/a"


def test_a_page_of_the_apps_own_is_not_drawn() -> None:
    page = replace(GOOD, url=f"{APP}/orders/1", status=200)

    assert draw(story(page), "redirect").arrows == ()
    assert len(draw(story(replace(page, status=404)), "redirect").arrows) == 2
