"""A WSGI application behind a server that hands it requests as they come (RSGI).

No thread waits for a client: the server reads heads, its event loop reads bodies, and
the application is called in a thread once the whole request is there. Granian's own
way to call WSGI keeps a thread for each body that trickles in, however long, and
cannot stop meanwhile.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from oauthapp.asking import Answer
from oauthapp.asking import ask
from oauthapp.production.environ import environ_of
from oauthapp.production.refusal import HEADERS
from oauthapp.production.refusal import NAME
from oauthapp.production.refusal import NotTaken
from oauthapp.production.refusal import require_one_host
from oauthapp.serving import BODY_LIMIT
from oauthapp.serving import READ_TIMEOUT
from oauthapp.serving import THREADS

log = logging.getLogger(__name__)

#: Bytes of bodies that one process holds; clients are told to come again beyond it.
HELD_LIMIT = 64 * BODY_LIMIT
#: Seconds a body may take in all, however it trickles in.
BODY_TIMEOUT = READ_TIMEOUT


class Bridge:
    """The server's view of a WSGI application."""

    def __init__(
        self,
        wsgi: Callable[..., Any],
        *,
        listening: Callable[[], None],
        stopped: Callable[[], None],
    ) -> None:
        """
        :param listening: is called once this process takes connections.
        :param stopped: is called after the last request was answered.
        """
        self._wsgi = wsgi
        self._listening = listening
        self._stopped = stopped
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="request")
        self._held = 0

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        loop.call_soon(self._listening)  # the loop runs once the socket listens

    def __rsgi_del__(self, _loop: asyncio.AbstractEventLoop) -> None:
        self._pool.shutdown()
        self._stopped()

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer one request."""
        pieces: list[bytes] = []
        try:
            require_one_host(scope)
            await self._read(scope.headers, protocol, pieces)
            answer = await self._answer(scope, b"".join(pieces))
        except NotTaken as refusal:
            protocol.response_empty(refusal.status, HEADERS)
        else:
            headers = [(name.lower(), value) for name, value in answer.headers]
            protocol.response_bytes(answer.code, headers + NAME, answer.body)
        finally:
            self._held -= sum(map(len, pieces))

    async def _read(self, headers: Any, protocol: Any, pieces: list[bytes]) -> None:
        """Put the body into `pieces`, as far as it came.

        :raises NotTaken: when there is too much of it, it takes too long, or it ends
            before its end.
        """
        told, coding = headers.get("content-length"), headers.get("transfer-encoding")
        if told is None and coding is None:
            return
        if coding is not None and coding.lower() != "chunked":
            raise NotTaken(501)  # nobody would take the others off (RFC 9112 §6.1)
        if told is not None and int(told) > BODY_LIMIT:
            raise NotTaken(413)
        try:
            async with asyncio.timeout(BODY_TIMEOUT):
                size = await self._read_pieces(protocol, pieces)
        except TimeoutError:
            raise NotTaken(408) from None
        # The server says with an empty piece more that the end did not come.
        if pieces.count(b"") > 1 or (told is not None and size != int(told)):
            raise NotTaken(400)

    async def _read_pieces(self, protocol: Any, pieces: list[bytes]) -> int:
        size = 0
        async for piece in protocol:
            pieces.append(piece)
            size += len(piece)
            self._held += len(piece)
            if size > BODY_LIMIT:
                raise NotTaken(413)
            if self._held > HELD_LIMIT:
                raise NotTaken(503)
        return size

    async def _answer(self, scope: Any, body: bytes) -> Answer:
        loop = asyncio.get_running_loop()
        call = partial(ask, self._wsgi, environ_of(scope, body))
        try:
            return await loop.run_in_executor(self._pool, call)
        except Exception as error:
            # Flask answers its own errors; what is left would end as a cut connection.
            log.error("request: %s", type(error).__name__, exc_info=error)
            raise NotTaken(500) from None
