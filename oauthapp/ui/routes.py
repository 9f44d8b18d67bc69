"""The compare page and its JSON twin: the latest login, told from recorded calls."""

from flask import Blueprint
from flask import Response
from flask import jsonify
from flask import render_template

from oauthapp.kinds import KINDS
from oauthapp.kinds import QUESTIONS
from oauthapp.recorder.evidence import evidence
from oauthapp.recorder.evidence import guess_in_words
from oauthapp.recorder.runs import latest_run
from oauthapp.recorder.story_json import as_json
from oauthapp.scenarios import SCENARIOS
from oauthapp.services import app_services

bp = Blueprint("ui", __name__)


@bp.get("/")
def compare() -> str:
    """Both kinds of callback side by side, as the latest login used them."""
    services = app_services()
    return render_template(
        "app/compare.html",
        story=latest_run(services.recorder, SCENARIOS["login"]),
        providers=list(services.settings.providers),
        kinds=KINDS,
        questions=QUESTIONS,
        evidence=evidence,
        guess_in_words=guess_in_words,
    )


@bp.get("/calls")
def calls() -> Response:
    """What the compare page shows, as data."""
    return jsonify(as_json(latest_run(app_services().recorder, SCENARIOS["login"])))
