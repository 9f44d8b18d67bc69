"""Senders that repeat a webhook until it is acknowledged, as real ones do."""

import http.client
import time
from itertools import count
from threading import Condition
from threading import Event
from threading import Thread
from types import TracebackType

from bench.house import House
from bench.messages import signed


class Senders:
    """Post messages of their own from several threads until they are stopped.

    One half connects anew for each, the other keeps its connections open.
    """

    def __init__(self, house: House, number: int, *, pause: float = 0.0) -> None:
        """
        :param pause: seconds each waits before its next message.
        """
        self.acknowledged: set[str] = set()
        self.posts = 0
        self._house = house
        self._pause = pause
        self._numbers = count()
        self._changed = Condition()
        self._stop = Event()
        self._threads = [
            Thread(target=self._run, args=(one % 2 == 1,)) for one in range(number)
        ]

    def __enter__(self) -> "Senders":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Begin no new message; return when the last ones are acknowledged."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def wait_for_more(self, more: int, *, seconds: float) -> None:
        """Until `more` further messages are acknowledged."""
        with self._changed:
            wanted = len(self.acknowledged) + more
            there = self._changed.wait_for(
                lambda: len(self.acknowledged) >= wanted, timeout=seconds
            )
        if not there:
            raise SystemExit(f"no {more} messages were acknowledged in {seconds} s")

    def _run(self, keeps: bool) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._house.port, 10)
        while not self._stop.is_set():
            message_id = f"msg_{next(self._numbers)}"
            while not self._post(connection, message_id):
                connection.close()
                time.sleep(0.02)
            if not keeps:
                connection.close()  # it connects by itself when it is used again
            with self._changed:
                self.acknowledged.add(message_id)
                self._changed.notify_all()
            self._stop.wait(self._pause)
        connection.close()

    def _post(self, connection: http.client.HTTPConnection, message_id: str) -> bool:
        """One attempt: whether it was acknowledged."""
        one = signed(message_id, secret=self._house.secret, now=time.time())
        self.posts += 1
        try:
            connection.request(
                "POST", "/webhooks/demo", body=one.body, headers=dict(one.headers)
            )
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            return False
        return answer.status == 204
