"""Has every callback of a play come, and its record been kept?"""

from collections import Counter
from collections.abc import Callable
from functools import partial
from urllib.parse import urlsplit

from oauthapp.app import UNRECORDED
from oauthapp.faults import Fault
from oauthapp.playing.stage import Stage
from oauthapp.recorder.call import Call
from oauthapp.recorder.step import path_of


def wait_for(
    stage: Stage, before: int, *, redirects: int = 0, webhooks: int = 0
) -> None:
    """Until so many have come, whatever became of them, or one is late.

    :param before: the number of calls when the play began.
    """
    wait_for_calls(stage, before, "/callback/", redirects)
    wait_for_calls(stage, before, "/webhooks/", webhooks)


def callbacks_in(fault: Fault) -> int:
    """How many the fault says there will be: "failed fault ×3" are three."""
    if fault.outcome == ("never",):
        return 0
    times = [one.partition("×")[2] for one in fault.outcome]
    return sum(int(number or 1) for number in times)


def wait_for_calls(stage: Stage, before: int, path: str, number: int) -> None:
    """The same for calls to the app whose path begins so."""

    def is_one(call: Call) -> bool:
        here = (call.party, call.direction) == ("app", "inbound")
        return here and path_of(call.url).startswith(path)

    _wait(stage, before, is_one, number)


def _wait(
    stage: Stage, before: int, wanted: Callable[[Call], bool], number: int
) -> None:
    seen: set[str] = set()
    for _ in range(number):
        call = stage.arrivals.wait_until(
            lambda one: wanted(one) and one.id not in seen, after=before
        )
        if call is None:
            return
        seen.add(call.id)


def wait_for_records(stage: Stage, before: int) -> None:
    """Until every call that the played browser made is recorded.

    A party records a call after it has answered, so the browser is sooner.
    """
    ports = {urlsplit(stage.app_url).port: "app"}
    ports[urlsplit(stage.provider_url).port] = "provider"
    made = Counter(
        (ports[urlsplit(url).port], method, path_of(url))
        for method, url in stage.visitor.visited
        if urlsplit(url).port in ports and not _is_unrecorded(path_of(url))
    )
    for made_one, times in made.items():
        _wait(stage, before, partial(_is_that, made_one), times)


def _is_that(made: tuple[str, str, str], call: Call) -> bool:
    heard = (call.party, call.method, path_of(call.url))
    return call.direction == "inbound" and heard == made


def _is_unrecorded(path: str) -> bool:
    return any(path == one or path.startswith(f"{one}/") for one in UNRECORDED)
