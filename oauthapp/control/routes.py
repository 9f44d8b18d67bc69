"""`/control`: how a test or a demonstration makes this party misbehave.

There only where the settings say `control = true`, for programs on this machine.
"""

from typing import Annotated

import msgspec
from flask import Blueprint
from flask import Flask
from flask import Response
from flask import jsonify
from flask import request

from oauthapp.control import arming
from oauthapp.control.guard import guard
from oauthapp.control.orders import Order
from oauthapp.control.orders import read_order
from oauthapp.control.store import Armed
from oauthapp.faults import Fault
from oauthapp.pages import csrf
from oauthapp.services import any_services

bp = guard(Blueprint("control", __name__, url_prefix="/control"))

#: Times that one order may ask for.
MOST_TIMES = 1000
EXAMPLE = '{"name": "token_500", "times": 1, "for": ""}, the name alone is needed'


class _Order(Order, frozen=True, kw_only=True):
    name: str
    times: Annotated[int, msgspec.Meta(ge=1, le=MOST_TIMES)] = 1
    target: Annotated[str, msgspec.Meta(max_length=2000)] = msgspec.field(
        default="", name="for"
    )


@bp.get("/faults")
def show() -> Response:
    """What can be armed here with its rule, and what is."""
    services = any_services()
    return jsonify(
        faults=[_in_json(one) for one in arming.armable(services).values()],
        armed=[
            {"name": one.name, "times": one.times, "for": one.target}
            for one in arming.armed(services)
        ],
    )


@bp.post("/faults")
def arm() -> Response:
    """Let a fault happen, the next so many times."""
    order = read_order(_Order, EXAMPLE)
    one = Armed(name=order.name, target=order.target, times=order.times)
    arming.arm(any_services(), one)
    return show()


@bp.delete("/faults")
def disarm() -> Response:
    """Let none happen any more, or not the one that `?name=` names."""
    arming.disarm(any_services(), request.args.get("name"))
    return show()


def _in_json(one: Fault) -> dict[str, object]:
    return {
        "name": one.name,
        "kind": one.kind,
        "scenarios": one.scenarios,
        "says": one.says,
        "rule": one.rule,
        "outcome": one.outcome,
    }


def take_orders(party: Flask, *of_this_party: Blueprint) -> None:
    """Let a party take orders: these, and those that only it understands."""
    for one in (bp, *of_this_party):
        party.register_blueprint(one)
        csrf.exempt(one)  # its own guard looks at who gives orders
