"""How do signed in and signed out look at this relying party? Tried out first."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import parse_qs
from urllib.parse import urljoin
from urllib.parse import urlsplit

from oauthapp.checking.client.ground import Ground
from oauthapp.checking.client.plays import straight
from oauthapp.checking.client.sight import Look
from oauthapp.checking.client.sight import Yardstick
from oauthapp.checking.client.walk import Carried
from oauthapp.checking.client.walk import Case
from oauthapp.checking.client.walk import Walk
from oauthapp.errors import InputUnusable
from oauthapp.provider_pages import SignInStopped

_DENIED = "answer_access_denied"


@dataclass(frozen=True, kw_only=True)
class Calibrated:
    """What is known of a relying party before anything goes wrong."""

    yardstick: Yardstick
    #: The page that is looked at after each login; "": the one it ends at.
    look_at: str
    #: Whether its questions have a nonce; None when they cannot be read.
    sends_nonce: bool | None


def calibrate(case: Case, ground: Ground) -> Calibrated:
    """Sign in, be denied, and look at both.

    :raises InputUnusable: when no login succeeds, or nothing shows that it did.
    """
    before = len(ground.heard())
    question, carried, good = _good_login(case, ground)
    tokens = ground.tokens_since(before)
    with ground.misbehaving(_DENIED), closing(Walk(case, ground.person)) as denied:
        straight(denied)
    yardstick = Yardstick(signed_in=good, signed_out=denied.landed)
    look_at = ""
    for page in _pages_for_users(case, carried, good):
        seen = _seen_at(page, case, ground)
        if seen.tells or case.signed_in_url:
            yardstick, look_at = seen, page
            break
    if not yardstick.tells:
        raise InputUnusable(
            "whether somebody is signed in cannot be seen: "
            f"{yardstick.signed_in.in_words()} either way ({tokens}); name a page that "
            "is for users with --signed-in-url, and what it says of them with "
            "--signed-in-text"
        )
    return Calibrated(
        yardstick=yardstick, look_at=look_at, sends_nonce=_sends_nonce(question)
    )


def signs_in(case: Case, ground: Ground, known: Calibrated) -> bool:
    """Whether a login in which nothing goes wrong succeeds now."""
    with closing(Walk(case, ground.person)) as walk:
        try:
            straight(walk)
        except SignInStopped:
            return False
        return known.yardstick.judge(walk.look_at(known.look_at)) == "let in"


def _good_login(case: Case, ground: Ground) -> tuple[str, Carried, Look]:
    before = len(ground.heard())
    with closing(Walk(case, ground.person)) as walk:
        question = walk.ask()
        if not question:
            raise InputUnusable(
                f"{case.url} does not lead to {ground.issuer}: "
                f"{walk.failure or walk.landed.in_words()}"
            )
        try:
            carried = walk.answered(question)
        except SignInStopped as stopped:
            raise InputUnusable(f"a good login stops: {stopped}") from None
        _require_no_error(carried)
        walk.deliver(carried)
    if walk.failure or walk.landed.status >= 400:
        shown = walk.failure or walk.landed.in_words()
        tokens = ground.tokens_since(before)
        raise InputUnusable(f"a good login does not succeed: {shown}; {tokens}")
    return question, carried, walk.landed


def _require_no_error(carried: Carried) -> None:
    told = carried.parameters
    if "error" in told:
        raise InputUnusable(
            f"the provider refuses what is asked: {told['error']}, "
            f"{told.get('error_description', '')}"
        )


def _pages_for_users(case: Case, carried: Carried, good: Look) -> Sequence[str]:
    """Those that may show whether somebody is signed in."""
    if case.signed_in_url:
        return [case.signed_in_url]
    # To look at the callback again is no look, but a replay.
    at_the_callback = carried.url.partition("?")[0].endswith(good.place)
    return [] if at_the_callback else [urljoin(case.url, good.place)]


def _seen_at(url: str, case: Case, ground: Ground) -> Yardstick:
    with closing(Walk(case, ground.person)) as user:
        straight(user)
        signed_in = user.look_at(url)
    with closing(Walk(case, ground.person)) as stranger:
        return Yardstick(signed_in=signed_in, signed_out=stranger.look_at(url))


def _sends_nonce(question: str) -> bool | None:
    asked = parse_qs(urlsplit(question).query)
    if "request_uri" in asked or "request" in asked:
        return None
    return "nonce" in asked
