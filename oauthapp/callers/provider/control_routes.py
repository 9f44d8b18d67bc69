"""`/control`: what the test kit does in a process, by HTTP: for other languages."""

from typing import Annotated
from typing import Any

import msgspec
from flask import Blueprint
from flask import Response
from flask import jsonify
from flask import request

from oauthapp.callers.provider.controls import current_controls
from oauthapp.control.guard import guard
from oauthapp.control.orders import Order
from oauthapp.control.orders import made
from oauthapp.control.orders import read_order
from oauthapp.recorder.call import Call
from oauthapp.recorder.heard import parameters_of
from oauthapp.recorder.step import path_of
from oauthapp.services import provider_services
from oauthapp.settings import Client
from oauthapp.settings import User
from oauthapp.settings.examples import example_password

bp = guard(Blueprint("provider_control", __name__, url_prefix="/control"))

#: Seconds that a clock may be moved by one order: ten years.
MOST_SECONDS = 10 * 366 * 86400

USER = (
    '{"sub": "carol", "password": "…", "claims": {"email": "…"}}, sub alone is needed'
)
CLIENT = '{"redirect_uris": ["http://localhost:3000/callback"]}, or any key of a client'
CLOCK = '{"advance": 60}, in seconds'
SESSIONS = '{"sub": "alice"}, or {} for everybody'
TOKENS = (
    '{"client_id": "…", "sub": "alice", "scope": "openid"}, the scope may be left out'
)
NOTHING = "{}"


class _User(Order, frozen=True, kw_only=True):
    sub: str
    password: str = ""
    claims: dict[str, object] = {}


class _Clock(Order, frozen=True, kw_only=True):
    advance: Annotated[float, msgspec.Meta(ge=0, le=MOST_SECONDS)]


class _Sessions(Order, frozen=True, kw_only=True):
    sub: str | None = None


class _Tokens(Order, frozen=True, kw_only=True):
    client_id: str
    sub: str
    scope: str = "openid"


@bp.get("/users")
def show_users() -> Response:
    """Who can sign in."""
    return jsonify(users=msgspec.to_builtins(current_controls().users))


@bp.post("/users")
def add_user() -> tuple[Response, int]:
    """Let somebody sign in, or sign in differently."""
    told = read_order(_User, USER)
    user = made(
        USER,
        lambda: User(
            sub=told.sub,
            password=told.password or example_password(told.sub),
            claims=told.claims,
        ),
    )
    made(USER, lambda: current_controls().add_user(user))
    return jsonify(msgspec.to_builtins(user)), 201


@bp.delete("/users")
def remove_users() -> Response:
    """Let nobody sign in any more, or not the one that `?sub=` names."""
    current_controls().remove_users(request.args.get("sub"))
    return show_users()


@bp.get("/clients")
def show_clients() -> Response:
    """Who may ask."""
    return jsonify(clients=msgspec.to_builtins(current_controls().clients))


@bp.post("/clients")
def add_client() -> tuple[Response, int]:
    """Register a client; its name and its secret are made where they are not told."""
    told = read_order(dict[str, Any], CLIENT)
    client: Client = made(CLIENT, lambda: current_controls().add_client(told))
    return jsonify(msgspec.to_builtins(client)), 201


@bp.delete("/clients")
def remove_clients() -> Response:
    """Let no client ask any more, or not the one that `?client_id=` names."""
    current_controls().remove_clients(request.args.get("client_id"))
    return show_clients()


@bp.get("/clock")
def show_clock() -> Response:
    """What time it is for the provider."""
    return jsonify(now=current_controls().now())


@bp.post("/clock")
def advance() -> Response:
    """Let time pass at once, and with it what expires or is due."""
    current_controls().advance(read_order(_Clock, CLOCK).advance)
    return show_clock()


@bp.get("/requests")
def show_requests() -> Response:
    """What the provider was asked, in order; `?path=` and `?method=` leave out others.

    Secrets are left out, and so are its own pages and these orders.
    """
    calls = [_in_json(call) for call in current_controls().requests()]
    wanted = {name: request.args.get(name) for name in ("path", "method")}
    return jsonify(
        requests=[
            call
            for call in calls
            if all(wanted[name] in (None, call[name]) for name in wanted)
        ]
    )


@bp.delete("/requests")
def forget_requests() -> Response:
    """Begin anew."""
    current_controls().forget_requests()
    return show_requests()


@bp.post("/keys/rotate")
def rotate_keys() -> Response:
    """Sign with a new key from now on; the old one stays published."""
    read_order(Order, NOTHING)
    return jsonify(kid=current_controls().rotate_keys())


@bp.post("/sessions/end")
def end_sessions() -> Response:
    """Sign one user out, or everybody, and tell clients by the back channel."""
    told = read_order(_Sessions, SESSIONS)
    return jsonify(ended=current_controls().end_sessions(told.sub))


@bp.post("/tokens")
def issue_tokens() -> Response:
    """A token answer as after a login, for tests of an API without a browser."""
    told = read_order(_Tokens, TOKENS)
    controls = current_controls()
    return jsonify(controls.issue_tokens(told.client_id, told.sub, told.scope))


@bp.post("/reset")
def reset() -> tuple[str, int]:
    """As it was at first, but for its keys."""
    read_order(Order, NOTHING)
    current_controls().reset()
    return "", 204


def _in_json(call: Call) -> dict[str, Any]:
    prefix = path_of(provider_services().settings.issuer).rstrip("/")
    return {
        "at": call.at,
        "ms": call.ms,
        "method": call.method,
        "path": path_of(call.url).removeprefix(prefix),
        "parameters": parameters_of(call),
        "request_headers": call.request_headers,
        "request_body": call.request_body,
        "status": call.status,
        "answer_headers": call.answer_headers,
        "answer_body": call.answer_body,
        "verdict": call.verdict,
        "reason": call.reason,
    }
