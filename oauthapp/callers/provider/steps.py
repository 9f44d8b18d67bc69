"""What has to happen before a question is answered? Pure."""

from dataclasses import dataclass
from typing import Literal

from oauthapp.callers.provider.authorize import Asked
from oauthapp.callers.provider.refusals import AuthorizationError

Step = Literal["login", "consent", "grant"]


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Who is signed in at the provider, and what they allowed this client."""

    sub: str
    #: Unix seconds of the moment they typed their password.
    auth_time: float
    consented: frozenset[str]


def next_step(
    asked: Asked,
    standing: Standing | None,
    *,
    hinted_sub: str | None,
    began: float,
    now: float,
) -> Step:
    """What has to happen before the answer (OIDC Core §3.1.2.1, §3.1.2.3).

    :param hinted_sub: whom the client's id_token_hint names.
    :param began: when this request came; a login since then is fresh.
    :raises AuthorizationError: when the client forbade what would have to happen.
    """
    prompts = asked.get("prompt").split()
    silent = "none" in prompts
    fresh = standing is not None and standing.auth_time >= began
    if standing is None or (_login_wanted(asked, standing, prompts, now) and not fresh):
        if silent:
            raise AuthorizationError("login_required", "nobody is signed in")
        return "login"
    if hinted_sub is not None and standing.sub != hinted_sub:
        if silent or fresh:
            raise AuthorizationError("login_required", "another user is signed in")
        return "login"
    consented = set(asked.granted_scope().split()) <= standing.consented
    if consented and "consent" not in prompts:
        return "grant"
    if silent:
        raise AuthorizationError("consent_required", "the user has not agreed yet")
    return "consent"


def _login_wanted(
    asked: Asked, standing: Standing, prompts: list[str], now: float
) -> bool:
    if "login" in prompts or "select_account" in prompts:
        return True
    max_age = asked.get("max_age")
    return max_age != "" and now - standing.auth_time > int(max_age)
