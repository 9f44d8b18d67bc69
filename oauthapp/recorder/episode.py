"""Which calls belong to one run of a scenario, of those that hang together? Pure.

A session ties the login that began it to the logout that ended it, so what hangs
together may be several runs, one after the other.
"""

from collections.abc import Sequence

from oauthapp.recorder.call import Call
from oauthapp.recorder.step import path_of
from oauthapp.scenarios import SCENARIOS


def episode(calls: Sequence[Call], first: Call) -> tuple[Call, ...]:
    """The calls from `first` on until the next run begins.

    A message belongs to the run in which it was sent first, however late it is
    repeated.
    """
    later = [one.at for one in calls if _begins_a_run(one) and one.at > first.at]
    end = min(later, default=float("inf"))
    earlier = {link for one in calls if one.at < first.at for link in _messages(one)}
    own = [one for one in calls if first.at <= one.at < end]
    messages = {link for one in own for link in _messages(one)} - earlier
    return tuple(
        one
        for one in calls
        if one.at >= first.at
        and (one.at < end or _messages(one) & messages)
        and not _messages(one) & earlier
    )


def _begins_a_run(call: Call) -> bool:
    path = path_of(call.url)
    return call.direction == "inbound" and any(
        one.begins_with(call.party, call.method, path) for one in SCENARIOS.values()
    )


def _messages(call: Call) -> set[str]:
    return {link for link in call.links if link.startswith("message:")}
