"""Buttons that play a scenario, and the page of each fault."""

from flask import Blueprint
from flask import redirect
from flask import render_template
from flask import request
from werkzeug.wrappers import Response as BaseResponse

from oauthapp.faults import FAULTS
from oauthapp.kinds import KINDS
from oauthapp.player import Performance
from oauthapp.player import app_player
from oauthapp.recorder.runs import run_of
from oauthapp.recorder.timeline import Story
from oauthapp.recorder.wording import guess_in_words
from oauthapp.scenarios import SCENARIOS
from oauthapp.services import app_services
from oauthapp.ui.refusals import ClockTooSlow
from oauthapp.ui.refusals import NoPlayer
from oauthapp.ui.refusals import PlayUnderWay
from oauthapp.ui.refusals import UnknownScenario

bp = Blueprint("play", __name__)


@bp.post("/play")
def play() -> BaseResponse:
    """Begin to play a scenario, and show it as it happens."""
    player = app_player()
    if player is None:
        raise NoPlayer
    scenario, fault = request.form.get("scenario", ""), request.form.get("fault", "")
    known = scenario in SCENARIOS and (
        not fault or (fault in FAULTS and scenario in FAULTS[fault].scenarios)
    )
    if not known:
        raise UnknownScenario(arrived=f"{scenario[:40]}, {fault[:40]}")
    if not player.can_play(fault):
        raise ClockTooSlow(arrived=fault)
    if not player.play(scenario, fault):
        now = player.under_way()
        raise PlayUnderWay(onward=_where(now.scenario, now.fault) if now else "/")
    return redirect(f"{app_services().settings.base_url}{_where(scenario, fault)}", 303)


def _where(scenario: str, fault: str) -> str:
    return f"/faults/{fault}?event={scenario}" if fault else f"/?event={scenario}"


@bp.get("/faults")
def faults() -> str:
    """Everything that can go wrong on purpose."""
    by_kind = {
        kind: [fault for fault in FAULTS.values() if fault.kind == kind.kind]
        for kind in KINDS
    }
    return render_template("app/faults.html", by_kind=by_kind, player=app_player())


@bp.get("/faults/<name>")
def fault(name: str) -> str:
    """One fault: what goes wrong, who has to notice, and what happened last time."""
    if name not in FAULTS:
        raise UnknownScenario(arrived=name[:80])
    fault, player = FAULTS[name], app_player()
    scenario = request.args.get("event", "")
    if scenario not in fault.scenarios:
        scenario = fault.scenarios[0]
    done = player.last(scenario, name) if player else None
    return render_template(
        "app/fault.html",
        fault=fault,
        scenario=SCENARIOS[scenario],
        player=player,
        under_way=player.under_way() if player else None,
        done=done,
        story=_story(done),
        guess_in_words=guess_in_words,
    )


def _story(done: Performance | None) -> Story:
    recorder = app_services().recorder
    first = recorder.find(done.run) if done else None
    return run_of(recorder, first) if first else Story()
