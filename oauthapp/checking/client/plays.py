"""How each check is played: one table, and the straight way for all else."""

from collections.abc import Callable
from collections.abc import Mapping
from contextlib import closing

from oauthapp.checking.client.duties import Check
from oauthapp.checking.client.ground import Ground
from oauthapp.checking.client.walk import Case
from oauthapp.checking.client.walk import Walk

#: Plays, and gives the walk at whose end it shows who is signed in.
Play = Callable[[Walk], Walk]
Parameters = dict[str, str]


def play(check: Check, case: Case, ground: Ground) -> Walk:
    """Sign in, while this goes wrong.

    :raises SignInStopped: when the provider gives no answer.
    """
    walk = Walk(case, ground.person)
    if check.fault.culprit == "browser":
        return PLAYED[check.name](walk)
    return straight(walk)


def straight(walk: Walk) -> Walk:
    """A login as it should be, as far as the browser can tell."""
    if question := walk.ask():
        walk.deliver(walk.answered(question))
    return walk


def _with(change: Callable[[Parameters], Parameters]) -> Play:
    """The answer is changed on its way."""

    def play(walk: Walk) -> Walk:
        walk.deliver(walk.answered(walk.ask()).changed(change))
        return walk

    return play


def _without_state(answer: Parameters) -> Parameters:
    return {name: answer[name] for name in answer if name != "state"}


def _other_state(answer: Parameters) -> Parameters:
    state = answer.get("state", "")
    return {**answer, "state": ("A" if state[:1] != "A" else "B") + state[1:]}


def _twice(walk: Walk) -> Walk:
    carried = walk.answered(walk.ask())
    walk.deliver(carried)
    walk.deliver(carried)
    return walk


def _in_another_browser(attacker: Walk) -> Walk:
    victim = attacker.another()
    with closing(attacker):
        victim.deliver(attacker.answered(attacker.ask()))
    return victim


def _code_again(first: Walk) -> Walk:
    with closing(first):
        carried = first.answered(first.ask())
        first.deliver(carried)
    code = carried.parameters.get("code", "")
    second = first.another()
    second.deliver(
        second.answered(second.ask()).changed(lambda told: {**told, "code": code})
    )
    return second


#: By the name of the fault.
PLAYED: Mapping[str, Play] = {
    "state_dropped": _with(_without_state),
    "state_altered": _with(_other_state),
    "state_replayed": _twice,
    "state_from_another_browser": _in_another_browser,
    "code_replayed": _code_again,
}
