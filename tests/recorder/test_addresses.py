"""Which addresses are not global: each range to its borders, and nothing beside."""

from ipaddress import IPv4Address
from ipaddress import IPv6Address
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oauthapp.recorder.addresses import NotGlobal
from oauthapp.recorder.addresses import require_within
from oauthapp.recorder.addresses import special_use

#: First, last and name of each, written without looking at the code's own table.
RANGES = [
    ("0.0.0.0", "0.255.255.255", "unspecified"),
    ("10.0.0.0", "10.255.255.255", "private"),
    ("100.64.0.0", "100.127.255.255", "carrier-grade NAT"),
    ("127.0.0.0", "127.255.255.255", "loopback"),
    ("168.63.129.16", "168.63.129.16", "a cloud's metadata"),
    ("169.254.0.0", "169.254.255.255", "link-local"),
    ("172.16.0.0", "172.31.255.255", "private"),
    ("192.0.0.0", "192.0.0.255", "reserved for protocols"),
    ("192.0.2.0", "192.0.2.255", "for documentation"),
    ("192.88.99.0", "192.88.99.255", "a 6to4 relay"),
    ("192.168.0.0", "192.168.255.255", "private"),
    ("198.18.0.0", "198.19.255.255", "for benchmarks"),
    ("198.51.100.0", "198.51.100.255", "for documentation"),
    ("203.0.113.0", "203.0.113.255", "for documentation"),
    ("224.0.0.0", "239.255.255.255", "multicast"),
    ("240.0.0.0", "255.255.255.255", "reserved"),
    ("::", "::", "unspecified"),
    ("::1", "::1", "loopback"),
    ("::2", "::ffff:ffff", "IPv4-compatible"),
    ("::1:0:0", "::fffe:ffff:ffff", "reserved"),
    ("::ffff:0.0.0.0", "::ffff:255.255.255.255", "IPv4-mapped"),
    ("::1:0:0:0", "64:ff9a:ffff:ffff:ffff:ffff:ffff:ffff", "reserved"),
    ("64:ff9b::", "64:ff9b::ffff:ffff", "NAT64"),
    ("64:ff9b::1:0:0", "64:ff9b:0:ffff:ffff:ffff:ffff:ffff", "reserved"),
    ("64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff", "NAT64"),
    ("64:ff9b:2::", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "reserved"),
    ("2001::", "2001:0:ffff:ffff:ffff:ffff:ffff:ffff", "Teredo"),
    ("2001:1::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", "reserved for protocols"),
    ("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "for documentation"),
    ("2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "6to4"),
    ("3ffe::", "3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "reserved"),
    ("3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", "for documentation"),
    ("4000::", "fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "reserved"),
    ("fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "unique-local"),
    ("fe00::", "fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "reserved"),
    ("fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "link-local"),
    ("fec0::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "site-local"),
    ("ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "multicast"),
]
V4 = [row for row in RANGES if ":" not in row[0]]
V6 = [row for row in RANGES if ":" in row[0]]


def expected(address: IPv4Address | IPv6Address) -> str:
    rows = V4 if address.version == 4 else V6
    for first, last, name in rows:
        if int(ip_address(first)) <= int(address) <= int(ip_address(last)):
            return name
    return ""


def neighbours() -> list[str]:
    """Both ends of each range and what stands before and after it."""
    found = set()
    for first, last, _name in RANGES:
        kind = type(ip_address(first))
        ends = (int(ip_address(first)), int(ip_address(last)))
        for number in (ends[0] - 1, *ends, ends[1] + 1):
            if 0 <= number < 2 ** kind(0).max_prefixlen:
                found.add(str(kind(number)))
    return sorted(found)


@pytest.mark.parametrize("address", neighbours())
def test_a_range_ends_where_it_ends(address: str) -> None:
    assert special_use(address) == expected(ip_address(address))


@given(st.ip_addresses())
def test_any_address_is_judged_as_the_ranges_say(
    address: IPv4Address | IPv6Address,
) -> None:
    assert special_use(str(address)) == expected(address)


@given(st.ip_addresses())
def test_what_python_does_not_call_global_is_not_global_here(
    address: IPv4Address | IPv6Address,
) -> None:
    assert address.is_global or special_use(str(address))


@given(st.ip_addresses(v=4))
def test_no_ipv4_address_gets_through_inside_an_ipv6_address(
    address: IPv4Address,
) -> None:
    low = int(address)
    for disguise in (
        IPv6Address(low),
        IPv6Address((0xFFFF << 32) + low),
        IPv6Address((0x64FF9B << 96) + low),
        IPv6Address((0x64FF9B0001 << 80) + low),
        IPv6Address((0x2002 << 112) + (low << 80) + 1),
        IPv6Address((0x20010000 << 96) + (low ^ 0xFFFFFFFF)),
    ):
        assert special_use(str(disguise)), disguise


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:4700::1111"])
def test_a_global_address_is_within_reach(address: str) -> None:
    require_within("global", address)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "169.254.169.254", "100.100.100.200", "fd00:ec2::254"],
)
def test_what_is_out_of_reach_is_refused_with_what_it_is(address: str) -> None:
    with pytest.raises(NotGlobal, match=f"^{address} is {special_use(address)}$"):
        require_within("global", address)


def test_a_link_local_address_with_its_scope_is_refused() -> None:
    with pytest.raises(NotGlobal, match="link-local"):
        require_within("global", "fe80::1%eth0")


@pytest.mark.parametrize("address", ["127.0.0.1", "127.255.255.254", "::1"])
def test_loopback_is_in_reach_where_it_is_meant_to_be(address: str) -> None:
    require_within("global or loopback", address)


@pytest.mark.parametrize(
    "address",
    ["0.0.0.0", "10.0.0.1", "169.254.169.254", "::", "::ffff:127.0.0.1", "fe80::1"],
)
def test_loopback_in_reach_lets_nothing_else_in(address: str) -> None:
    with pytest.raises(NotGlobal):
        require_within("global or loopback", address)


def test_who_may_go_anywhere_is_not_asked() -> None:
    require_within("anywhere", "169.254.169.254")
