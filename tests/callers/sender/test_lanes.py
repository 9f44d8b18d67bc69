"""One slow endpoint does not hold up the others, and none gets too much at once."""

import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field

import pytest
from werkzeug.serving import make_server
from werkzeug.wrappers import Request
from werkzeug.wrappers import Response

from oauthapp.callers.sender.endpoints import add_endpoint
from oauthapp.callers.sender.store import claim
from oauthapp.process import working
from oauthapp.provider_workers import AT_ONCE
from oauthapp.provider_workers import provider_worker
from oauthapp.settings import Endpoint
from tests.callers.sender.conftest import SECRET

#: Longer than any of these tests takes: one that waits for it has failed.
LONG = 30.0


@dataclass
class Slow:
    """A server whose path /held answers only when it is told to."""

    url: str = ""
    go_on: threading.Event = field(default_factory=threading.Event)
    changed: threading.Condition = field(default_factory=threading.Condition)
    under_way: Counter[str] = field(default_factory=Counter)
    most: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)

    def __call__(self, environ, start_response):
        path = Request(environ).path
        with self.changed:
            self.under_way[path] += 1
            self.most[path] = max(self.most[path], self.under_way[path])
            self.changed.notify_all()
        if path == "/held":
            self.go_on.wait(LONG)
        with self.changed:
            self.under_way[path] -= 1
            self.done[path] += 1
            self.changed.notify_all()
        return Response(status=204)(environ, start_response)

    def until(self, condition) -> bool:
        with self.changed:
            return self.changed.wait_for(condition, LONG)


@pytest.fixture
def slow() -> Iterator[Slow]:
    slow = Slow()
    server = make_server("127.0.0.1", 0, slow, threaded=True)
    server.daemon_threads = True
    slow.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield slow
    slow.go_on.set()
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_slow_endpoint_holds_up_itself_only(provider, announce, slow) -> None:
    for path in ("/held", "/quick"):
        add_endpoint(provider, Endpoint(url=slow.url + path, secret=SECRET))
    for _ in range(20):
        announce(slow.url + "/held", slow.url + "/quick")
    with working(("sender", provider_worker(provider))):
        # Its turn comes first, and with no lanes it would take every thread there is.
        assert slow.until(lambda: slow.most["/held"] >= AT_ONCE)
        slow.until(lambda: slow.done["/quick"] == 20 or slow.most["/held"] > AT_ONCE)
        done = dict(slow.done)
        slow.go_on.set()
        assert done == {"/quick": 20}
        assert slow.until(lambda: slow.done["/held"] == 20)
    assert slow.most["/held"] == AT_ONCE


def test_claims_go_round_the_endpoints(engine, announce, clock) -> None:
    for _ in range(3):
        announce("http://127.0.0.1/a", "http://127.0.0.1/b")
    first = claim(engine, now=clock.now, limit=10, each=2)
    busy = {"http://127.0.0.1/a": 2, "http://127.0.0.1/b": 1}
    second = claim(engine, now=clock.now, limit=10, each=2, busy=busy)

    assert sorted(one.endpoint_url[-1] for one in first) == ["a", "a", "b", "b"]
    assert [one.endpoint_url[-1] for one in second] == ["b"]
    assert len(claim(engine, now=clock.now, limit=10)) == 1


def test_no_more_is_claimed_than_asked_for(engine, announce, clock) -> None:
    announce("http://127.0.0.1/a", "http://127.0.0.1/b", "http://127.0.0.1/c")

    assert len(claim(engine, now=clock.now, limit=2)) == 2
    assert len(claim(engine, now=clock.now, limit=0)) == 0
    assert len(claim(engine, now=clock.now, limit=2)) == 1
