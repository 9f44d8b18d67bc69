"""The checklist: what each check keeps out, and which call shows that it does."""

import logging

from flask import Blueprint
from flask import Response
from flask import jsonify
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from werkzeug.wrappers import Response as BaseResponse

from oauthapp.pages import wants_html
from oauthapp.player import app_player
from oauthapp.safeguards import SAFEGUARDS
from oauthapp.safeguards import Safeguard
from oauthapp.services import AppServices
from oauthapp.services import app_services
from oauthapp.ui.checklist import Checked
from oauthapp.ui.checklist import checklist
from oauthapp.ui.checklist import count
from oauthapp.ui.refusals import CheckAlwaysOn
from oauthapp.ui.refusals import NotOnThisMachine
from oauthapp.ui.refusals import UnknownCheck

bp = Blueprint("security", __name__)

log = logging.getLogger(__name__)


@bp.get("/security")
def page() -> str | Response:
    """Each check with its mark, and the call that the mark rests on."""
    services = app_services()
    sections = checklist(services.recorder.newest_by_reason(), services.weaknesses.off)
    if not wants_html():
        rows = [row for section in sections for row in section.rows]
        return jsonify(checks=[_as_json(row) for row in rows])
    player = app_player()
    return render_template(
        "app/security.html",
        sections=sections,
        count=count(sections),
        may_switch=services.settings.on_loopback(),
        player=player,
        under_way=player.under_way() if player else None,
    )


@bp.post("/security/switch")
def switch() -> BaseResponse:
    """Leave a check out from now on, or no longer."""
    services = _own_machine()
    found = _safeguard(request.form.get("check", ""))
    if found.always_on:
        raise CheckAlwaysOn(arrived=found.name, expected=found.always_on)
    off = request.form.get("off") == "yes"
    services.weaknesses.switch(found.name, off=off)
    log.warning("%s is %s", found.name, "off" if off else "on again")
    return _back_to(found)


@bp.post("/security/all-on")
def all_on() -> BaseResponse:
    """Leave no check out any longer."""
    _own_machine().weaknesses.clear()
    log.warning("all checks are on again")
    return redirect(url_for("security.page"), 303)


def _own_machine() -> AppServices:
    services = app_services()
    settings = services.settings
    if not settings.on_loopback():
        raise NotOnThisMachine(arrived=settings.base_url)
    # A page of another name that was made to lead here could read our CSRF token.
    if request.host != settings.host():
        raise NotOnThisMachine(arrived=request.host[:200], expected=settings.host())
    return services


def _safeguard(name: str) -> Safeguard:
    try:
        return SAFEGUARDS[name]
    except KeyError:
        raise UnknownCheck(arrived=name[:80]) from None


def _back_to(safeguard: Safeguard) -> BaseResponse:
    return redirect(f"{url_for('security.page')}#{safeguard.name}", 303)


def _as_json(row: Checked) -> dict[str, object]:
    return {
        "name": row.safeguard.name,
        "kind": row.safeguard.kind,
        "title": row.safeguard.title,
        "verdict": row.mark,
        "call": row.proof.id if row.proof else None,
        "off": row.is_off,
        "always_on": row.safeguard.always_on or None,
        "tried_by": [fault.name for fault in row.tried_by],
    }
