"""RULES A.1 and A.4: equal bytes; on a native client's loopback IP, another port."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from oauthapp.allowlist import first_difference
from oauthapp.allowlist import is_registered
from oauthapp.allowlist import nearest
from tests.generated.million import many
from tests.generated.near_misses import JUNK
from tests.generated.near_misses import near

REGISTERED = [
    "https://app.example/callback/demo?x=1",
    "https://app.example/callback/demo",
    "http://localhost:5000/callback",
    "http://127.0.0.1:5000/callback?x=1",
    "http://127.0.0.1/callback",
    "http://[::1]:5000/c",
    "http://[::1]",
    "com.example.app:/callback",
]
PORTS = st.integers(0, 99_999).map(lambda port: f":{port}") | st.just("")
LOOPBACK = st.tuples(
    st.sampled_from(["http://127.0.0.1", "http://[::1]", "http://localhost"]),
    PORTS,
    st.sampled_from(["/callback?x=1", "/callback", "/c", "", "/"]),
).map("".join)
URLS = near(st.sampled_from(REGISTERED)) | LOOPBACK | near(LOOPBACK) | JUNK
CLIENTS = st.lists(
    st.sampled_from(REGISTERED) | URLS, min_size=1, max_size=3
) | st.just(REGISTERED)


def as_bytes(url: str) -> bytes:
    return url.encode("utf-8", "surrogatepass")


def without_port(url: str) -> str | None:
    """A loopback IP's URL with its port cut out, letter by letter; None for others."""
    for host in ("http://127.0.0.1", "http://[::1]"):
        if not url.startswith(host):
            continue
        rest = url[len(host) :]
        if rest.startswith(":"):
            digits = ""
            for letter in rest[1:]:
                if letter not in "0123456789":
                    break
                digits += letter
            if not 1 <= len(digits) <= 5 or not 1 <= int(digits) <= 65_535:
                return None
            rest = rest[1 + len(digits) :]
        if rest and (rest[0] != "/" or "\r" in rest or "\n" in rest):
            return None
        return f"{host} {rest}"
    return None


def plainly_registered(url: str, registered: list[str], *, native: bool) -> bool:
    if any(as_bytes(url) == as_bytes(one) for one in registered):
        return True
    cut = without_port(url)
    return native and cut is not None and cut in map(without_port, registered)


def test_a_url_is_registered_only_where_a_plain_check_says_so(
    tally: Counter[bool],
) -> None:
    @given(URLS, CLIENTS, st.booleans())
    @many
    def judge(url: str, registered: list[str], native: bool) -> None:
        accepted = is_registered(url, registered, native=native)

        assert accepted == plainly_registered(url, registered, native=native)
        closest = nearest(url, registered)
        assert closest is not None
        assert (first_difference(url, closest) is None) == (url == closest)
        tally[accepted] += 1

    judge()
