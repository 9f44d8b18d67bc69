"""Has every callback of a play come, and its record been kept?"""

from collections import Counter
from collections.abc import Callable
from collections.abc import Iterator
from functools import partial
from itertools import repeat
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


def wait_for_callbacks(stage: Stage, before: int, path: str, fault: Fault) -> None:
    """Until as many have come to that path as can come, or one is late.

    A message that was believed against the fault's word, since a check is off, is not
    sent again: what the fault says would come after it never does.
    """
    seen: set[str] = set()
    for documented in _each(fault):
        came = _next(stage, before, partial(_is_to_app, path), seen)
        if came is None:
            return
        # Whoever sent it keeps its own record of that, a moment later.
        if came.caller_id:
            _next(stage, before, partial(_is_call, came.caller_id), seen)
        if came.verdict == "accepted" != documented:
            return


def _is_call(id: str, call: Call) -> bool:
    return call.id == id


def _each(fault: Fault) -> Iterator[str]:
    """The verdict that each callback should have."""
    for one in fault.outcome:
        words, _, times = one.partition(" ×")
        yield from repeat(words.split()[0], int(times or 1))


def wait_for_calls(stage: Stage, before: int, path: str, number: int) -> None:
    """The same for calls to the app whose path begins so."""

    _wait(stage, before, partial(_is_to_app, path), number)


def _is_to_app(path: str, call: Call) -> bool:
    here = (call.party, call.direction) == ("app", "inbound")
    return here and path_of(call.url).startswith(path)


def _wait(
    stage: Stage, before: int, wanted: Callable[[Call], bool], number: int
) -> None:
    seen: set[str] = set()
    for _ in range(number):
        if _next(stage, before, wanted, seen) is None:
            return


def _next(
    stage: Stage, before: int, wanted: Callable[[Call], bool], seen: set[str]
) -> Call | None:
    """The first of them that was not seen yet, None when it is late."""
    call = stage.arrivals.wait_until(
        lambda one: wanted(one) and one.id not in seen, after=before
    )
    if call is not None:
        seen.add(call.id)
    return call


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
