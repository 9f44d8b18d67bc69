"""One job, told in three ways; and a build, told and reported: on real sockets."""

from collections.abc import Iterator
from typing import Protocol

import pytest

from oauthapp.demo import Demo
from oauthapp.demo import stage_of
from oauthapp.playing import build
from oauthapp.playing import job
from oauthapp.playing.arrivals import Arrivals
from oauthapp.playing.stage import Stage
from oauthapp.playing.stage import on_stage
from oauthapp.recorder.evidence import evidence
from oauthapp.recorder.runs import latest_run
from oauthapp.recorder.timeline import Story
from oauthapp.scenarios import SCENARIOS


class House(Protocol):
    demo: Demo
    arrivals: Arrivals


@pytest.fixture
def stage(house: House) -> Iterator[Stage]:
    with on_stage(stage_of(house.demo)) as one:
        yield one


def told(house: House, scenario: str) -> Story:
    return latest_run(house.demo.recorder, SCENARIOS[scenario])


def test_a_job_is_told_in_three_ways_and_its_run_holds_them_all(
    house: House, stage: Stage
) -> None:
    job.play(stage)

    story = told(house, "job")
    steps = [(one.kind, one.caller, one.callee, one.call.method) for one in story.steps]
    assert steps[:2] == [
        ("callback_url", "browser", "app", "POST"),
        ("callback_url", "app", "provider", "POST"),
    ]
    assert set(steps[2:]) == {
        ("polling", "app", "provider", "GET"),
        ("in-process", "provider", "provider", "SIGNAL"),
        ("callback_url", "provider", "app", "POST"),
    }
    kinds = SCENARIOS["job"].kinds
    assert story.arrived(*kinds)
    for kind in kinds:
        for question in ("who", "method", "trigger", "person"):
            assert evidence(story, kind, question), (kind, question)
    page = stage.visitor.page
    assert page is not None
    shown = stage.visitor.open(page.url).text
    assert "We learnt it first by" in shown
    assert shown.count("already known") == 2  # the notice, and whoever came second


def test_a_push_is_built_and_reported_where_it_asked_for_that(
    house: House, stage: Stage
) -> None:
    build.play(stage)

    story = told(house, "build")
    steps = [(one.kind, one.caller, one.callee, one.verdict) for one in story.steps]
    assert steps == [
        ("webhook", "browser", "provider", "accepted"),
        ("webhook", "provider", "app", "accepted"),
        ("callback_url", "app", "provider", "accepted"),
    ]
    named = evidence(story, "callback_url", "trigger")
    assert named is not None and "/webhooks/demo" in named.says
    page = stage.visitor.open(f"{stage.provider_url}/repos/demo").text
    assert "reported by" in page
