"""Is this the answer to our question? Pure: what came, what we know, what time it is.

Read `CHECKS` from top to bottom: it is the whole argument why a code that a browser
brings may be redeemed (RFC 9700 §4.4 to §4.7, RFC 9207 §2.4).
"""

from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Sequence
from dataclasses import dataclass
from hmac import compare_digest

from oauthapp.callbacks.redirect import refusals
from oauthapp.callbacks.redirect.refusals import AnswerRefused
from oauthapp.parameters import Parameters
from oauthapp.parameters import get
from oauthapp.parameters import repeated


@dataclass(frozen=True, kw_only=True)
class PendingLogin:
    """What this app remembered when it sent a browser to sign in."""

    provider: str
    issuer: str
    redirect_uri: str
    nonce: str
    code_verifier: str
    #: Hash of the cookie that was set in the browser that began the login.
    browser_hash: str
    next: str
    created_at: float


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What came, beside what we know."""

    #: Query or form parameters in the order they came, duplicates included.
    parameters: Parameters
    #: Host (and port) the request was sent to, and the one our redirect URI names.
    host: str
    our_host: str
    #: Whose redirect URI was called, and which issuer that is.
    provider: str
    issuer: str
    #: The provider's metadata promise the iss parameter (RFC 9207 §3).
    iss_promised: bool
    #: The state carries this app's signature.
    state_signed: bool
    #: The login that the state stood for, already taken out of the store.
    pending: PendingLogin | None
    #: Hash of the browser's login cookie, empty when it sent none.
    browser_hash: str
    now: float
    #: Seconds a pending login lives.
    login_ttl: int

    def get(self, name: str) -> str:
        """The parameter's value, empty when it did not come."""
        return get(self.parameters, name)


class AuthorizationResponse:
    """An answer that was checked. Only `believe` makes one."""

    def __init__(self, seal: object, *, code: str, pending: PendingLogin) -> None:
        if seal is not _SEAL:
            raise TypeError("only believe() makes an AuthorizationResponse")
        self.code = code
        self.pending = pending


_SEAL = object()


def it_came_to_our_host(seen: Evidence) -> bool:
    return seen.host == seen.our_host


def no_parameter_came_twice(seen: Evidence) -> bool:
    return not repeated(seen.parameters)


def state_came(seen: Evidence) -> bool:
    return seen.get("state") != ""


def state_is_signed_by_us(seen: Evidence) -> bool:
    # One that did not come is the matter of the check before.
    return seen.state_signed or seen.get("state") == ""


def state_was_pending(seen: Evidence) -> bool:
    return seen.pending is not None


def state_is_this_browsers(seen: Evidence) -> bool:
    return seen.pending is not None and compare_digest(
        seen.pending.browser_hash.encode(), seen.browser_hash.encode()
    )


def state_is_for_this_provider(seen: Evidence) -> bool:
    return seen.pending is not None and (
        (seen.pending.provider, seen.pending.issuer) == (seen.provider, seen.issuer)
    )


def login_is_recent(seen: Evidence) -> bool:
    return (
        seen.pending is not None
        and 0 <= seen.now - seen.pending.created_at <= seen.login_ttl
    )


def issuer_is_named_where_promised(seen: Evidence) -> bool:
    return not seen.iss_promised or seen.get("iss") != ""


def issuer_is_the_one_we_asked(seen: Evidence) -> bool:
    named = [value for key, value in seen.parameters if key == "iss"]
    return all(value == seen.issuer for value in named)


def provider_said_yes(seen: Evidence) -> bool:
    return all(key != "error" for key, _value in seen.parameters)


def code_came(seen: Evidence) -> bool:
    return seen.get("code") != ""


Check = tuple[Callable[[Evidence], bool], type[AnswerRefused]]

#: In this order; the first that does not hold is the reason.
CHECKS: Sequence[Check] = (
    (it_came_to_our_host, refusals.HostMismatch),
    (no_parameter_came_twice, refusals.DuplicateParameter),
    (state_came, refusals.StateMissing),
    (state_is_signed_by_us, refusals.StateForged),
    (state_was_pending, refusals.StateUnknown),
    (state_is_this_browsers, refusals.StateOfAnotherBrowser),
    (state_is_for_this_provider, refusals.StateOfAnotherProvider),
    (login_is_recent, refusals.LoginExpired),
    (issuer_is_named_where_promised, refusals.IssMissing),
    (issuer_is_the_one_we_asked, refusals.IssMismatch),
    (provider_said_yes, refusals.ProviderSaidNo),
    (code_came, refusals.CodeMissing),
)


def believe(
    seen: Evidence, without: Collection[str] = frozenset()
) -> AuthorizationResponse:
    """The checked answer.

    :param without: names of checks that are off.
    :raises AnswerRefused: naming the first check that does not hold.
    """
    for holds, refusal in CHECKS:
        if not holds(seen) and holds.__name__ not in without:
            arrived, expected = _both_sides(refusal, seen)
            raise refusal(arrived=arrived, expected=expected)
    assert seen.pending is not None  # state_was_pending
    return AuthorizationResponse(_SEAL, code=seen.get("code"), pending=seen.pending)


def _both_sides(refusal: type[AnswerRefused], seen: Evidence) -> tuple[str, str]:
    """What arrived and what was expected, where that can be told without a secret."""
    pending = seen.pending
    if refusal is refusals.HostMismatch:
        return seen.host[:200], seen.our_host
    if refusal is refusals.DuplicateParameter:
        return ", ".join(name[:40] for name in repeated(seen.parameters)[:5]), ""
    if refusal is refusals.StateOfAnotherProvider and pending:
        return f"an answer at {seen.provider}", f"an answer at {pending.provider}"
    if refusal is refusals.LoginExpired and pending:
        age = round(seen.now - pending.created_at)
        return f"after {age} s", f"within {seen.login_ttl} s"
    if refusal in (refusals.IssMissing, refusals.IssMismatch):
        return seen.get("iss")[:200] or "no iss", f"iss={seen.issuer}"
    if refusal is refusals.ProviderSaidNo:
        said = (seen.get("error"), seen.get("error_description"))
        return ": ".join(part[:200] for part in said if part), ""
    return "", ""
