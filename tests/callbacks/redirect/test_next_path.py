"""Only a path of this app is kept; whatever else comes leads to the front page."""

from urllib.parse import urljoin
from urllib.parse import urlsplit

import pytest
from hypothesis import example
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from oauthapp.callbacks.redirect.next_path import LONGEST
from oauthapp.callbacks.redirect.next_path import confined
from tests.attacks.tricks import OPEN_REDIRECTS

BASE = "http://localhost:5000"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/me",
        "/me?tab=1&x=/a//b",
        "/a//b",
        "/a/../b",
        "/calls#latest",
        "/%2e%2e/x",
        "/@me",
        "/:8080",
        "/~x!$&'()*+,;=[]|{}^`\"<>",
        "/" + "a" * (LONGEST - 1),
    ],
)
def test_a_path_of_this_app_is_kept_as_it_is(path: str) -> None:
    assert confined(path) == path


@pytest.mark.parametrize("trick", OPEN_REDIRECTS)
def test_a_known_trick_leads_to_the_front_page(trick: str) -> None:
    assert confined(trick) == "/"


@pytest.mark.parametrize("path", ["/" + "a" * LONGEST, "/ä", "/a b", "/a\nb", "/a\x7f"])
def test_what_no_browser_would_send_leads_to_the_front_page(path: str) -> None:
    assert confined(path) == "/"


ODD = st.text(st.sampled_from("/\\:@?#.\t\n\r\x00 %2fevil5chtps"), max_size=12)


@given(st.text() | ODD | ODD.map(lambda text: f"/{text}"))
@example("//evil.example")
@settings(max_examples=300, derandomize=True, deadline=None)
def test_nothing_leads_to_another_host(text: str) -> None:
    path = confined(text)

    for address in (BASE + path, urljoin(f"{BASE}/callback/demo", path)):
        parts = urlsplit(as_a_browser_reads_it(address))
        assert (parts.scheme, parts.netloc) == ("http", "localhost:5000")
    assert path in (text, "/")


def as_a_browser_reads_it(address: str) -> str:
    """Tabs and newlines dropped, backslashes turned (WHATWG URL §4.4)."""
    stripped = address.strip("".join(map(chr, range(33))))
    for dropped in "\t\n\r":
        stripped = stripped.replace(dropped, "")
    return stripped.replace("\\", "/")
