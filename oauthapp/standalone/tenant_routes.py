"""`/control/tenants`: more providers at run time, each at `/t/<name>`."""

from typing import cast

import msgspec
from flask import Blueprint
from flask import Flask
from flask import Response
from flask import current_app
from flask import jsonify
from flask import request

from oauthapp.control.guard import guard
from oauthapp.control.orders import Order
from oauthapp.control.orders import made
from oauthapp.control.orders import read_order
from oauthapp.control.refusals import OrderRefused
from oauthapp.pages import csrf
from oauthapp.settings import Client
from oauthapp.settings import User
from oauthapp.standalone.tenants import Tenants

bp = guard(Blueprint("tenants", __name__, url_prefix="/control"))

EXAMPLE = '{"name": "acme"}, and "users" and "clients" if they are not as at the root'


class TenantNotThere(OrderRefused):
    """No tenant has this name."""

    code = "order_tenant_unknown"
    status = 404
    remedy = "GET /control/tenants lists those that are there; POST begins one."


class _Tenant(Order, frozen=True, kw_only=True):
    name: str
    users: list[User] | None = None
    clients: list[Client] | None = None


def let_tenants_be_ordered(root: Flask, tenants: Tenants) -> None:
    """Let the provider at the root take orders for more of them."""
    root.extensions["oauthapp.tenants"] = tenants
    root.register_blueprint(bp)
    csrf.exempt(bp)  # its own guard looks at who gives orders


@bp.get("/tenants")
def show() -> Response:
    """The issuer of each tenant."""
    told = [{"name": name, "issuer": url} for name, url in _tenants().issuers.items()]
    return jsonify(tenants=told)


@bp.post("/tenants")
def begin() -> tuple[Response, int]:
    """Begin a provider of its own, anew where there is one of that name."""
    told = read_order(_Tenant, EXAMPLE)
    own = {"users": told.users, "clients": told.clients}
    changes = {key: value for key, value in own.items() if value is not None}
    _, settings = made(EXAMPLE, lambda: _tenants().open(told.name, **changes))
    answer = jsonify(
        name=told.name,
        issuer=settings.issuer,
        users=msgspec.to_builtins(settings.users),
        clients=msgspec.to_builtins(settings.clients),
    )
    return answer, 201


@bp.delete("/tenants")
def end() -> Response:
    """End the one that `?name=` names, or all, with all that they gave out."""
    name = request.args.get("name")
    tenants = _tenants()
    if name is not None and name not in tenants.issuers:
        names = ", ".join(tenants.issuers) or "none so far"
        raise TenantNotThere(arrived=name[:80], expected=f"one of {names}"[:500])
    for one in list(tenants.issuers) if name is None else [name]:
        tenants.end(one)
    return show()


def _tenants() -> Tenants:
    return cast(Tenants, current_app.extensions["oauthapp.tenants"])
