"""Is this a question we answer? Pure.

`accept` looks at the client and its redirect URI before anything else, because only
a checked redirect URI may be told anything (RFC 9700 §4.1.3); then `CHECKS` is read
from top to bottom, and what does not hold is told to the client.
"""

import re
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass

from oauthapp.allowlist import is_registered
from oauthapp.callers.provider.parameters import printable
from oauthapp.callers.provider.refusals import AuthorizationError
from oauthapp.callers.provider.refusals import ClientUnknown
from oauthapp.callers.provider.refusals import RedirectUriMissing
from oauthapp.callers.provider.refusals import RedirectUriUnknown
from oauthapp.parameters import Parameters
from oauthapp.parameters import get
from oauthapp.parameters import repeated
from oauthapp.settings import Client

#: base64url of a SHA-256 (RFC 7636 §4.2).
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_SECONDS = re.compile(r"[0-9]{1,9}", re.ASCII)
_PROMPTS = frozenset({"none", "login", "consent", "select_account"})


def known_client(parameters: Parameters, clients: Mapping[str, Client]) -> Client:
    """Who asks, if its redirect URI is one of its own.

    :raises RequestRefused: to be shown as a page; nothing may be redirected.
    """
    if "client_id" in repeated(parameters):
        raise ClientUnknown(arrived="more than one client_id")
    client = clients.get(get(parameters, "client_id"))
    if client is None:
        raise ClientUnknown(arrived=printable(get(parameters, "client_id"))[:80])
    uri = get(parameters, "redirect_uri")
    if not uri or "redirect_uri" in repeated(parameters):
        arrived = "more than one redirect_uri" if uri else "no redirect_uri"
        raise RedirectUriMissing(arrived=arrived)
    if not is_registered(uri, client.redirect_uris, native=client.native):
        raise RedirectUriUnknown(uri, client.redirect_uris)
    return client


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The request of a known client, beside what that client may ask for."""

    parameters: Parameters
    client: Client

    def get(self, name: str) -> str:
        """The parameter's value, empty when it did not come."""
        return get(self.parameters, name)

    def has(self, name: str) -> bool:
        """Whether the parameter came at all."""
        return any(key == name for key, _value in self.parameters)

    def granted_scope(self) -> str:
        """What was asked for and may be given; the rest is left out."""
        allowed = self.client.scope.split()
        # A set, in the order asked for (RFC 6749 §3.3).
        asked = dict.fromkeys(self.get("scope").split())
        return " ".join(scope for scope in asked if scope in allowed)


def no_parameter_came_twice(asked: Asked) -> bool:
    return not repeated(asked.parameters)


def it_is_no_request_object(asked: Asked) -> bool:
    return not asked.has("request")


def it_is_no_request_uri(asked: Asked) -> bool:
    return not asked.has("request_uri")


def it_registers_nobody(asked: Asked) -> bool:
    return not asked.has("registration")


def response_type_came(asked: Asked) -> bool:
    return asked.get("response_type") != ""


def it_asks_for_a_code(asked: Asked) -> bool:
    return asked.get("response_type") == "code"


def it_wants_the_answer_in_the_query(asked: Asked) -> bool:
    return asked.get("response_mode") in ("", "query")


def challenge_is_well_formed(asked: Asked) -> bool:
    return _CHALLENGE.fullmatch(asked.get("code_challenge")) is not None


def challenge_is_a_hash(asked: Asked) -> bool:
    return asked.get("code_challenge_method") == "S256"


def some_scope_may_be_given(asked: Asked) -> bool:
    return asked.granted_scope() != ""


def nonce_can_be_signed(asked: Asked) -> bool:
    """An id_token is JSON, which has no room for bytes that are no text."""
    nonce = asked.get("nonce")
    return "\0" not in nonce and nonce.encode(errors="replace").decode() == nonce


def prompt_makes_sense(asked: Asked) -> bool:
    prompts = asked.get("prompt").split()
    return set(prompts) <= _PROMPTS and ("none" not in prompts or len(prompts) == 1)


def max_age_is_a_number(asked: Asked) -> bool:
    value = asked.get("max_age")
    return value == "" or _SECONDS.fullmatch(value) is not None


Check = tuple[Callable[[Asked], bool], str, str]

#: In this order; the first that does not hold becomes error and error_description.
CHECKS: Sequence[Check] = (
    (no_parameter_came_twice, "invalid_request", "a parameter came more than once"),
    (it_is_no_request_object, "request_not_supported", "request is not supported"),
    (it_is_no_request_uri, "request_uri_not_supported", "request_uri not supported"),
    (it_registers_nobody, "registration_not_supported", "registration not supported"),
    (response_type_came, "invalid_request", "response_type is missing"),
    (it_asks_for_a_code, "unsupported_response_type", "only code is supported"),
    (it_wants_the_answer_in_the_query, "invalid_request", "response_mode: only query"),
    (
        challenge_is_a_hash,
        "invalid_request",
        "PKCE is required: code_challenge_method must be S256",
    ),
    (
        challenge_is_well_formed,
        "invalid_request",
        "PKCE is required: code_challenge must be the base64url of a SHA-256",
    ),
    (some_scope_may_be_given, "invalid_scope", "no scope this client may have"),
    (nonce_can_be_signed, "invalid_request", "nonce must be text"),
    (prompt_makes_sense, "invalid_request", "prompt is not understood"),
    (max_age_is_a_number, "invalid_request", "max_age must be whole seconds"),
)


def accept(asked: Asked) -> None:
    """Let a request through that we can answer.

    :raises AuthorizationError: naming the first check that does not hold.
    """
    for holds, error, description in CHECKS:
        if not holds(asked):
            raise AuthorizationError(error, description)
