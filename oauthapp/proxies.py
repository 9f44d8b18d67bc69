"""Who really calls, when our own proxies stand before us? Off unless they are named."""

import re
from collections.abc import Callable
from collections.abc import Sequence
from ipaddress import IPv4Address
from ipaddress import IPv6Address
from ipaddress import ip_address
from ipaddress import ip_network
from typing import Any

#: What a Host header may be: a name or an address, and a port.
_HOST = re.compile(r"(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")

Address = IPv4Address | IPv6Address


class TrustedProxies:
    """WSGI middleware: what these say of a request is believed, and nobody else.

    Each proxy adds whom it heard at the end of X-Forwarded-For, so it is read from
    there, as long as those who speak are ours: what a client wrote comes before.
    """

    def __init__(self, wsgi: Callable[..., Any], networks: Sequence[str]) -> None:
        self._wsgi = wsgi
        self._networks = [ip_network(one) for one in networks]

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        speaker = _address(environ.get("REMOTE_ADDR", ""))
        if speaker is not None and self._is_ours(speaker):
            environ["REMOTE_ADDR"] = str(self._caller(environ, speaker))
            _believe_scheme_and_host(environ)
        return self._wsgi(environ, start_response)

    def _caller(self, environ: dict[str, Any], speaker: Address) -> Address:
        told = environ.get("HTTP_X_FORWARDED_FOR", "").split(",")
        for text in reversed(told):
            heard = _address(text.strip())
            if heard is None:
                break
            speaker = heard
            if not self._is_ours(heard):
                break
        return speaker

    def _is_ours(self, address: Address) -> bool:
        return any(address in network for network in self._networks)


def _believe_scheme_and_host(environ: dict[str, Any]) -> None:
    scheme = _last(environ, "HTTP_X_FORWARDED_PROTO")
    if scheme in ("http", "https"):
        environ["wsgi.url_scheme"] = scheme
    host = _last(environ, "HTTP_X_FORWARDED_HOST")
    if _HOST.fullmatch(host):
        environ["HTTP_HOST"] = host


def _last(environ: dict[str, Any], name: str) -> str:
    """What the proxy next to us said; before it stands what it was told."""
    text: str = environ.get(name, "")
    return text.rpartition(",")[2].strip()


def _address(text: str) -> Address | None:
    """Without a port, which some proxies add; one of IPv4 also inside one of IPv6."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
