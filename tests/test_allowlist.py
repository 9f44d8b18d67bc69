"""RULES A.1 and A.4: the registered URL, that URL alone, character by character."""

from urllib.parse import urljoin
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from oauthapp.allowlist import first_difference
from oauthapp.allowlist import is_below
from oauthapp.allowlist import is_registered
from oauthapp.allowlist import nearest

URL = "https://app.example/callback/demo?x=1"
NEAR_MISSES = [
    "",
    "https://app.example/callback/demo",
    "https://app.example/callback/demo?",
    "https://app.example/callback/demo?x=1&",
    "https://app.example/callback/demo?x=1&y=2",
    "https://app.example/callback/demo?x=2",
    "https://app.example/callback/demo?X=1",
    "https://app.example/callback/demo?x=%31",
    "https://app.example/callback/demo?x=1#",
    "https://app.example/callback/demo?x=1#fragment",
    "https://app.example/callback/demo/?x=1",
    "https://app.example/callback//demo?x=1",
    "https://app.example/callback/./demo?x=1",
    "https://app.example/callback/a/../demo?x=1",
    "https://app.example/callback/%2e/demo?x=1",
    "https://app.example/callback/%64emo?x=1",
    "https://app.example/callback/Demo?x=1",
    "https://app.example/callback/demo;a?x=1",
    "https://app.example/callback\\demo?x=1",
    "https://app.example/callback/demo2?x=1",
    "https://app.example/callback/dem?x=1",
    "https://app.example:443/callback/demo?x=1",
    "https://app.example:/callback/demo?x=1",
    "https://app.example:8443/callback/demo?x=1",
    "https://app.example./callback/demo?x=1",
    "https://APP.example/callback/demo?x=1",
    "HTTPS://app.example/callback/demo?x=1",
    "http://app.example/callback/demo?x=1",
    "https:/app.example/callback/demo?x=1",
    "https:app.example/callback/demo?x=1",
    "//app.example/callback/demo?x=1",
    "https://user@app.example/callback/demo?x=1",
    "https://@app.example/callback/demo?x=1",
    "https://app.example@evil.example/callback/demo?x=1",
    "https://evil.example/https://app.example/callback/demo?x=1",
    "https://app.example.evil.example/callback/demo?x=1",
    "https://evilapp.example/callback/demo?x=1",
    "https://sub.app.example/callback/demo?x=1",
    "https://аpp.example/callback/demo?x=1",
    "https://app.example/callback/demo?x=１",
    " https://app.example/callback/demo?x=1",
    "https://app.example/callback/demo?x=1 ",
    "https://app.example/callback/demo?x=1\n",
    "https://app.example/callback/demo?x=1\x00",
    "https://app.example/call\tback/demo?x=1",
    "https://app.example/callback/demo?x=1\u200b",
    "\ufeffhttps://app.example/callback/demo?x=1",
    "https%3A%2F%2Fapp.example%2Fcallback%2Fdemo%3Fx%3D1",
]


def test_A1_the_registered_url_is_registered() -> None:
    assert is_registered(URL, [URL])
    assert is_registered(URL, ["https://another.example/", URL])


@pytest.mark.parametrize("url", NEAR_MISSES)
@pytest.mark.parametrize("native", [False, True])
def test_A1_a_near_miss_is_another_url(url: str, native: bool) -> None:
    assert not is_registered(url, [URL], native=native)


@pytest.mark.parametrize("native", [False, True])
def test_A1_nothing_is_registered_where_nothing_was(native: bool) -> None:
    assert not is_registered("", [], native=native)
    assert not is_registered(URL, [], native=native)


# --- A.4: a native client's loopback IP ----------------------------------------------

LOOPBACK = "http://127.0.0.1:5000/callback?x=1"


@pytest.mark.parametrize(
    "url",
    [
        LOOPBACK,
        "http://127.0.0.1/callback?x=1",
        "http://127.0.0.1:1/callback?x=1",
        "http://127.0.0.1:65535/callback?x=1",
    ],
)
def test_A4_a_native_clients_loopback_port_may_vary(url: str) -> None:
    assert is_registered(url, [LOOPBACK], native=True)


def test_A4_the_other_loopback_address_too() -> None:
    assert is_registered("http://[::1]:7/c", ["http://[::1]/c"], native=True)
    assert not is_registered("http://[::1]:7/c", ["http://127.0.0.1/c"], native=True)


