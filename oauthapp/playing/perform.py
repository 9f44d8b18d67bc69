"""One scenario, played to its end and told: what happened, and was it to happen?"""

from dataclasses import dataclass

import requests

from oauthapp.faults import FAULTS
from oauthapp.faults import Fault
from oauthapp.player import Performance
from oauthapp.playing.outcome import outcome_of
from oauthapp.playing.plays import PLAYS
from oauthapp.playing.stage import Stage
from oauthapp.playing.stage import on_stage
from oauthapp.playing.waiting import wait_for_records
from oauthapp.recorder.runs import latest_run
from oauthapp.recorder.store import Recorder
from oauthapp.recorder.timeline import Story
from oauthapp.scenarios import SCENARIOS
from oauthapp.visitor import LostVisitor


@dataclass(frozen=True, kw_only=True)
class Performed:
    """A performance and its story."""

    performance: Performance
    story: Story

    @property
    def as_documented(self) -> bool:
        """Whether it went as the fault says; without one, that all was accepted."""
        done = self.performance
        if done.problem:
            return False
        if done.fault:
            return done.outcome == FAULTS[done.fault].outcome
        return self.story.arrived(*SCENARIOS[done.scenario].kinds)


def perform(stage: Stage, recorder: Recorder, scenario: str, fault: str) -> Performed:
    """Play `scenario` with `fault` in it, "" for none, and tell what happened."""
    spoiled = FAULTS[fault] if fault else None
    problem, before = "", stage.arrivals.count()
    with on_stage(stage):
        try:
            PLAYS[scenario](stage, spoiled)
        except LostVisitor as error:
            problem = f"the played browser is lost: {error}"
        except requests.RequestException as error:
            problem = f"a party did not answer: {type(error).__name__}"
    wait_for_records(stage, before)
    story = latest_run(recorder, SCENARIOS[scenario])
    return Performed(
        performance=Performance(
            scenario=scenario,
            fault=fault,
            run=story.run or "",
            outcome=_outcome(story, scenario, spoiled),
            problem=problem,
        ),
        story=story,
    )


def _outcome(story: Story, scenario: str, fault: Fault | None) -> tuple[str, ...]:
    if fault is not None:
        return outcome_of(story, fault.kind)
    return tuple(
        f"{kind}: {words}"
        for kind in SCENARIOS[scenario].kinds
        for words in outcome_of(story, kind)
    )
