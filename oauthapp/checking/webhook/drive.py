"""A webhook endpoint, driven through everything that senders and forgers can do."""

import secrets
from collections.abc import Callable
from collections.abc import Collection
from dataclasses import dataclass
from threading import Event

import requests

from oauthapp.checking.result import Report
from oauthapp.checking.result import Result
from oauthapp.checking.select import selected
from oauthapp.checking.webhook.check import Check
from oauthapp.checking.webhook.checks import CHECKS
from oauthapp.checking.webhook.letters import Letter
from oauthapp.checking.webhook.letters import body_of
from oauthapp.checking.webhook.send import Post
from oauthapp.checking.webhook.verdict import SLOW
from oauthapp.checking.webhook.verdict import Answer
from oauthapp.checking.webhook.verdict import Seen
from oauthapp.checking.webhook.verdict import result_of
from oauthapp.clock import Clock
from oauthapp.errors import InputUnusable

#: Seconds for an effect to show, and how often it is looked for.
EFFECT_TIME = 1.0
LOOKS = 5


@dataclass(frozen=True, kw_only=True)
class Case:
    """The endpoint that is checked."""

    url: str
    secret: str
    scheme: str
    clock: Clock
    event_type: str = "check.made"
    #: JSON that the endpoint understands; b"": what senders of that kind say.
    body: bytes = b""
    #: Answers with the number of effects so far; "": nobody can tell.
    effects_url: str = ""
    patience: float = 10.0

    def letter(self) -> Letter:
        """A good message, of its own."""
        message_id = f"evt_{secrets.token_hex(12)}"
        now = int(self.clock())
        body = body_of(self.scheme, message_id, now, self.event_type, self.body)
        return Letter(
            scheme_name=self.scheme,
            secret=self.secret,
            message_id=message_id,
            timestamp=now,
            body=body,
            event_type=self.event_type,
        )


def check_webhook(
    case: Case,
    *,
    only: Collection[str] = (),
    skip: Collection[str] = (),
    tell: Callable[[str], None] = lambda _line: None,
) -> Report:
    """Drive an endpoint through every check that fits its kind of sender.

    :raises InputUnusable: when a name is none, or a good message is not accepted.
    """
    chosen = [
        one
        for one in selected(CHECKS, only=only, skip=skip)
        if one.fits(case.letter().scheme)
    ]
    post = Post(url=case.url, patience=case.patience)
    good = _require_good(case, post)
    results = []
    for number, check in enumerate(chosen, 1):
        result = _checked(check, case, post, good)
        tell(f"{number}/{len(chosen)} {result.name}: {result.verdict}, {result.did}")
        results.append(result)
    return Report(
        kind="check-webhook",
        url=case.url,
        results=tuple(results),
        remarks=_remarks(case, good),
    )


def _require_good(case: Case, post: Post) -> Answer:
    good = post.send(case.letter().packed())
    if not good.accepted:
        raise InputUnusable(
            f"a good message is answered {good.in_words()}: check secret and scheme, "
            "and give --body and --event-type for one that the endpoint understands"
        )
    return good


def _checked(check: Check, case: Case, post: Post, good: Answer) -> Result:
    before = _effects(case)
    answers, meanwhile = _sent(check, case, post)
    others = 0 if meanwhile is None else 1
    effects = None if before is None else _more_effects(case, before, check) - others
    seen = Seen(answers=answers, good=good, meanwhile=meanwhile, effects=effects)
    return result_of(check, seen)


def _sent(check: Check, case: Case, post: Post) -> tuple[list[Answer], Answer | None]:
    packed = check.make(case.letter())
    if check.slowly:
        slow, meanwhile = post.send_slowly(packed, case.letter().packed())
        return [slow], meanwhile
    if check.at_once:
        return list(post.send_at_once(packed, check.copies)), None
    return [post.send(packed) for _ in range(check.copies)], None


def _more_effects(case: Case, before: int, check: Check) -> int:
    """How many there are more now; they may come a while after the answer."""
    more = 0
    for _ in range(LOOKS):
        Event().wait(EFFECT_TIME / LOOKS)
        more = (_effects(case) or 0) - before
    return more


def _effects(case: Case) -> int | None:
    if not case.effects_url:
        return None
    try:
        return int(requests.get(case.effects_url, timeout=case.patience).text)
    except (requests.RequestException, ValueError):
        raise InputUnusable(
            f"{case.effects_url} must answer with a number, and nothing else"
        ) from None


def _remarks(case: Case, good: Answer) -> tuple[str, ...]:
    slow = f", which is slow: senders give up after {SLOW:g} to 30"
    late = slow if good.seconds > SLOW else ""
    told = f"A good message is answered {good.status} in {good.seconds:.2f} s{late}."
    if case.effects_url:
        return (told,)
    unseen = (
        "What an endpoint does cannot be seen from outside, nor whether a duplicate "
        "did it twice: --effects-url names a page that tells how often it did."
    )
    return told, unseen
