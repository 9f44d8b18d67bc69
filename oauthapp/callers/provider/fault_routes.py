"""`/faults`: what this provider can do wrong, with a button for each.

Whoever tests a client by hand arms a fault here, and then signs in at the client.
"""

from collections.abc import Iterable
from collections.abc import Mapping
from itertools import groupby

from flask import Blueprint
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from werkzeug.wrappers import Response as BaseResponse

from oauthapp.control import arming
from oauthapp.control.guard import guard
from oauthapp.control.store import Armed
from oauthapp.faults import Fault
from oauthapp.services import provider_services

bp = guard(Blueprint("provider_faults", __name__))

#: How a fault's name begins, and where that happens.
PLACES: Mapping[str, str] = {
    "answer": "In the answer that the browser carries",
    "token": "At the token endpoint",
    "id_token": "In the id_token",
    "logout_token": "In the token that tells of a logout",
    "userinfo": "At userinfo",
    "discovery": "In the discovery document, which applications keep for a while",
    "jwks": "Among the published keys, which they keep, too",
    "webhook": "On the way of a webhook",
    "push": "On the way of the news of a push",
}
ELSEWHERE = "Elsewhere"


@bp.get("/faults")
def show() -> str:
    """Every fault with its rule, and which are armed."""
    services = provider_services()
    times = {one.name: one.times for one in arming.armed(services)}
    return render_template(
        "provider/faults.html",
        places=_by_place(arming.armable(services).values()),
        times=times,
    )


@bp.post("/faults")
def arm() -> BaseResponse:
    """Let a fault happen once, or, without a name, none any more."""
    services, name = provider_services(), request.form.get("name", "")
    if name:
        arming.arm(services, Armed(name=name))
    else:
        arming.disarm(services)
    return redirect(url_for("provider_faults.show", _anchor=name or "main"), 303)


def _by_place(faults: Iterable[Fault]) -> list[tuple[str, list[Fault]]]:
    """In the order of the places; those of no place come last."""
    titles = list(PLACES.values())
    known = sorted(faults, key=lambda one: _number(titles, _place(one)))
    return [(place, list(some)) for place, some in groupby(known, _place)]


def _number(titles: list[str], title: str) -> int:
    return titles.index(title) if title in titles else len(titles)


def _place(fault: Fault) -> str:
    fitting = [start for start in PLACES if fault.name.startswith(f"{start}_")]
    return PLACES[max(fitting, key=len)] if fitting else ELSEWHERE
