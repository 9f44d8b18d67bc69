"""What of a token may be kept? A JWT's header and claims, never its signature. Pure.

Without its signature a JWT proves nothing to anybody who checks one, and what it says
is what a reader wants to see. A token that claims to need none (`alg: none`) is whole
without it, and an opaque one is nothing but secret: of those nothing is kept.
"""

import base64
import json
import re
from collections.abc import Callable
from collections.abc import Mapping
from typing import Any

#: Name and value become what is kept in their stead.
Mask = Callable[[str, str], str]

#: Header members and claims that say nothing about a person and are no secret
#: (RFC 7515, RFC 7519, RFC 8417, RFC 9068, OIDC Core and Back-Channel Logout).
_HEADER = frozenset("alg b64 crit cty enc jku kid typ x5t x5u".split())
_CLAIMS = frozenset(
    """acr amr aud auth_time azp client_id events exp iat iss jti nbf scope sid sub
    toe token_type txn""".split()
)
_COMPACT = re.compile(r"ey[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)


def kept_parts(token: str, mask: Mask) -> str:
    """Header and claims as a JWT has them, what may be secret masked; "" if none."""
    if not _COMPACT.fullmatch(token):
        return ""
    header, claims, _signature = token.split(".")
    try:
        says, claimed = _read(header), _read(claims)
    except (ValueError, RecursionError):
        return ""
    alg = says.get("alg")
    if not isinstance(alg, str) or alg.strip().lower() in ("", "none"):
        return ""
    return f"{_write(says, _HEADER, mask)}.{_write(claimed, _CLAIMS, mask)}"


def read_parts(parts: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What `kept_parts` kept.

    :raises ValueError: these are none.
    """
    header, _, claims = parts.partition(".")
    return _read(header), _read(claims)


def _read(part: str) -> dict[str, Any]:
    found = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    if not isinstance(found, dict):
        raise ValueError("no JSON object")
    return found


def _write(members: Mapping[str, Any], shown: frozenset[str], mask: Mask) -> str:
    kept = {
        name: _events(value, mask)
        if name == "events"
        else value
        if name in shown and _is_plain(value)
        else mask(name, value if isinstance(value, str) else json.dumps(value))
        for name, value in members.items()
    }
    return base64.urlsafe_b64encode(json.dumps(kept).encode()).rstrip(b"=").decode()


def _events(value: Any, mask: Mask) -> Any:
    """What happened, without what it happened to."""
    if not isinstance(value, dict):
        return mask("events", json.dumps(value))
    return {
        name: mask("event", json.dumps(about)) if about else about
        for name, about in value.items()
    }


def _is_plain(value: Any) -> bool:
    items = value if isinstance(value, list) else [value]
    return not any(isinstance(item, list | dict) for item in items)
