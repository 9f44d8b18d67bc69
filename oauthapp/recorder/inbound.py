"""Every request a party answers becomes a call, also the one that crashed (WSGI)."""

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from functools import lru_cache
from io import BytesIO
from types import MappingProxyType
from typing import Any

from werkzeug.wsgi import get_current_url

from oauthapp.kinds import Kind
from oauthapp.recorder.call import Headers
from oauthapp.recorder.call import Notes
from oauthapp.recorder.call import current_notes
from oauthapp.recorder.call import new_call_id
from oauthapp.recorder.observation import Observation
from oauthapp.recorder.store import Recorder
from oauthapp.recorder.trace import caller_in
from oauthapp.scenarios import Party

#: Bytes of a body that are kept; what follows is counted, not kept.
BODY_LIMIT = 64 * 1024

#: Where the headers of a request stand in its environ once they were read.
_READ = "oauthapp.request_headers"
#: Where WSGI has them without a prefix.
_OF_THE_BODY = ("CONTENT_TYPE", "CONTENT_LENGTH")

Environ = dict[str, Any]
Wsgi = Callable[..., Iterable[bytes]]


class RecordInbound:
    """WSGI middleware: hears requests whose path is not one of our own pages.

    WSGI keeps no raw header list: names were upper-cased, repeated headers joined
    and the order is the server's. They are shown in title case, in that order.
    """

    def __init__(
        self,
        wsgi: Wsgi,
        recorder: Recorder,
        party: Party,
        *,
        ignore: tuple[str, ...],
        kinds: Mapping[str, Kind] = MappingProxyType({}),
    ) -> None:
        """
        :param ignore: path prefixes that are not recorded; "/" means just that.
        :param kinds: what the paths begin with of requests that are no redirects, also
            of those that no route answers.
        """
        self._wsgi = wsgi
        self._recorder = recorder
        self._party = party
        self._ignored = frozenset(ignore)
        self._kinds = tuple(kinds.items())
        self._below = tuple(f"{one}/" for one in ignore if one != "/")

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path in self._ignored or path.startswith(self._below):
            return self._wsgi(environ, start_response)
        return self._record(path, environ, start_response)

    def _record(
        self, path: str, environ: Environ, start_response: Any
    ) -> Iterator[bytes]:
        notes = Notes(call_id=new_call_id())
        for prefix, kind in self._kinds:
            if path.startswith(prefix):
                notes.kind = kind
        began = self._recorder.clock()
        heard = _Heard(environ["wsgi.input"])
        environ["wsgi.input"] = heard
        answer = _Answer(start_response)
        current_notes.set(notes)

        def keep() -> None:
            self._recorder.keep(self._observed(environ, notes, began, heard, answer))

        try:
            body = self._wsgi(environ, answer.start)
            try:
                for chunk in body:
                    if answer.ends_with(chunk):  # its caller may now ask what we heard
                        keep()
                    yield chunk
            finally:
                getattr(body, "close", lambda: None)()
        finally:
            current_notes.set(None)
            if not answer.ended:
                keep()

    def _observed(
        self,
        environ: Environ,
        notes: Notes,
        began: float,
        heard: "_Heard",
        answer: "_Answer",
    ) -> Observation:
        return Observation(
            id=notes.call_id,
            party=self._party,
            direction="inbound",
            at=began,
            ms=(self._recorder.clock() - began) * 1000,
            method=environ["REQUEST_METHOD"],
            url=_url(environ),
            request_headers=request_headers(environ),
            request_body=heard.kept(),
            status=answer.status,
            answer_headers=answer.headers,
            answer_body=answer.kept(),
            kind=notes.kind,
            verdict=notes.verdict,
            reason=notes.reason,
            caller_id=caller_in(environ.get("HTTP_TRACEPARENT", "")),
            shares=tuple(notes.shares),
        )


class _Heard:
    """The request body as the app reads it, its beginning kept."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._kept = BytesIO()

    def read(self, size: int = -1) -> bytes:
        return self._keep(self._stream.read(size))

    def readline(self, size: int = -1) -> bytes:
        return self._keep(self._stream.readline(size))

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.readline, b"")

    def kept(self) -> bytes:
        return self._kept.getvalue()

    def _keep(self, data: bytes) -> bytes:
        self._kept.write(data[: BODY_LIMIT - self._kept.tell()])
        return data


class _Answer:
    """Status, headers and the beginning of the body of the answer."""

    def __init__(self, start_response: Any) -> None:
        self._start_response = start_response
        self._kept = BytesIO()
        self.status: int | None = None
        self.headers: Headers = ()
        #: Whether all of it came that its headers tell of; never, if they do not.
        self.ended = False
        self._came = 0
        self._length: int | None = None

    def start(self, status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
        self.status = int(status.split(" ", 1)[0])
        self.headers = tuple(headers)
        told = [text for name, text in headers if name.lower() == "content-length"]
        self._length = int(told[0]) if told and told[0].isdecimal() else None
        return self._start_response(status, headers, *rest)

    def ends_with(self, chunk: bytes) -> bool:
        """Keep a piece of the body: whether it is the last that the headers tell of."""
        self._kept.write(chunk[: BODY_LIMIT - self._kept.tell()])
        self._came += len(chunk)
        before, self.ended = self.ended, self.ended or self._came == self._length
        return self.ended and not before

    def kept(self) -> bytes:
        return self._kept.getvalue()


def request_headers(environ: Environ) -> Headers:
    """What WSGI has kept of the request's headers; read once, and noted there."""
    found: Headers | None = environ.get(_READ)
    if found is None:
        found = environ[_READ] = tuple(
            [
                (_header_name(key), str(value))
                for key, value in environ.items()
                if value and (key[:5] == "HTTP_" or key in _OF_THE_BODY)
            ]
        )
    return found


def _url(environ: Environ) -> str:
    """As the client wrote it, as far as WSGI tells. Webhooks come to few addresses."""
    names = ("wsgi.url_scheme", "HTTP_HOST", "SERVER_NAME", "SERVER_PORT")
    path = ("SCRIPT_NAME", "PATH_INFO", "QUERY_STRING")
    if environ.get("QUERY_STRING"):  # may be secret, so it is not remembered
        return get_current_url(environ)
    return _plain_url(tuple((key, environ.get(key, "")) for key in names + path))


@lru_cache(maxsize=256)
def _plain_url(parts: tuple[tuple[str, str], ...]) -> str:
    return get_current_url({key: value for key, value in parts if value})


@lru_cache(maxsize=256)
def _header_name(key: str) -> str:
    return key.removeprefix("HTTP_").replace("_", "-").title()
