"""Where people begin an export, and see how we learnt its result."""

import secrets

from flask import Blueprint
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from werkzeug.wrappers import Response as BaseResponse

from oauthapp.callbacks.result import ask
from oauthapp.callbacks.result import store
from oauthapp.callbacks.result.refusals import ExportUnknown
from oauthapp.callbacks.result.refusals import NoWorkGiven
from oauthapp.callbacks.result.store import LEASE
from oauthapp.callbacks.result.store import Export
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.recorder.call import note
from oauthapp.recorder.call import share
from oauthapp.services import AppServices
from oauthapp.services import app_services

bp = Blueprint("exports", __name__)


@bp.get("/exports")
def form() -> str:
    """The page with a button for each provider that works for us."""
    services = app_services()
    workers = {
        name: services.settings.callback_url(name) for name in _workers(services)
    }
    return render_template("app/exports.html", providers=workers)


@bp.post("/exports")
def begin() -> BaseResponse:
    """Ask a provider for an export, then show what becomes of it."""
    note(kind="callback_url")
    services = app_services()
    workers = _workers(services)
    provider = request.form.get("provider", workers[0] if workers else "")
    if provider not in workers:
        raise NoWorkGiven(arrived=provider[:80])
    now = services.clock()
    export = Export(
        export_id=secrets.token_urlsafe(16),
        provider=provider,
        created_at=now,
        due_at=now + LEASE,  # ours to ask for; afterwards the worker's
    )
    # Kept before it is asked for: the result may be here sooner than the answer.
    with writing(services.database) as connection:
        store.keep(connection, export)
    share("reference", export.export_id)
    ask.ask(services, export)
    note(verdict="accepted")
    return redirect(url_for("exports.show", export_id=export.export_id), 303)


@bp.get("/exports/<export_id>")
def show(export_id: str) -> str:
    """What we know of an export, and which way told us first."""
    services = app_services()
    plain = export_id.isascii() and export_id.isprintable()
    with reading(services.database) as connection:
        export = store.find(connection, export_id) if plain else None
    if export is None:
        raise ExportUnknown
    registration = services.settings.providers.get(export.provider)
    return render_template(
        "app/export.html",
        export=export,
        issuer=registration.issuer if registration else export.provider,
        callback_url=services.settings.callback_url(export.provider),
    )


def _workers(services: AppServices) -> list[str]:
    """The providers that work for us."""
    kept = services.settings.providers
    return [name for name, one in kept.items() if one.callback_secrets]
