"""What can be done to any answer for machines."""

from collections.abc import Callable
from collections.abc import Mapping
from typing import Any

from flask import Response
from flask import jsonify

from oauthapp.control.taking import take_from
from oauthapp.services import ProviderServices

#: A good answer becomes a bad one.
Spoiler = Callable[[Response], Response]
Told = dict[str, Any]


def spoiled(
    services: ProviderServices,
    spoilers: Mapping[str, Spoiler],
    good: Response,
    *,
    client_id: str = "",
) -> Response:
    """The answer, or what the fault that is armed for this place makes of it."""
    spoil = take_from(services, spoilers, target=client_id)
    return spoil(good) if spoil else good


def telling(change: Callable[[Told], object]) -> Spoiler:
    """The same, but for what `change` makes of the JSON object."""

    def spoil(good: Response) -> Response:
        good.set_data(jsonify(change(dict(good.get_json()))).get_data())
        return good

    return spoil


def silent_on(*names: str) -> Spoiler:
    """The same without these members."""
    return telling(
        lambda told: {name: told[name] for name in told if name not in names}
    )


def failing(status: int, *, error: str = "", **headers: str) -> Spoiler:
    """No answer but this status, with an error in JSON or as text."""

    def spoil(_good: Response) -> Response:
        answer = jsonify(error=error) if error else Response("on purpose")
        answer.status_code = status
        answer.headers.update({n.replace("_", "-"): v for n, v in headers.items()})
        return answer

    return spoil


def saying(body: bytes, content_type: str = "application/json") -> Spoiler:
    """200, with these bytes."""
    return lambda _good: Response(body, content_type=content_type)


#: What a proxy says in place of the provider.
web_page = saying(b"<!doctype html><title>Welcome</title>", "text/html; charset=utf-8")
