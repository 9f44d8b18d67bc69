"""Is this a question we answer? Pure.

Before this, `known_client` has looked at the client and its redirect URI, because only
a checked redirect URI may be told anything (RFC 9700 §4.1.3). Then `CHECKS` is read
from top to bottom, and what does not hold is told to the client.
"""

import re
from collections.abc import Callable
from collections.abc import Sequence
from typing import get_args

from oauthapp.callers.provider.asked import Asked
from oauthapp.callers.provider.refusals import AuthorizationError
from oauthapp.parameters import repeated
from oauthapp.settings import ResponseMode

#: base64url of a SHA-256 (RFC 7636 §4.2).
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_SECONDS = re.compile(r"[0-9]{1,9}", re.ASCII)
_PROMPTS = frozenset({"none", "login", "consent", "select_account"})


def no_parameter_came_twice(asked: Asked) -> bool:
    return not repeated(asked.parameters)


def client_may_ask(asked: Asked) -> bool:
    return "authorization_code" in asked.client.grant_types


def it_was_pushed_if_it_must(asked: Asked) -> bool:
    return asked.pushed or not asked.client.require_pushed_authorization_requests


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


def it_wants_an_answer_we_can_give(asked: Asked) -> bool:
    return asked.get("response_mode") in ("", *get_args(ResponseMode))


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


def claims_are_well_formed(asked: Asked) -> bool:
    try:
        asked.claims()
    except ValueError:
        return False
    return True


def any_login_will_do(asked: Asked) -> bool:
    return not asked.claims().essential_acr()


Check = tuple[Callable[[Asked], bool], str, str]

#: In this order; the first that does not hold becomes error and error_description.
CHECKS: Sequence[Check] = (
    (no_parameter_came_twice, "invalid_request", "a parameter came more than once"),
    (client_may_ask, "unauthorized_client", "this client may not use codes"),
    (it_was_pushed_if_it_must, "invalid_request", "this client must use /par"),
    (it_is_no_request_object, "request_not_supported", "request is not supported"),
    (it_is_no_request_uri, "request_uri_not_supported", "request_uri not supported"),
    (it_registers_nobody, "registration_not_supported", "registration not supported"),
    (response_type_came, "invalid_request", "response_type is missing"),
    (it_asks_for_a_code, "unsupported_response_type", "only code is supported"),
    (
        it_wants_an_answer_we_can_give,
        "invalid_request",
        "response_mode must be query or form_post",
    ),
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
    (claims_are_well_formed, "invalid_request", "claims is not as OIDC Core 5.5 says"),
    (
        any_login_will_do,
        "unmet_authentication_requirements",
        "no acr can be promised here",
    ),
)


def accept(asked: Asked) -> None:
    """Let a request through that we can answer.

    :raises AuthorizationError: naming the first check that does not hold.
    """
    for holds, error, description in CHECKS:
        if not holds(asked):
            raise AuthorizationError(error, description)
