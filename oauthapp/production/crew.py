"""Several processes on one port: begun, replaced when one dies, and stopped."""

import multiprocessing
import os
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import closing
from contextlib import contextmanager
from contextlib import suppress
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

from oauthapp.errors import SettingsError
from oauthapp.production.worker import Build
from oauthapp.production.worker import Worker
from oauthapp.running import close
from oauthapp.serving import BACKLOG
from oauthapp.serving import HEADER_LIMIT
from oauthapp.serving import READ_TIMEOUT
from oauthapp.serving import Tls
from oauthapp.serving import free_to_listen

#: Connections that one process holds; others wait until one of them ends.
CONNECTIONS = 2000
#: Seconds a process may take to stop: a body under way may take nearly as long.
KILL_TIMEOUT = READ_TIMEOUT + 5

_NOT_INSTALLED = (
    "--workers: needs granian, which is not installed; "
    "pip install 'oauthapp[serve]', or leave out --workers"
)
#: Its messages go where ours go.
_LOGGING = {
    "formatters": {},
    "handlers": {},
    "loggers": {"_granian": {"propagate": True}},
}


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where it listens."""

    host: str
    #: 0 takes a free one.
    port: int
    tls: Tls | None = None


def serve_many(
    build: Build, place: Place, *, workers: int, ready: Callable[[int], None]
) -> None:
    """Serve until SIGTERM or Ctrl-C; what was begun is answered.

    :param ready: is told the port once every process listens.
    :raises SettingsError: when the party cannot be built or the port not be taken.
    """
    try:
        from granian.server.mp import MPServer
    except ImportError:
        raise SettingsError(_NOT_INSTALLED) from None
    address = "127.0.0.1" if place.host == "localhost" else place.host
    # No memory is shared, so that no lock and no connection is held by two.
    multiprocessing.set_start_method("spawn", force=True)
    with (
        _metrics_shared(),
        closing(free_to_listen(place.host, place.port)) as reserved,
        closing(_Readiness(workers)) as readiness,
    ):
        port = reserved.getsockname()[1]
        close(build())  # it can be built, and its tables are there before all need them
        server = MPServer(
            "oauthapp", address, port, workers=workers, **options(place.tls)
        )
        readiness.then(lambda: ready(port))
        worker = Worker(build=build, ready=readiness.writer)
        server.serve(target_loader=worker, wrap_loader=False)


@contextmanager
def _metrics_shared() -> Iterator[None]:
    """A folder for what the processes count, told as prometheus_client wants it."""
    with TemporaryDirectory(prefix="oauthapp-metrics-") as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        yield


def options(tls: Tls | None) -> dict[str, Any]:
    """What granian's server is told, whatever it serves."""
    from granian.constants import HTTPModes
    from granian.constants import Interfaces
    from granian.constants import SSLProtocols
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    return {
        "interface": Interfaces.RSGI,
        "http": HTTPModes.http1,
        "http1_settings": HTTP1Settings(
            header_read_timeout=READ_TIMEOUT * 1000, max_buffer_size=HEADER_LIMIT
        ),
        "websockets": False,
        "backlog": BACKLOG,
        "backpressure": CONNECTIONS,
        "respawn_failed_workers": True,
        "workers_kill_timeout": KILL_TIMEOUT,
        "log_level": LogLevels.warning,
        "log_dictconfig": _LOGGING,
        "ssl_cert": tls and tls.certificate,
        "ssl_key": tls and tls.key,
        "ssl_protocol_min": SSLProtocols.tls12,
    }


class _Readiness:
    """Hears of each process that it listens."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._reader, self.writer = multiprocessing.Pipe(duplex=False)

    def then(self, do: Callable[[], None]) -> None:
        """Do this once all have said so."""
        Thread(target=self._wait, args=(do,), name="ready", daemon=True).start()

    def _wait(self, do: Callable[[], None]) -> None:
        with suppress(EOFError):  # it stopped before
            for _ in range(self._workers):
                self._reader.recv_bytes()
            do()

    def close(self) -> None:
        self.writer.close()