def test_A4_a_port_alone_may_vary_without_a_path() -> None:
    assert is_registered("http://127.0.0.1:7", ["http://127.0.0.1:8"], native=True)
    assert not is_registered("http://127.0.0.1:7/", ["http://127.0.0.1:8"], native=True)


def test_A4_a_port_may_vary_whatever_the_path_is() -> None:
    registered = "http://127.0.0.1:5000/return\\to?port=:5000"

    varied = registered.replace(":5000", ":6000", 1)

    assert is_registered(varied, [registered], native=True)


@pytest.mark.parametrize("port", [":1", "", ":65535"])
def test_A4_a_web_clients_port_may_not(port: str) -> None:
    assert not is_registered(f"http://127.0.0.1{port}/callback?x=1", [LOOPBACK])


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:6000/callback",
        "http://127.0.0.1:6000/callback?x=2",
        "http://127.0.0.1:6000/callback/?x=1",
        "http://127.0.0.1:6000/callback?x=1#f",
        "http://127.0.0.1:6000/Callback?x=1",
        "https://127.0.0.1:6000/callback?x=1",
        "HTTP://127.0.0.1:6000/callback?x=1",
        "http://localhost:6000/callback?x=1",
        "http://127.0.0.2:6000/callback?x=1",
        "http://127.1:6000/callback?x=1",
        "http://127.0.0.1.:6000/callback?x=1",
        "http://127.0.0.1.evil.example:6000/callback?x=1",
        "http://2130706433:6000/callback?x=1",
        "http://0x7f.0.0.1:6000/callback?x=1",
        "http://0177.0.0.1:6000/callback?x=1",
        "http://[::1]:6000/callback?x=1",
        "http://[::ffff:127.0.0.1]:6000/callback?x=1",
        "http://0.0.0.0:6000/callback?x=1",
        "http://user@127.0.0.1:6000/callback?x=1",
        "http://127.0.0.1:6000@evil.example/callback?x=1",
        "http://127.0.0.1:/callback?x=1",
        "http://127.0.0.1:0/callback?x=1",
        "http://127.0.0.1:00000/callback?x=1",
        "http://127.0.0.1:65536/callback?x=1",
        "http://127.0.0.1:99999/callback?x=1",
        "http://127.0.0.1:600000/callback?x=1",
        "http://127.0.0.1:006000/callback?x=1",
        "http://127.0.0.1:-1/callback?x=1",
        "http://127.0.0.1:+80/callback?x=1",
        "http://127.0.0.1:8 0/callback?x=1",
        "http://127.0.0.1:٨٠/callback?x=1",
        "http://127.0.0.1:６０/callback?x=1",
        "http://127.0.0.1:6000/callback?x=1\n",
        "http://127.0.0.1:6000\n/callback?x=1",
        "http://127.0.0.1:6000/callback?x=1\r\nX: y",
        " http://127.0.0.1:6000/callback?x=1",
    ],
)
def test_A4_nothing_else_may_vary(url: str) -> None:
    assert not is_registered(url, [LOOPBACK], native=True)


@pytest.mark.parametrize(
    "registered",
    [
        "http://localhost:5000/callback",
        "https://127.0.0.1:5000/callback",
        "https://app.example:5000/callback",
        "com.example.app://127.0.0.1:5000/callback",
        "http://127x0.0.1:5000/callback",
        "http://127.0x0.1:5000/callback",
        "http://127.0.0x1:5000/callback",
        "http://127.0.0.1:5000.evil.example/callback",
        "http://127.0.0.1:5000?x=1",
        "http://127.0.0.1:5000/call\rback",
        "http://127.0.0.1:5000/call\nback",
    ],
)
def test_A4_no_other_registration_lets_its_port_vary(registered: str) -> None:
    varied = registered.replace(":5000", ":6000")

    assert not is_registered(varied, [registered], native=True)


def test_A4_a_port_that_is_none_stands_for_no_other_one() -> None:
    registered = "http://127.0.0.1:0/callback"

    assert is_registered(registered, [registered], native=True)
    for url in ("http://127.0.0.1:65536/callback", "http://127.0.0.1:00/callback"):
        assert not is_registered(url, [registered], native=True)


# --- properties ----------------------------------------------------------------------

SOME = settings(max_examples=150, derandomize=True, deadline=None)
PIECES = st.sampled_from(
    [*"http://127.0.0.1:5000[]?#@\\", "http://127.0.0.1", "http://[::1]", ":80", "/c"]
)
URLS = st.lists(PIECES, max_size=6).map("".join) | st.text() | st.just(LOOPBACK)


