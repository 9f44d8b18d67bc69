"""The allowlist: a line with `native` or not, the URL, then what is registered."""

from urllib.parse import urlsplit

from oauthapp.allowlist import first_difference
from oauthapp.allowlist import is_below
from oauthapp.allowlist import is_registered
from oauthapp.allowlist import nearest


def allowlist(raw: bytes) -> bool:
    """Whether the URL is registered."""
    text = raw.decode("utf-8", "surrogateescape")
    native, url, *registered = [*text.split("\n"), ""][:8]
    fits = is_registered(url, registered, native=native == "native")
    if fits and url not in registered:
        assert native == "native", "another URL passes"
        assert any(_same_but_for_the_port(url, one) for one in registered)
    if url in registered:
        assert fits
    close = nearest(url, registered)
    assert close in registered if registered else close is None
    for one in registered:
        place = first_difference(url, one)
        assert (place is None) == (url == one)
        if is_below(url, one):
            _must_be_deeper(url, one)
    return fits


def _same_but_for_the_port(one: str, other: str) -> bool:
    """As another reader takes them apart; `one` leads to nobody but this machine."""
    ours = urlsplit(one)
    assert ours.scheme == "http" and ours.hostname in ("127.0.0.1", "::1")
    assert ours.username is None and (ours.port is None or ours.port > 0)
    try:
        theirs = urlsplit(other)
    except ValueError:
        return False
    return (ours.scheme, ours.hostname, ours[2:]) == (
        theirs.scheme,
        theirs.hostname,
        theirs[2:],
    )


def _must_be_deeper(url: str, base: str) -> None:
    root = base.rstrip("/")
    rest = url.removeprefix(root)
    assert rest.startswith("/") and "//" not in rest and "\\" not in rest
    assert not {".", ".."} & set(rest.split("/"))
    assert not set(rest) & set("?#%@:;")
