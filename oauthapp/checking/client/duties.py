"""What does each fault of a login ask of a relying party? One table, over the faults.

Unless it says otherwise here, a fault is an attack: to sign the user in is a finding.
"""

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from typing import Literal

from oauthapp.faults import FAULTS
from oauthapp.faults import Fault

#: "refuse": nobody is signed in. "cope": signed in or not, but no crash and no hang.
#: "accept": the user is signed in.
Duty = Literal["refuse", "cope", "accept"]


@dataclass(frozen=True, kw_only=True)
class Check:
    """A fault, and what a correct relying party makes of it."""

    fault: Fault
    duty: Duty
    #: Why letting it in breaks no rule, "" where it does.
    open_because: str = ""
    #: When letting it in does no harm after all, "" when it always does.
    unless: str = ""

    @property
    def name(self) -> str:
        return self.fault.name

    @property
    def says(self) -> str:
        """What goes wrong, in one sentence."""
        return _RELOADED[0] if self.name == "state_replayed" else self.fault.says

    @property
    def rule(self) -> str:
        """What has to be done about it, and where that is written."""
        rule = _RELOADED[1] if self.name == "state_replayed" else self.fault.rule
        return f"{rule} {self.unless}".rstrip()

    @property
    def correct(self) -> str:
        """What a correct one does, in short."""
        if self.name == "state_replayed":
            return "redeems the code once"
        return {
            "refuse": "signs nobody in",
            "cope": "answers in time, without an error of its own",
            "accept": "signs the user in",
        }[self.duty]

    @property
    def needs_signatures(self) -> bool:
        """Whether it says something only of those who look at signatures at all."""
        return self.name in _BY_SIGNATURE

    @property
    def changes_who(self) -> bool:
        """Whether the page may say somebody else's name, or none, all the same."""
        return self.name in _OF_IDENTITY

    @property
    def is_fetched_seldom(self) -> bool:
        """Whether it lies in what a relying party fetches once, and keeps."""
        return self.name.startswith(("jwks_", "discovery_"))


#: The very same answer comes again. Another one with the same state would tell nothing:
#: the user is signed in by the first.
_RELOADED = (
    "The callback is opened a second time: a reload, the back button.",
    "A code is sent once, and each state is good for one answer (RFC 6749 §4.1.2, "
    "RFC 9700 §4.7.1).",
)
_COPE = frozenset(
    """token_slow token_hang token_huge userinfo_401 userinfo_html jwks_late
    state_replayed""".split()
)
_ACCEPT = frozenset({"id_token_key_rotated"})
_BY_SIGNATURE = frozenset(
    """id_token_signature_wrong id_token_signature_missing id_token_kid_unknown
    id_token_jwk_injected id_token_jku_injected jwks_empty jwks_other_key
    discovery_without_keys""".split()
)
_OF_IDENTITY = frozenset(
    """id_token_sub_missing id_token_sub_empty userinfo_sub_wrong
    userinfo_sub_missing""".split()
)

_CSRF = (
    "PKCE or nonce may keep strangers’ answers out instead (RFC 9700 §2.1); whether "
    "they do, state_from_another_browser tells."
)
_UNUSED = "It may have left userinfo unused, as the rule allows."
_TOKEN_UNUSED = "It is wrong only if the access token is used."
#: Why no rule is broken by letting it in.
_OPEN: Mapping[str, str] = {
    "state_dropped": _CSRF,
    "state_altered": _CSRF,
    "answer_parameter_twice": "The rule binds the provider; clients may be lenient.",
    "token_without_access_token": "The id_token alone says who signed in.",
    "token_type_wrong": _TOKEN_UNUSED,
    "userinfo_sub_wrong": _UNUSED,
    "userinfo_sub_missing": _UNUSED,
    "id_token_azp_wrong": "azp is a SHOULD (OIDC Core §3.1.3.7 no. 5).",
    "id_token_iat_future": "How far off iat may be is the client’s choice "
    "(OIDC Core §3.1.3.7 no. 10).",
    "id_token_iat_missing": "No rule makes a client look for iat.",
    "id_token_at_hash_wrong": "With the code flow, at_hash is a MAY (§3.1.3.8).",
}
_ONE_PROVIDER = (
    "No harm with one provider only, or with a redirect URI for each (RFC 9700 §4.4.2)."
)
_UNLESS: Mapping[str, str] = {
    "answer_iss_wrong": _ONE_PROVIDER,
    "answer_iss_missing": _ONE_PROVIDER,
}

#: What is not played, and why.
LEFT_OUT: Final[Mapping[str, str]] = {
    "answer_state_missing": "to the relying party it is state_dropped",
    "answer_state_altered": "to the relying party it is state_altered",
    "deny": "to the relying party it is answer_access_denied",
    "redirect_uri_slash": "the provider’s duty",
    "redirect_uri_case": "the provider’s duty",
    "redirect_uri_port": "the provider’s duty",
    "cookie_lost": "needs the name of the relying party’s cookie",
    "cookie_clash": "needs the name of the relying party’s cookie",
    "browser_closed": "nothing comes back, so nothing is to be seen",
    "host_mismatch": "to the relying party it is state_from_another_browser",
    "discovery_endpoint_unencrypted": "where the code goes cannot be seen from here",
}

#: A key that is new is looked for seldom: only so often, so nothing else may have
#: made the relying party look before. What it fetches once comes last.
_LATE = ("id_token_key_rotated", "id_token_kid_unknown", "jwks_", "discovery_")


def _is_of_the_redirect(fault: Fault) -> bool:
    at_the_login = "login" in fault.scenarios and fault.kind == "redirect"
    return at_the_login and fault.name not in LEFT_OUT


def _turn(name: str) -> int:
    late = [turn for turn, start in enumerate(_LATE, 1) if name.startswith(start)]
    return late[0] if late else 0


def _duty(name: str) -> Duty:
    if name in _ACCEPT:
        return "accept"
    return "cope" if name in _COPE else "refuse"


#: In the order in which they are made.
CHECKS: Final[Sequence[Check]] = tuple(
    Check(
        fault=fault,
        duty=_duty(fault.name),
        open_because=_OPEN.get(fault.name, ""),
        unless=_UNLESS.get(fault.name, ""),
    )
    for fault in sorted(FAULTS.values(), key=lambda one: _turn(one.name))
    if _is_of_the_redirect(fault)
)
