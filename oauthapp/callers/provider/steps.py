"""What has to happen before a question is answered? Pure."""

from dataclasses import dataclass
from typing import Literal

from oauthapp.callers.provider.asked import Asked
from oauthapp.callers.provider.refusals import AuthorizationError

Step = Literal["login", "consent", "grant"]


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Who is signed in at the provider, and what they allowed this client."""

    sub: str
    #: Unix seconds of the moment they typed their password.
    auth_time: float
    consented: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Situation:
    """A question, who is there to answer it, and the time."""

    asked: Asked
    #: What the user has to have allowed.
    to_agree: frozenset[str]
    standing: Standing | None
    #: The one user whom the client asks for; None when anybody will do.
    wanted_sub: str | None
    #: When the question came; a login since then is fresh.
    began: float
    now: float

    def fresh(self) -> bool:
        """Whether the user signed in for this very question."""
        return self.standing is not None and self.standing.auth_time >= self.began


def login_holds(situation: Situation) -> bool:
    """Whether the right user is signed in, as recently as the client wants it."""
    standing = situation.standing
    if standing is None or situation.wanted_sub not in (None, standing.sub):
        return False
    return situation.fresh() or not _login_wanted(situation, standing)


def next_step(situation: Situation) -> Step:
    """What has to happen before the answer (OIDC Core §3.1.2.1, §3.1.2.3).

    :raises AuthorizationError: when the client forbade what would have to happen.
    """
    asked, standing = situation.asked, situation.standing
    prompts = asked.get("prompt").split()
    silent = "none" in prompts
    if standing is None or not login_holds(situation):
        # A fresh login that does not hold is that of another user than was hinted at.
        if silent or situation.fresh():
            raise AuthorizationError("login_required", "the user is not signed in")
        return "login"
    if situation.to_agree <= standing.consented and "consent" not in prompts:
        return "grant"
    if silent:
        raise AuthorizationError("consent_required", "the user has not agreed yet")
    return "consent"


def _login_wanted(situation: Situation, standing: Standing) -> bool:
    prompts = situation.asked.get("prompt").split()
    if "login" in prompts or "select_account" in prompts:
        return True
    max_age = situation.asked.get("max_age")
    return max_age != "" and situation.now - standing.auth_time > int(max_age)
