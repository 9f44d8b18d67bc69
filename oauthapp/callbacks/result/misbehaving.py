"""What the receiver of results does wrong when told to: one table."""

from collections.abc import Callable
from collections.abc import Mapping

from flask import Response


def _away() -> Response:
    return Response("on purpose", status=503)


#: By the name of the fault.
RECEIVED: Mapping[str, Callable[[], Response]] = {
    "callback_refused": _away,
    "callback_refused_always": _away,
}
