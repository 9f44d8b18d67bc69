"""Which addresses may be called? Pure: it judges numbers and looks nothing up.

The table is our own, because `ipaddress.is_global` says yes to multicast, ::127.0.0.1,
64:ff9b::7f00:1 and fec0::1, and on some releases of Python also to 64:ff9b:1::/48,
2002::/16, 3fff::/20 and 192.0.0.192.

An IPv6 address that carries an IPv4 address is refused whichever it carries: where it
leads is up to a translator, whom we cannot ask.
"""

from ipaddress import ip_address
from ipaddress import ip_network
from typing import Literal

#: How far a session may reach.
Reach = Literal["anywhere", "global", "global or loopback"]

_LOOPBACK = "loopback"

#: Special-purpose ranges (RFC 6890 and IANA's registries); a narrower one comes first.
_SPECIAL = tuple(
    (ip_network(network), name)
    for network, name in (
        ("0.0.0.0/8", "unspecified"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "carrier-grade NAT"),
        ("127.0.0.0/8", _LOOPBACK),
        ("168.63.129.16/32", "a cloud's metadata"),  # Azure's, on each machine there
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "reserved for protocols"),
        ("192.0.2.0/24", "for documentation"),
        ("192.88.99.0/24", "a 6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "for benchmarks"),
        ("198.51.100.0/24", "for documentation"),
        ("203.0.113.0/24", "for documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
        ("::/128", "unspecified"),
        ("::1/128", _LOOPBACK),
        ("::/96", "IPv4-compatible"),
        ("::ffff:0:0/96", "IPv4-mapped"),
        ("64:ff9b::/96", "NAT64"),
        ("64:ff9b:1::/48", "NAT64"),
        ("2001::/32", "Teredo"),
        ("2001::/23", "reserved for protocols"),
        ("2001:db8::/32", "for documentation"),
        ("2002::/16", "6to4"),
        ("3ffe::/16", "reserved"),
        ("3fff::/20", "for documentation"),
        ("fc00::/7", "unique-local"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),
        ("ff00::/8", "multicast"),
    )
)
#: All that has been given out for global unicast (RFC 4291 §2.4).
_GLOBAL_UNICAST = ip_network("2000::/3")


class NotGlobal(ValueError):
    """The address is out of reach; the message says which one and what it is."""


def special_use(address: str) -> str:
    """What `address` is when it is not global, "" when it is.

    :param address: as `socket.getaddrinfo` writes it, perhaps with a %scope.
    """
    number = ip_address(address)
    for network, name in _SPECIAL:
        if number in network:
            return name
    if number.version == 6 and number not in _GLOBAL_UNICAST:
        return "reserved"
    return ""


def require_within(reach: Reach, address: str) -> None:
    """Refuse an address that a session may not connect to.

    :raises NotGlobal:
    """
    if reach == "anywhere":
        return
    use = special_use(address)
    if use == _LOOPBACK and reach == "global or loopback":
        return
    if use:
        raise NotGlobal(f"{address} is {use}")
