"""RULES D.5: wherever `next` leads, a browser stays at this app."""

from collections import Counter
from urllib.parse import urljoin
from urllib.parse import urlsplit

from hypothesis import given
from hypothesis import strategies as st
from werkzeug.utils import redirect

from oauthapp.callbacks.redirect.next_path import confined
from tests.attacks.tricks import OPEN_REDIRECTS
from tests.generated.million import many
from tests.generated.near_misses import JUNK
from tests.generated.near_misses import near

BASE = "http://localhost:5000"
OURS = ["/", "/me", "/me?tab=1&x=/a//b", "/a/../b", "/calls#latest", "/@me", "/:80"]
PATHS = st.text(st.characters(codec="ascii"), max_size=20).map(lambda end: f"/{end}")
LONG = st.integers(1015, 1030).map(lambda length: "/" + "a" * length)
NEXT = near(st.sampled_from([*OURS, *OPEN_REDIRECTS])) | PATHS | JUNK | LONG


def where_a_browser_ends(reference: str, base_origin: str) -> str:
    """The origin a browser goes to from an http page of ours (WHATWG URL §4.4)."""
    inside = "".join(one for one in reference if one not in "\t\n\r")
    inside = inside.strip("".join(map(chr, range(0x21)))).replace("\\", "/")
    scheme, colon, rest = inside.partition(":")
    named = scheme[:1].isalpha() and all(
        one.isascii() and (one.isalnum() or one in "+-.") for one in scheme
    )
    if colon and named and scheme.isascii():
        if scheme.lower() != "http":
            return f"{scheme.lower()}:{rest}"
        if not rest.startswith("//"):  # as relative as without a scheme
            return base_origin
        inside = rest
    if not inside.startswith("//"):
        return base_origin
    authority = inside.lstrip("/")
    for end in "/?#":
        authority = authority.partition(end)[0]
    return f"http://{authority.rpartition('@')[2].lower()}"


def plainly_ours(text: str) -> bool:
    """Printable ASCII behind one slash, of a length that fits in a row."""
    return (
        1 <= len(text) <= 1024
        and text[0] == "/"
        and text[1:2] != "/"
        and all(0x21 <= ord(one) <= 0x7E and one != "\\" for one in text)
    )


def test_next_never_leads_away_and_our_own_paths_are_kept(
    tally: Counter[bool],
) -> None:
    @given(NEXT)
    @many
    def judge(text: str) -> None:
        path = confined(text)

        assert path == (text if plainly_ours(text) else "/")
        location = redirect(f"{BASE}{path}", 303).location
        for address in (path, f"{BASE}{path}", location):
            assert where_a_browser_ends(address, BASE) == BASE
            parts = urlsplit(urljoin(f"{BASE}/callback/demo", address))
            assert (parts.scheme, parts.netloc) == ("http", "localhost:5000")
        tally[plainly_ours(text)] += 1

    judge()


def test_the_plain_browser_would_follow_the_tricks() -> None:
    """Else it would prove nothing above."""
    astray = [
        trick for trick in OPEN_REDIRECTS if where_a_browser_ends(trick, BASE) != BASE
    ]

    assert {"//evil.example", "/\\evil.example", "/\t/evil.example"} <= set(astray)
    assert len(astray) > len(OPEN_REDIRECTS) / 2
