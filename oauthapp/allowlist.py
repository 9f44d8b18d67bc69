"""Is this URL one of those that were registered? Shared by every kind of callback.

redirect_uri, post_logout_redirect_uri and callback_url are compared as they were
sent: simple string comparison (RFC 3986 §6.2.1), no parsing, no normalising, no
case folding (RFC 9700 §2.1). The one exception is a native client's loopback IP,
whose port may vary because it is chosen when the client starts (RFC 8252 §7.3).
"""

import re
from collections.abc import Iterable

#: `http://127.0.0.1` or `http://[::1]`, an optional port, then the rest untouched.
_LOOPBACK = re.compile(
    r"(http://(?:127\.0\.0\.1|\[::1\]))(?::([0-9]{1,5}))?(/[^\r\n]*)?", re.ASCII
)

#: Path segments that every reader reads alike, none of them empty, "." or "..".
_DEEPER = re.compile(r"(?:/(?!\.{1,2}(?:/|\Z))[A-Za-z0-9._~-]+)+", re.ASCII)


def is_registered(url: str, registered: Iterable[str], *, native: bool = False) -> bool:
    """Whether `url` is one of `registered`, character by character.

    :param native: also accept any port on a registered loopback IP.
    """
    allowed = tuple(registered)
    if url in allowed:
        return True
    if not native:
        return False
    wanted = _without_port(url)
    return wanted is not None and any(_without_port(one) == wanted for one in allowed)


def is_below(url: str, base: str) -> bool:
    """Whether `url` is an address of the same party as `base`, deeper down.

    For addresses that somebody tells us to call: only plain path segments may follow
    `base`, so that no spelling leads up again or elsewhere.
    """
    root = base.rstrip("/")
    return url.startswith(root) and bool(_DEEPER.fullmatch(url[len(root) :]))


def first_difference(left: str, right: str) -> int | None:
    """Where two strings part, counted from 0; None when they are equal."""
    if left == right:
        return None
    shorter = min(len(left), len(right))
    return next((i for i in range(shorter) if left[i] != right[i]), shorter)


def nearest(url: str, registered: Iterable[str]) -> str | None:
    """The registered URL that shares the longest beginning with `url`."""
    allowed = tuple(registered)
    if not allowed:
        return None
    return max(allowed, key=lambda one: _common(one, url))


def _common(left: str, right: str) -> int:
    place = first_difference(left, right)
    return len(left) if place is None else place


def _without_port(url: str) -> tuple[str, str | None] | None:
    """Host and rest of a loopback IP URL; None for any other URL."""
    match = _LOOPBACK.fullmatch(url)
    if match is None:
        return None
    host, port, rest = match.groups()
    if port is not None and not 0 < int(port) < 65536:
        return None
    return host, rest
