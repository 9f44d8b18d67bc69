"""What the compare page shows of a run: a row a kind, a cell a question. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from oauthapp.kinds import BY_KIND
from oauthapp.kinds import QUESTIONS
from oauthapp.kinds import CallbackKind
from oauthapp.kinds import Kind
from oauthapp.kinds import Question
from oauthapp.recorder.evidence import evidence
from oauthapp.recorder.timeline import Story
from oauthapp.recorder.triggers import Seen
from oauthapp.scenarios import Scenario
from oauthapp.ui.swimlane import Swimlane
from oauthapp.ui.swimlane import draw


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One question of one kind, and what answers it."""

    question: Question
    words: str
    #: None where nothing that was seen answers it.
    seen: Seen | None
    #: Where the proof is: on this page, or in another run.
    href: str = ""
    elsewhere: bool = False


@dataclass(frozen=True, kw_only=True)
class Row:
    """One kind of callback, as this run used it."""

    kind: CallbackKind
    cells: tuple[Cell, ...]
    lane: Swimlane


def compare(
    story: Story, scenario: Scenario, failures: Mapping[Kind, Story]
) -> tuple[Row, ...]:
    """A row for each kind of callback in the scenario.

    :param failures: runs in which a callback of that kind failed, for the question
        that a run in which all went well leaves open.
    """
    return tuple(
        Row(
            kind=BY_KIND[kind],
            cells=tuple(
                _cell(story, kind, question, failures.get(kind))
                for question in QUESTIONS
            ),
            lane=draw(story, kind),
        )
        for kind in scenario.kinds
    )


def _cell(story: Story, kind: Kind, question: Question, failed: Story | None) -> Cell:
    words = QUESTIONS[question]
    seen = evidence(story, kind, question)
    if seen is not None:
        href = f"#call-{seen.step.id}"
        return Cell(question=question, words=words, seen=seen, href=href)
    if question == "failure" and failed is not None:
        seen = evidence(failed, kind, question)
    if seen is None:
        return Cell(question=question, words=words, seen=None)
    href = f"/inspect/{seen.step.id}"
    return Cell(question=question, words=words, seen=seen, href=href, elsewhere=True)
