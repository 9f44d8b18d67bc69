"""Connections whose requests are short and wait for the disk: one thread has them all.

Who sent such a request on a connection that stays open sends such a request again. So
from then on the connection is watched here, beside the server's own threads. What comes
on it is answered here if it is wholly there; all else goes back to them, first of all a
body that trickles in.
"""

import logging
import selectors
import socket
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from contextlib import suppress
from io import BytesIO
from typing import Any

from oauthapp.asking import Answer
from oauthapp.asking import ask
from oauthapp.clock import system_clock
from oauthapp.lane import Lane
from oauthapp.short_request import LIMIT
from oauthapp.short_request import ShortRequest
from oauthapp.short_request import read_short
from oauthapp.short_request import written

log = logging.getLogger(__name__)

#: Connections it has at most.
CONNECTIONS = 200
#: Seconds without a request after which a connection is given back.
IDLE = 1.0
#: What is said when the application breaks off.
BROKEN = Answer(headers=[("Connection", "close")])


class ShortLane:
    """The lane of one server, which is cheroot's."""

    def __init__(
        self, server: Any, path: str, give_back: Callable[[Any], None]
    ) -> None:
        """
        :param path: what the paths of such requests begin with.
        :param give_back: has one of the server's threads answer what came.
        """
        self._server = server
        self._path = path.encode()
        self._give_back = give_back
        self._lane = Lane(self._ready, self._answer)
        self._open = False
        self._came = deque[Any]()
        self._bell, self._ringer = socket.socketpair()
        self._bell.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._bell, selectors.EVENT_READ)
        #: Of each connection until when it is kept.
        self._until: dict[Any, float] = {}
        self._look_again = 0.0
        #: Those whose request is under way, and those of whose request a part has come.
        self._busy = set[Any]()
        self._begun = set[Any]()

    def takes(self, connection: Any) -> bool:
        """Whether what comes on this connection is for us."""
        return (
            self._open
            and connection.last_path.startswith(self._path)
            and len(self._until) < CONNECTIONS
            and not connection.rfile.has_data()
        )

    def put(self, connection: Any) -> None:
        """Watch a connection on which something has come."""
        self._came.append(connection)
        if self._open:
            self._ring()
        else:  # it ended just now, and may have looked before
            self._give_new_back()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Answer until the block ends; then those under way are answered, too."""
        self._open = True
        thread = threading.Thread(target=self._run, name="lane")
        thread.start()
        try:
            yield
        finally:
            self._lane.stop()
            self._ring()
            thread.join()
            self._selector.close()
            self._bell.close()
            self._ringer.close()

    def _run(self) -> None:
        try:
            self._lane.run()
        finally:  # whatever ended it, the server's threads go on
            self._open = False
            self._give_all_back()

    def _ring(self) -> None:
        with suppress(OSError):  # full, then it rings; or it has just ended
            self._ringer.send(b"\0")

    def _ready(self, wait: bool) -> Sequence[Any]:
        """Connections on which something came.

        :param wait: for one, but no longer than until some have been idle.
        """
        keys = self._selector.select(IDLE if wait else 0)
        came = [key.data for key, _events in keys if key.data not in self._busy]
        if None in came:
            came.remove(None)
            came += self._those_put()
        if wait:
            self._give_idle_back(came)
        return came

    def _those_put(self) -> list[Any]:
        with suppress(BlockingIOError):
            self._bell.recv(4096)
        new = []
        for connection in self._taken():
            connection.socket.settimeout(0)
            self._selector.register(connection.socket, selectors.EVENT_READ, connection)
            self._until[connection] = time.monotonic() + IDLE
            new.append(connection)
        return new

    def _give_idle_back(self, came: Sequence[Any]) -> None:
        now = time.monotonic()
        if now < self._look_again:
            return
        self._look_again = now + IDLE
        for connection, until in list(self._until.items()):
            if until < now and connection not in came:
                begun = connection in self._begun
                self._let_go(connection)
                (self._give_back if begun else self._server.put_conn)(connection)

    def _give_all_back(self) -> None:
        for connection in list(self._until):
            self._let_go(connection)
            self._server.put_conn(connection)
        self._give_new_back()

    def _give_new_back(self) -> None:
        for connection in self._taken():
            self._give_back(connection)

    def _taken(self) -> Iterator[Any]:
        """Those that were put, each taken by one thread only."""
        with suppress(IndexError):
            while True:
                yield self._came.popleft()

    def _let_go(self, connection: Any) -> None:
        del self._until[connection]
        self._selector.unregister(connection.socket)
        self._expect(connection, 1)
        connection.socket.settimeout(self._server.timeout)

    def _expect(self, connection: Any, size: int) -> None:
        """Be told when so many bytes are there; on a new connection it is one."""
        if size == 1 and connection not in self._begun:
            return
        (self._begun.discard if size == 1 else self._begun.add)(connection)
        connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, size)

    def _answer(self, connection: Any) -> None:
        stays = False
        try:
            stays = self._attend(connection)
        finally:
            self._busy.discard(connection)
            if not stays:
                self._let_go(connection)
                connection.close()

    def _attend(self, connection: Any) -> bool:
        """Answer what came, or have it answered: whether the connection stays open."""
        self._until[connection] = time.monotonic() + IDLE
        came = self._read(connection)
        if isinstance(came, int) and connection not in self._begun:
            self._expect(connection, came)
            return True
        if not isinstance(came, ShortRequest):
            self._let_go(connection)
            self._give_back(connection)
            return True
        self._expect(connection, 1)
        self._busy.add(connection)
        status, data = self._answered(connection, came)
        # Who reads no answers is not waited for: there is room for many on the way.
        return connection.socket.send(data) == len(data) and status != BROKEN.status

    def _read(self, connection: Any) -> ShortRequest | int | None:
        """What came, if it is short and plain; else, or if there is more, it stays."""
        try:
            seen = connection.socket.recv(LIMIT, socket.MSG_PEEK)
        except OSError:
            return None
        if not seen.startswith(b"POST " + self._path):
            return None
        request = read_short(seen)
        if isinstance(request, ShortRequest):
            connection.socket.recv(request.size)
        return request

    def _answered(self, connection: Any, request: ShortRequest) -> tuple[str, bytes]:
        """Status and bytes of the answer."""
        name, now = self._server.server_name, system_clock()
        try:
            answer = ask(self._server.wsgi_app, self._environ(connection, request))
            return answer.status, written(answer, name, now)
        except Exception:  # Flask answers its own; the caller wants an answer
            log.exception("a request broke off")
            return BROKEN.status, written(BROKEN, name, now)

    def _environ(self, connection: Any, request: ShortRequest) -> dict[str, Any]:
        return {
            "ACTUAL_SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": connection.remote_addr,
            "REMOTE_PORT": str(connection.remote_port),
            "SERVER_NAME": self._server.server_name,
            "SERVER_PORT": str(self._server.bind_addr[1]),
            "SERVER_SOFTWARE": self._server.software,
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(request.body),
            "wsgi.input_terminated": False,
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            **request.environ(),
        }
