"""Every address on a page says who calls it, how, when, and what if it fails."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from oauthapp.demo import Demo
from oauthapp.demo import running_demo
from oauthapp.demo import stage_of
from oauthapp.explain.answers import PATTERNS
from oauthapp.kinds import Question
from oauthapp.naming import NAMING
from oauthapp.playing.perform import perform
from oauthapp.playing.stage import Stage
from oauthapp.playing.stage import on_stage

FOUR: tuple[Question, ...] = ("who", "method", "trigger", "failure")
ADDRESS = re.compile(r"<code>(https?://[^<]*)</code>(.{0,40})", re.DOTALL)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    folder: Path = tmp_path_factory.mktemp("demo")
    with running_demo(folder, app_port=0, provider_port=0) as one:
        yield one


@pytest.fixture
def stage(demo: Demo) -> Iterator[Stage]:
    with on_stage(stage_of(demo)) as one:
        yield one


def look_at(stage: Stage, *, least: int = 1) -> None:
    """Each address on the page that is open is followed by its sentence."""
    assert stage.visitor.page is not None
    found = ADDRESS.findall(stage.visitor.page.text)
    assert len(found) >= least
    for address, after in found:
        assert '<span class="naming">' in after, address


@pytest.mark.parametrize("question", FOUR)
@pytest.mark.parametrize("name", NAMING)
def test_a_sentence_answers_the_four_questions(name: str, question: Question) -> None:
    assert PATTERNS[question].search(NAMING[name])


@pytest.mark.parametrize("name", NAMING)
def test_it_is_one_sentence(name: str) -> None:
    assert NAMING[name].endswith(".")
    assert ". " not in NAMING[name]


def test_pages_of_the_app(demo: Demo, stage: Stage) -> None:
    perform(stage_of(demo), demo.recorder, "build", "")
    stage.visitor.open(f"{stage.app_url}/builds")
    look_at(stage)
    stage.visitor.open(f"{stage.app_url}/orders")
    look_at(stage, least=2)
    stage.visitor.submit({})
    look_at(stage)  # the provider's page to pay at
    stage.visitor.open(f"{stage.app_url}/exports")
    look_at(stage)
    stage.visitor.submit({}, button=("begin", "export"))
    look_at(stage, least=2)


def test_pages_of_the_provider(stage: Stage) -> None:
    stage.visitor.open(f"{stage.app_url}/login/demo")
    stage.give_password()
    look_at(stage)  # consent
    stage.visitor.submit({}, button=("decision", "allow"))
    stage.visitor.open(f"{stage.app_url}/me")
    look_at(stage)
    stage.visitor.open(stage.provider_url)
    look_at(stage, least=2)
    assert stage.visitor.page is not None
    assert NAMING["metadata"] in stage.visitor.page.text
    stage.visitor.open(f"{stage.provider_url}/repos/demo")
    look_at(stage)
