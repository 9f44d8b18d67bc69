"""What does an order say? JSON alone, and nothing in it that we do not know."""

from collections.abc import Callable
from typing import TypeVar

import msgspec
from flask import request

from oauthapp.control.refusals import OrderMalformed
from oauthapp.control.refusals import OrderNotJson


class Order(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A kind of order; each has its own keys."""


Read = TypeVar("Read")
Made = TypeVar("Made")


def read_order(shape: type[Read], example: str) -> Read:
    """What this request's body orders; an empty one is `{}`.

    :param example: one that would be understood.
    :raises OrderRefused: when it is not announced as JSON, or says something else.
    """
    if request.mimetype != "application/json":
        raise OrderNotJson(arrived=request.mimetype[:80] or "no Content-Type")
    try:
        return msgspec.json.decode(request.get_data() or b"{}", type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise OrderMalformed(arrived=str(error)[:200], expected=example) from None


def made(example: str, make: Callable[[], Made]) -> Made:
    """What `make` makes of an order.

    :raises OrderMalformed: when it refuses a value, with the key's name.
    """
    try:
        return make()
    except ValueError as error:
        raise OrderMalformed(arrived=str(error)[:300], expected=example) from None