def plainly_same(url: str, registered: str) -> bool:
    """Equal; or equal once a port of 1 to 65535 is cut out behind a loopback IP."""

    def cut(one: str) -> str | None:
        for host in ("http://127.0.0.1", "http://[::1]"):
            if one.startswith(host):
                after, path, rest = one[len(host) :].partition("/")
                ports = {f":{port}" for port in range(1, 65536)} | {""}
                padded = after[:1] + after[1:].lstrip("0")
                if len(after) <= 6 and padded in ports and after != ":":
                    return None if set("\r\n") & set(rest) else host + path + rest
        return None

    return url == registered or (cut(url) is not None and cut(url) == cut(registered))


@given(URLS, URLS)
@SOME
def test_A1_a_web_client_gets_equality_and_nothing_else(left: str, right: str) -> None:
    assert is_registered(left, [right]) == (left == right)


@given(URLS, st.just(LOOPBACK) | URLS)
@settings(max_examples=150, derandomize=True, deadline=None)
def test_A4_a_native_client_gets_what_a_plain_check_accepts(
    url: str, registered: str
) -> None:
    assert is_registered(url, [registered], native=True) == plainly_same(
        url, registered
    )


# --- what the error page says --------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "right", "place"),
    [("abc", "abc", None), ("abc", "abd", 2), ("ab", "abc", 2), ("", "a", 0)],
)
def test_the_first_difference_is_found(
    left: str, right: str, place: int | None
) -> None:
    assert first_difference(left, right) == place
    assert first_difference(right, left) == place


@given(st.text(), st.text())
@SOME
def test_up_to_the_first_difference_all_is_equal(left: str, right: str) -> None:
    place = first_difference(left, right)

    if place is None:
        assert left == right
    else:
        assert left[:place] == right[:place]
        assert left[place : place + 1] != right[place : place + 1]


def test_the_nearest_registered_url_is_shown() -> None:
    registered = ["https://one.example/", "https://app.example/a", "https://app.e/"]

    assert nearest("https://app.example/b", registered) == "https://app.example/a"
    assert nearest("https://app.example/b", []) is None


def test_a_registered_url_is_nearest_to_itself_even_beside_a_longer_one() -> None:
    registered = ["https://app.example/ab", "https://app.example/a"]

    assert nearest("https://app.example/abc", registered) == registered[0]
    assert nearest("https://app.example/a", registered[::-1]) == registered[1]
    assert (
        nearest("https://app.example/ab", ["https://app.example/", *registered])
        == (registered[0])
    )


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("https://op.example/jobs/1", "https://op.example/jobs"),
        ("https://op.example/jobs/1", "https://op.example/jobs/"),
        ("https://op.example/jobs/a/..b/.c", "https://op.example/jobs"),
        ("https://op.example/jobs/...", "https://op.example/jobs"),
        ("https://op.example/jobs/AMZ/amz/059/._~-", "https://op.example/jobs"),
        ("http://127.0.0.1:5001/repos/demo", "http://127.0.0.1:5001"),
    ],
)
def test_an_address_deeper_down_is_below(url: str, base: str) -> None:
    assert is_below(url, base)


@pytest.mark.parametrize(
    "rest",
    [
        *("", "/", "1", "//1", "/1/", "/.", "/..", "/./1", "/../1", "/1/.", "/1/../2"),
        *("/1?x", "/1#x", "/1;x", "/%2e%2e/1", "/a\\b", "/a b", "/1\n", "/é", "@x/1"),
    ],
)
def test_no_other_spelling_is_below(rest: str) -> None:
    assert not is_below(f"https://op.example/jobs{rest}", "https://op.example/jobs")


@pytest.mark.parametrize(
    "base",
    ["https://no.example/jobs", "http://op.example/job", "https://op.example/X"],
)
def test_nothing_is_below_another_address(base: str) -> None:
    assert not is_below("https://op.example/jobs/1", base)


@given(st.text(alphabet="/.%\\@:?#a~\n ", max_size=12))
@SOME
def test_whatever_is_below_is_still_there_when_it_is_read(rest: str) -> None:
    url = f"https://op.example/jobs{rest}"
    if not is_below(url, "https://op.example/jobs"):
        return

    read = urlsplit(urljoin("https://op.example/", url))

    assert (read.scheme, read.netloc) == ("https", "op.example")
    assert read.path == f"/jobs{rest}" and read.path.startswith("/jobs/")
    assert (read.query, read.fragment) == ("", "")
