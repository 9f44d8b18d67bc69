"""A relying party, driven through every fault of a login, each in a fresh browser."""

from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from threading import Event

from oauthapp.checking.client.calibrate import Calibrated
from oauthapp.checking.client.calibrate import calibrate
from oauthapp.checking.client.calibrate import signs_in
from oauthapp.checking.client.duties import CHECKS
from oauthapp.checking.client.duties import Check
from oauthapp.checking.client.ground import Ground
from oauthapp.checking.client.plays import play
from oauthapp.checking.client.sight import Look
from oauthapp.checking.client.verdict import Seen
from oauthapp.checking.client.verdict import result_of
from oauthapp.checking.client.walk import Case
from oauthapp.checking.result import Report
from oauthapp.checking.result import Result
from oauthapp.checking.select import selected
from oauthapp.provider_pages import SignInStopped

#: Seconds between good logins, until one succeeds again: whoever looks for new keys
#: only so often, or waits for an answer without end, gets the time for it.
PAUSES = (0.5, 1.5, 3.0, 10.0, 20.0, 30.0)
#: Seen, it shows that no signature is looked at.
_SIGNATURE = "id_token_signature_wrong"


@dataclass(frozen=True, kw_only=True)
class Driver:
    """One run."""

    case: Case
    ground: Ground
    known: Calibrated
    #: Makes the relying party forget what it fetched.
    restart: Callable[[], None] | None = None
    pauses: Sequence[float] = PAUSES
    #: What was found out on the way.
    facts: dict[str, bool] = field(default_factory=dict)

    def check(self, check: Check) -> Result:
        """Play one, and judge it."""
        reason = self._out_of_reach(check)
        if reason:
            return result_of(check, replace(_NOTHING, not_reached=reason))
        if check.is_fetched_seldom and self.restart:
            self.restart()
        elif check.name.startswith("jwks_"):
            self.ground.rotate_keys()  # or nobody would look for keys
        seen = self._seen(check)
        if check.name.startswith("jwks_") and seen.not_reached:
            self.facts["fetches_keys"] = False
        if check.name == _SIGNATURE:
            self.facts["signatures"] = checks = seen.judged != "let in"
            seen = replace(seen, checks_signatures=checks)
        return result_of(check, seen)

    def _out_of_reach(self, check: Check) -> str:
        if not self.facts.get("signs_in", True):
            return "not tried: no good login succeeds any more"
        if check.name.startswith("jwks_") and not self.facts.get("fetches_keys", True):
            return _UNASKED
        if self.known.sends_nonce is False and "_nonce_" in check.name:
            return "it sends no nonce, as it may: PKCE binds the code (RFC 9700 §2.1.1)"
        return ""

    def _seen(self, check: Check) -> Seen:
        before = len(self.ground.heard())
        name = check.name
        with self.ground.misbehaving(name):
            seen = self._played(check)
            waiting = check.fault.culprit != "browser" and self.ground.is_waiting(name)
        if check.is_fetched_seldom and self.restart:
            self.restart()
        recovered = seen.judged == "let in" or self._recovers()
        self.facts["signs_in"] = recovered
        return replace(
            seen,
            not_reached=_UNASKED if waiting else "",
            recovered=recovered,
            called=self.ground.called_since(before),
            redeemed_twice=self.ground.redeemed_twice_since(before),
            checks_signatures=self.facts.get("signatures", True),
        )

    def _played(self, check: Check) -> Seen:
        try:
            walk = play(check, self.case, self.ground)
        except SignInStopped as stopped:
            return replace(_NOTHING, not_reached=str(stopped))
        with closing(walk):
            landed, failure = walk.landed, walk.failure
            look = walk.look_at(self.known.look_at)
        judged = self.known.yardstick.judge(look, whoever=check.changes_who)
        return Seen(judged=judged, landed=landed, failure=failure)

    def _recovers(self) -> bool:
        for pause in (*self.pauses, None):
            if signs_in(self.case, self.ground, self.known):
                return True
            if pause is not None:
                Event().wait(pause)
        return False


def check_client(
    case: Case,
    ground: Ground,
    *,
    only: Collection[str] = (),
    skip: Collection[str] = (),
    restart: Callable[[], None] | None = None,
    pauses: Sequence[float] = PAUSES,
    tell: Callable[[str], None] = lambda _line: None,
) -> Report:
    """Drive a relying party through every fault.

    :param only: names of checks, if not all are to be made; `skip`: those not to be.
    :param restart: makes the relying party forget metadata and keys.
    :param tell: is told each result, as soon as there is one.
    :raises InputUnusable: when a name is none, no login succeeds, or nothing shows it.
    """
    chosen = selected(CHECKS, only=only, skip=skip)
    known = calibrate(case, ground)
    driver = Driver(
        case=case, ground=ground, known=known, restart=restart, pauses=pauses
    )
    results = []
    for number, check in enumerate(chosen, 1):
        result = driver.check(check)
        tell(f"{number}/{len(chosen)} {result.name}: {result.verdict}, {result.did}")
        results.append(result)
    return Report(
        kind="check-client",
        url=case.url,
        results=tuple(results),
        remarks=_remarks(known),
    )


def _remarks(known: Calibrated) -> tuple[str, ...]:
    good, nobody = known.yardstick.signed_in, known.yardstick.signed_out
    where = f"looking at {known.look_at}" if known.look_at else "where a login ends"
    named = ", naming the user" if good.names_user else ""
    return (
        f"Signed in is, {where}: {good.in_words()}{named}.",
        f"Signed out is: {nobody.in_words()}.",
    )


_UNASKED = (
    "it did not ask for this during the login: it keeps what it fetched before, or "
    "does without; with --restart it can be made to fetch it anew"
)
_NOTHING = Seen(judged="unclear", landed=Look(status=0, place="", names_user=False))
