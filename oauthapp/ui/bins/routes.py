"""The pages of bins: make one, see what came to it, remove it."""

from flask import Blueprint
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from werkzeug.wrappers import Response

from oauthapp.recorder import search_store
from oauthapp.recorder.filter import Filter
from oauthapp.services import app_services
from oauthapp.ui.bins import form
from oauthapp.ui.bins import store
from oauthapp.ui.bins.catch import BELOW

bp = Blueprint("bins", __name__)


@bp.get("/inspect/bins")
def all_bins() -> str:
    """The bins there are, and a form for another one."""
    return render_template(
        "app/bins.html",
        bins=store.every(app_services().database),
        limit=store.LIMIT,
        form=form,
        new=form.Behaviour(),
    )


@bp.post("/inspect/bins")
def make() -> Response:
    """Make a bin that answers as the form says, and show it."""
    services = app_services()
    behaviour = form.read(request.form)
    bin_id = store.keep(services.database, behaviour, now=services.clock())
    return redirect(url_for("bins.one_bin", bin_id=bin_id), 303)


@bp.get("/inspect/bins/<bin_id>")
def one_bin(bin_id: str) -> str:
    """How this bin answers, and the newest calls that came to it."""
    services = app_services()
    found = store.find(services.database, bin_id)
    recorder = services.recorder
    link = recorder.link("bin", bin_id)
    return render_template(
        "app/bin.html",
        bin=found,
        url=f"{services.settings.base_url}{BELOW}{bin_id}",
        link=link,
        page=search_store.page(recorder.database, Filter(link=link)),
    )


@bp.post("/inspect/bins/<bin_id>/remove")
def remove(bin_id: str) -> Response:
    """There is no such bin any more; what it recorded stays."""
    store.remove(app_services().database, bin_id)
    return redirect(url_for("bins.all_bins"), 303)
