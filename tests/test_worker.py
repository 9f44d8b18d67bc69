"""One loop a party: it does what is due and outlives what goes wrong."""

import threading
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from threading import Event

from oauthapp.worker import Work
from oauthapp.worker import Worker

#: Longer than any of these tests takes: a test that waits for it has failed.
LONG = 30.0


@dataclass
class Bench:
    """Work that is written down, with what each item does."""

    queue: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)
    trouble: dict[str, Exception] = field(default_factory=dict)
    claims: int = 0
    together: list[list[str]] = field(default_factory=list)
    limit: int = 2
    on_claim: Callable[[int], None] = lambda _count: None

    def claim(self) -> list[str]:
        self.claims += 1
        self.on_claim(self.claims)
        claimed, self.queue = self.queue[: self.limit], self.queue[self.limit :]
        return claimed

    def do(self, item: str) -> None:
        if item in self.trouble:
            raise self.trouble[item]
        self.done.append(item)

    def fail(self, item: str, reason: str) -> None:
        self.failed.append((item, reason))

    def do_all(self, items: Sequence[str]) -> None:
        self.together.append(list(items))
        for item in items:
            if item in self.trouble:
                raise self.trouble[item]
        self.done += items

    def worker(self, wake: Event | None = None) -> Worker[str]:
        work = Work(claim=self.claim, do=self.do, fail=self.fail)
        return Worker(work, wake or Event())


def test_run_once_does_what_is_due_and_counts_it() -> None:
    bench = Bench(queue=["a", "b", "c"])
    worker = bench.worker()
    assert [worker.run_once(), worker.run_once(), worker.run_once()] == [2, 1, 0]
    assert bench.done == ["a", "b", "c"]


def test_an_item_that_breaks_is_given_back_and_the_others_are_done() -> None:
    bench = Bench(queue=["bad", "good"], trouble={"bad": KeyError("secret")})
    bench.worker().run_once()
    assert bench.failed == [("bad", "KeyError")]
    assert bench.done == ["good"]


def test_work_that_can_be_done_together_is() -> None:
    bench = Bench(queue=list("abcdef"), limit=5)
    work = Work(claim=bench.claim, do=bench.do, fail=bench.fail, do_all=bench.do_all)
    worker = Worker(work, Event())
    assert [worker.run_once(), worker.run_once(), worker.run_once()] == [5, 1, 0]
    assert bench.together == [list("abcde")]
    assert bench.done == list("abcdef")


def test_one_that_breaks_among_many_is_found_and_the_others_are_done() -> None:
    trouble = {"c": KeyError("secret")}
    bench = Bench(queue=list("abcdefgh"), limit=8, trouble=trouble)
    work = Work(claim=bench.claim, do=bench.do, fail=bench.fail, do_all=bench.do_all)
    Worker(work, Event()).run_once()
    assert sorted(bench.done) == list("abdefgh")
    assert bench.failed == [("c", "KeyError")]
    assert bench.together[0] == list("abcdefgh")
    assert list("efgh") in bench.together


def test_it_tidies_up_in_every_round_after_the_work() -> None:
    bench, tidied = Bench(queue=["a"]), []
    work = Work(
        claim=bench.claim,
        do=bench.do,
        fail=bench.fail,
        tidy=lambda: tidied.append(len(bench.done)),
    )
    worker = Worker(work, Event())
    worker.run_once()
    worker.run_once()
    assert tidied == [1, 1]


def test_the_loop_outlives_a_store_that_fails(monkeypatch, caplog) -> None:
    monkeypatch.setattr("oauthapp.worker.PATIENCE", 0.01)
    stop = Event()

    def fails_once(count: int) -> None:
        if count == 1:
            raise OSError("the store is away")
        if count == 3:
            stop.set()

    bench = Bench(queue=["a"], on_claim=fails_once)
    bench.worker().run(stop)
    assert bench.done == ["a"]
    assert "OSError" in caplog.text


def test_the_loop_works_without_pause_while_there_is_work(monkeypatch) -> None:
    monkeypatch.setattr("oauthapp.worker.POLL", LONG * 10)
    stop, wake = Event(), Event()
    bench = Bench(
        queue=[str(number) for number in range(100)],
        on_claim=lambda count: (stop.set(), wake.set()) if count == 51 else None,
    )
    bench.worker(wake).run(stop)
    assert len(bench.done) == 100


def test_a_sleeping_worker_is_woken(monkeypatch) -> None:
    monkeypatch.setattr("oauthapp.worker.POLL", LONG)
    stop, wake, looked = Event(), Event(), threading.Semaphore(0)
    bench = Bench(on_claim=lambda _count: looked.release())
    thread = threading.Thread(target=bench.worker(wake).run, args=(stop,))
    thread.start()
    assert looked.acquire(timeout=LONG / 2)
    bench.queue.append("a")
    wake.set()
    assert looked.acquire(timeout=LONG / 2)
    stop.set()
    wake.set()
    thread.join(timeout=LONG / 2)
    assert not thread.is_alive()
    assert bench.done == ["a"]


def test_work_kept_while_the_store_was_read_is_not_slept_over(monkeypatch) -> None:
    monkeypatch.setattr("oauthapp.worker.POLL", LONG)
    stop, wake = Event(), Event()

    def kept_meanwhile(count: int) -> None:
        wake.set()
        if count == 3:
            stop.set()

    bench = Bench(on_claim=kept_meanwhile)
    bench.worker(wake).run(stop)
    assert bench.claims == 3


def test_one_wake_up_is_heeded_once() -> None:
    stop, wake, heard = Event(), Event(), []
    wake.set()

    def look(_count: int) -> None:
        heard.append(wake.is_set())
        stop.set()

    Bench(on_claim=look).worker(wake).run(stop)
    assert heard == [False]
