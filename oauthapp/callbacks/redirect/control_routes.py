"""`/control/discovery`: what the app knows of its providers, forgotten."""

from flask import Blueprint

from oauthapp.callbacks.redirect.discovery import app_discovery
from oauthapp.control.guard import guard

bp = guard(Blueprint("redirect_control", __name__, url_prefix="/control"))


@bp.delete("/discovery")
def forget() -> tuple[str, int]:
    """Ask every provider anew, as after a restart."""
    app_discovery().forget()
    return "", 204
