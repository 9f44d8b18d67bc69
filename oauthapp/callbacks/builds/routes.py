"""What we build, and what became of our reports: for people, at /builds."""

from flask import Blueprint
from flask import render_template

from oauthapp.callbacks.builds import store
from oauthapp.services import app_services

bp = Blueprint("builds", __name__)


@bp.get("/builds")
def show() -> str:
    """The latest builds, with the push that each came of."""
    builds = store.latest(app_services().database)
    return render_template("app/builds.html", builds=builds)
