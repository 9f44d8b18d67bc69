"""The lane's reader: what it takes, the server's threads read in the same way."""

from oauthapp.short_request import ShortRequest
from oauthapp.short_request import read_short
from tests.server_reading import read_by_the_server

_NEXT = b"GET /next HTTP/1.1\r\nHost: localhost\r\n\r\n"


def short_request(raw: bytes) -> bool:
    """Whether the lane takes it."""
    request = read_short(raw)
    if isinstance(request, int):
        assert request > len(raw), "it waits for what is there"
        request = read_short(raw.ljust(request, b"0"))
        assert isinstance(request, ShortRequest), "it waited for nothing"
        raw = raw.ljust(request.size, b"0")
    if request is None:
        return False
    first, following = read_by_the_server(raw[: request.size] + _NEXT, most=2)
    ours = request.environ()
    assert {name: first[name] for name in ours} == ours
    assert first["body"] == request.body
    assert _headers(first) == _headers(request.headers)
    assert following["REQUEST_METHOD"] == "GET", "the next one begins elsewhere"
    return True


def _headers(environ: dict[str, str]) -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, value in environ.items()
        if name.startswith(("HTTP_", "CONTENT_"))
    ]
