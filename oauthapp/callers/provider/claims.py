"""Which claims does a client learn: by its scopes, and by asking for them? Pure.

A scope opens a set of claims at userinfo (OIDC Core §5.4); the `claims` parameter asks
for claims one by one, in the id_token too (§5.5).
"""

import json
import re
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from typing import Any

#: Claims each scope opens, those of the user that are set (OIDC Core §5.4).
SCOPE_CLAIMS: Mapping[str, Sequence[str]] = {
    "profile": """name family_name given_name middle_name nickname preferred_username
        profile picture website gender birthdate zoneinfo locale updated_at""".split(),
    "email": ["email", "email_verified"],
    "address": ["address"],
    "phone": ["phone_number", "phone_number_verified"],
}
#: Where a client can have claims told.
PLACES = ("id_token", "userinfo")

#: Objects and lists that a `claims` parameter may hold.
MOST_PARTS = 300

#: A name that can stand in a list of consents. Protocol claims are not for asking.
_NAME = re.compile(r"[!-~]{1,100}", re.ASCII)
_OWN = frozenset("iss sub aud exp iat nbf jti nonce azp auth_time sid at_hash".split())


@dataclass(frozen=True, kw_only=True)
class ClaimsRequest:
    """What the `claims` parameter asks for, by place and name."""

    id_token: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    userinfo: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def place(self, name: str) -> Mapping[str, Mapping[str, Any]]:
        """The part for the id_token or userinfo."""
        return self.id_token if name == "id_token" else self.userinfo

    def names(self) -> list[str]:
        """Every claim about the user that is asked for, once."""
        asked = dict.fromkeys([*self.id_token, *self.userinfo])
        return [name for name in asked if name not in _OWN and _NAME.fullmatch(name)]

    def subject(self) -> str | None:
        """The one user the client wants to be told about (§5.5.1)."""
        for place in PLACES:
            wish = self.place(place).get("sub", {})
            if "value" in wish:
                return str(wish["value"])
        return None

    def essential_acr(self) -> bool:
        """Whether only a login of a certain class would do (§5.5.1.1)."""
        wish = self.id_token.get("acr", {})
        return wish.get("essential") is True and bool({"value", "values"} & set(wish))


def read_claims(text: str) -> ClaimsRequest:
    """What a `claims` parameter asks for; nothing when it is empty.

    :raises ValueError: when it is not what OIDC Core §5.5 describes.
    """
    if not text:
        return ClaimsRequest()
    # Counted: how deep the parser gets depends on where in our code it is called.
    if text.count("{") + text.count("[") > MOST_PARTS:
        raise ValueError("too many objects and lists")
    asked = json.loads(text)
    if not isinstance(asked, dict):
        raise ValueError("not an object")
    parts = {place: _wishes(asked.get(place)) for place in PLACES}
    return ClaimsRequest(**parts)


def opened(scope: str, more: Mapping[str, Sequence[str]]) -> list[str]:
    """The claims that `scope` opens at userinfo; `more` are the provider's own."""
    known = {**SCOPE_CLAIMS, **more}
    return [claim for one in scope.split() for claim in known.get(one, ())]


def asked_beyond(
    request: ClaimsRequest, scope: str, more: Mapping[str, Sequence[str]]
) -> list[str]:
    """What a user has to agree to besides `scope`."""
    open_anyway = opened(scope, more)
    return [name for name in request.names() if name not in open_anyway]


def granted(
    request: ClaimsRequest, user_claims: Mapping[str, object]
) -> dict[str, list[str]]:
    """What is told where: asked for, known of the user, and of an accepted value."""
    allowed = set(request.names())
    return {
        place: [
            name
            for name, wish in request.place(place).items()
            if name in allowed and name in user_claims
            if _is_accepted(wish, user_claims[name])
        ]
        for place in PLACES
    }


def pick(claims: Mapping[str, object], names: Iterable[str]) -> dict[str, object]:
    """Those of `claims` that are named."""
    return {name: claims[name] for name in names if name in claims}


def _wishes(part: object) -> dict[str, dict[str, Any]]:
    if part is None:
        return {}
    if not isinstance(part, dict):
        raise ValueError("id_token and userinfo must be objects")
    for wish in part.values():
        if wish is not None and not isinstance(wish, dict):
            raise ValueError("a claim is asked for by null or an object")
    return {name: wish or {} for name, wish in part.items()}


def _is_accepted(wish: Mapping[str, Any], value: object) -> bool:
    if "value" in wish:
        return bool(wish["value"] == value)
    values = wish.get("values")
    return not isinstance(values, list) or value in values
