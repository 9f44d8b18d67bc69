"""A WSGI application on a real socket, started and stopped without losing a request."""

import logging
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cheroot import wsgi
from cheroot.ssl.builtin import BuiltinSSLAdapter

from oauthapp.errors import SettingsError
from oauthapp.short_lane import ShortLane
from oauthapp.strict_headers import StrictConnection

log = logging.getLogger(__name__)

#: Requests that are answered at the same time; others wait in the queue.
THREADS = 64
#: Connections that may wait to be accepted: what does not fit is dropped by the
#: kernel, and its caller tries again after a whole second.
BACKLOG = 512
#: Connections kept open between two requests; beyond it a caller has to connect anew.
KEPT_OPEN = 256
#: Bytes of a request before its body; without a limit they fill the memory.
HEADER_LIMIT = 256 * 1024
#: Bytes of a body, as MAX_CONTENT_LENGTH has it. One that comes in chunks tells no
#: length: werkzeug would cut it off there in silence, cheroot keep a whole chunk.
BODY_LIMIT = 1024 * 1024
#: Seconds a client may take for one read, and a stop may take in all.
READ_TIMEOUT = 10
STOP_TIMEOUT = 5


@dataclass(frozen=True, kw_only=True)
class Tls:
    """What a server proves its name with: files in PEM."""

    certificate: Path
    key: Path


class _Server(wsgi.Server):
    """Cheroot's, and beside it perhaps a lane for requests that are short."""

    lane: ShortLane | None = None

    def process_conn(self, conn: Any) -> None:
        """Something came on a connection."""
        if self.lane is not None and self.lane.takes(conn):
            self.lane.put(conn)
        else:
            super().process_conn(conn)


class Server:
    """Bound when made, so that its port is known before its application is."""

    def __init__(
        self, host: str, port: int, *, threads: int = THREADS, tls: Tls | None = None
    ) -> None:
        """
        :param port: 0 takes a free one.
        :param threads: requests that are answered at the same time.
        :param tls: with it the server speaks https.

        :raises SettingsError: when the port is taken or not ours to take.
        """
        address = "127.0.0.1" if host == "localhost" else host
        _require_free(host, port)
        self._server = _Server((address, port), None, numthreads=threads)
        self._server.ConnectionClass = StrictConnection
        self._server.request_queue_size = BACKLOG
        self._server.keep_alive_conn_limit = KEPT_OPEN
        self._server.timeout = READ_TIMEOUT
        self._server.max_request_header_size = HEADER_LIMIT
        self._server.max_request_body_size = BODY_LIMIT
        self._server.shutdown_timeout = STOP_TIMEOUT
        self._server.expiration_interval = 0.1  # how soon it notices a stop
        self._server.error_log = _log  # type: ignore[method-assign]
        self._server.server_name = "oauthapp"
        self._server.protocol = "HTTP/1.1"
        if tls is not None:
            self._server.ssl_adapter = BuiltinSSLAdapter(tls.certificate, tls.key)
        try:
            self._server.prepare()
        except OSError as error:
            raise _not_ours(host, port, error) from None
        self.port: int = self._server.bind_addr[1]

    @contextmanager
    def running(self, application: Any, *, short: str = "") -> Iterator[None]:
        """Answer requests with `application` until the block ends.

        :param short: what the paths begin with where requests are short and do nothing
            but wait for the disk: one thread answers those, unless they are encrypted.
        """
        self._server.wsgi_app = application
        thread = threading.Thread(target=self._server.serve, name=f"port {self.port}")
        thread.start()
        try:
            with self._lane(short):
                yield
        finally:
            self.close()
            thread.join()
            self._server.wsgi_app = None  # cheroot's statistics keep every server

    @contextmanager
    def _lane(self, path: str) -> Iterator[None]:
        if not path or self._server.ssl_adapter is not None:
            yield
            return
        to_a_thread = super(_Server, self._server).process_conn
        self._server.lane = ShortLane(self._server, path, to_a_thread)
        with self._server.lane.running():
            yield

    def close(self) -> None:
        """Finish the requests under way and give the port back."""
        self._server.stop()


def require_pair(tls: Tls) -> None:
    """Refuse files that no server could use.

    :raises SettingsError: naming the option.
    """
    for name, path in (("--certificate", tls.certificate), ("--key", tls.key)):
        if not path.is_file():
            raise SettingsError(f"{name}: there is no file {path}")
    try:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tls.certificate, tls.key, password="")
    except (ssl.SSLError, OSError) as error:
        raise SettingsError(
            f"--certificate and --key: not a certificate and its key in PEM ({error})"
        ) from None


def free_to_listen(host: str, port: int) -> socket.socket:
    """A socket that holds the port for several processes, and takes nothing itself.

    :param port: 0 takes a free one.
    :raises SettingsError: when the port is taken or not ours to take.
    """
    address = "127.0.0.1" if host == "localhost" else host
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    _require_free(host, port)
    held = socket.socket(family, socket.SOCK_STREAM)
    try:
        with socket.socket(family, socket.SOCK_STREAM) as alone:
            alone.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            alone.bind((address, port))  # not beside others who share it among them
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        held.bind((address, port))
    except OSError as error:
        held.close()
        raise _not_ours(host, port, error) from None
    return held


def _require_free(host: str, port: int) -> None:
    if port and host == "localhost" and _someone_answers("::1", port):
        raise _taken(host, port)  # a browser would ask there first


def _not_ours(host: str, port: int, error: OSError) -> SettingsError:
    if isinstance(error, PermissionError):
        return SettingsError(f"port {port}: you may not use it; choose one above 1023")
    return _taken(host, port)


def _log(msg: str = "", level: int = logging.INFO, traceback: bool = False) -> None:
    """Cheroot's words; that a client was slow or went away is nobody's error."""
    failed = level >= logging.ERROR
    log.log(level if failed else logging.INFO, "%s", msg, exc_info=failed)


def _taken(host: str, port: int) -> SettingsError:
    return SettingsError(
        f"port {port} on {host} is taken by another program; stop that one, or "
        "choose another one: --port, or for the demo --app-port and --provider-port"
    )


def _someone_answers(address: str, port: int) -> bool:
    try:
        with socket.create_connection((address, port), timeout=0.2):
            return True
    except OSError:
        return False
