"""Connections that go no further than they may, and take no longer."""

import socket
from functools import partial
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import PoolManager
from urllib3.connection import HTTPConnection
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.connectionpool import HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError

from oauthapp.recorder.addresses import Reach
from oauthapp.recorder.connecting import open_socket
from oauthapp.recorder.deadline import current_deadline


class TimedAdapter(HTTPAdapter):
    """A requests adapter whose connections obey `time_limit` and stay within reach.

    :raises NotGlobal: from `send`, when an address of the host is out of reach.
    """

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        super().__init__()

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        """Build the pools on our connections."""
        super().init_poolmanager(*arguments, **options)
        pools: PoolManager = self.poolmanager
        # A pool hands on to its connections what it does not know itself.
        http: Any = partial(_HttpPool, reach=self._reach)
        https: Any = partial(_HttpsPool, reach=self._reach)
        pools.pool_classes_by_scheme = {"http": http, "https": https}


class _Bounded:
    host: str
    port: int
    timeout: float | None
    socket_options: list[tuple[Any, ...]] | None
    sock: socket.socket | None

    def __init__(self, *arguments: Any, reach: Reach, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._reach = reach

    def _new_conn(self) -> socket.socket:
        """To an address that was judged; Host header and TLS keep to the name."""
        try:
            return open_socket(
                self._dns_host,  # type: ignore[attr-defined]  # host, its last dot kept
                self.port,
                reach=self._reach,
                time_left=self._time_left,
                options=self.socket_options or (),
            )
        except TimeoutError as error:
            raise ConnectTimeoutError(self, f"{self.host} is silent") from error

    def _time_left(self) -> float | None:
        deadline = current_deadline.get()
        return deadline.left() if deadline else self.timeout

    def connect(self) -> None:
        super().connect()  # type: ignore[misc]
        self._watch()

    def getresponse(self, *arguments: Any, **options: Any) -> Any:
        self._watch()  # it may be an old connection in a new call
        return super().getresponse(*arguments, **options)  # type: ignore[misc]

    def _watch(self) -> None:
        if deadline := current_deadline.get():
            deadline.watch(self.sock)


class _HttpConnection(_Bounded, HTTPConnection):
    pass


class _HttpsConnection(_Bounded, HTTPSConnection):
    pass


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _HttpConnection


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _HttpsConnection
