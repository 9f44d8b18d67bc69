"""The compare page and its JSON twin: one run of a scenario, told from its calls."""

from collections.abc import Mapping

from flask import Blueprint
from flask import Response
from flask import jsonify
from flask import render_template
from flask import request

from oauthapp.callbacks.redirect.sessions import current_session
from oauthapp.errors import NotSignedIn
from oauthapp.faults import FAULTS
from oauthapp.faults import Fault
from oauthapp.kinds import KINDS
from oauthapp.kinds import QUESTIONS
from oauthapp.kinds import Kind
from oauthapp.player import Player
from oauthapp.player import app_player
from oauthapp.recorder.runs import latest_failure
from oauthapp.recorder.runs import latest_run
from oauthapp.recorder.runs import run_of
from oauthapp.recorder.store import Recorder
from oauthapp.recorder.story_json import as_json
from oauthapp.recorder.timeline import Story
from oauthapp.recorder.wording import guess_in_words
from oauthapp.scenarios import SCENARIOS
from oauthapp.scenarios import Scenario
from oauthapp.services import AppServices
from oauthapp.services import app_services
from oauthapp.ui.comparison import compare as compare_kinds
from oauthapp.ui.refusals import UnknownRun
from oauthapp.ui.refusals import UnknownScenario

bp = Blueprint("ui", __name__)


@bp.get("/")
def compare() -> str:
    """The kinds of callback side by side, as the latest run used them."""
    services, player = app_services(), app_player()
    scenario = _scenario()
    story = _story(services.recorder, scenario)
    failures = _failures(services.recorder, scenario, story)
    return render_template(
        "app/compare.html",
        scenario=scenario,
        scenarios=SCENARIOS,
        story=story,
        rows=compare_kinds(story, scenario, failures),
        providers=services.settings.providers,
        issuer=_issuer(services),
        user=_user(services),
        kinds=KINDS,
        questions=QUESTIONS,
        guess_in_words=guess_in_words,
        player=player,
        under_way=player.under_way() if player else None,
        faults=_playable(scenario, player),
        standing=_standing(story),
    )


def _playable(scenario: Scenario, player: Player | None) -> list[Fault]:
    """The faults of this event, but those that take longer than anybody waits."""
    ours = [one for one in FAULTS.values() if scenario.name in one.scenarios]
    return [one for one in ours if player is None or player.can_play(one.name)]


@bp.get("/calls")
def calls() -> Response:
    """What the compare page shows, as data."""
    scenario = _scenario()
    return jsonify(as_json(_story(app_services().recorder, scenario)))


def _issuer(services: AppServices) -> str:
    """The first provider, "" without one."""
    return next((one.issuer for one in services.settings.providers.values()), "")


def _user(services: AppServices) -> str:
    """Who is signed in in this browser, "" when nobody is."""
    try:
        session = current_session(services)
    except NotSignedIn:
        return ""
    return str(session.claims.get("name") or session.sub)


def _scenario() -> Scenario:
    name = request.args.get("event", "login")
    if name not in SCENARIOS:
        expected = ", ".join(SCENARIOS)
        raise UnknownScenario(arrived=name[:80], expected=expected)
    return SCENARIOS[name]


def _story(recorder: Recorder, scenario: Scenario) -> Story:
    wanted = request.args.get("run", "")
    if not wanted:
        return latest_run(recorder, scenario)
    first = recorder.find(wanted)
    if first is None:
        raise UnknownRun(arrived=wanted[:80])
    return run_of(recorder, first)


def _failures(
    recorder: Recorder, scenario: Scenario, story: Story
) -> Mapping[Kind, Story]:
    """For each kind of which no callback failed in this run: a run in which one did."""
    found = {
        kind: latest_failure(recorder, scenario, kind)
        for kind in scenario.kinds
        if not any(one.failed for one in story.callbacks(kind))
    }
    return {kind: told for kind, told in found.items() if told is not None}


def _standing(story: Story) -> str:
    """What is on the page, for a script to see whether there is news."""
    player = app_player()
    played = player.under_way() if player else None
    ids = " ".join(step.id for step in story.steps)
    return f"{ids} {played.scenario if played else ''}".strip()
