"""Resident memory of each process, idle and under load."""

import subprocess
from collections.abc import Callable
from collections.abc import Iterator
from threading import Thread

from bench.house import House
from bench.house import end
from bench.house import running_house
from bench.house import start
from bench.lines.line import Beside
from bench.lines.line import Line
from bench.lines.line import Sizes
from bench.lines.parties import Both
from bench.lines.parties import both
from bench.lines.parties import sign_in
from bench.lines.parties import went_well
from bench.lines.receiving import Taken
from bench.lines.receiving import loading
from bench.parties import parties
from bench.processes import held_by
from tests.postgresql import free_port

BARE = "bare Flask server"
_LIMIT = {
    "idle": "what is imported: SQLAlchemy, Flask, Authlib, cryptography",
    "under load": "64 threads at work, and what they keep for a while",
}
#: Seconds between two looks.
LOOK = 0.05

Figures = dict[str, float]
Processes = dict[str, subprocess.Popen[bytes]]


def lines(sizes: Sizes) -> Iterator[Line]:
    """App, provider and worker on SQLite; a bare server, and peers where there are."""
    peers = _peers(sizes)
    with running_house("sqlite") as house, both(house) as running:
        log, port = house.config.parent / "bare.log", str(free_port())
        processes = {
            **running.processes,
            "worker": house.start("worker"),
            BARE: start(log, "-m", "bench.bare", port),
        }
        try:
            idle = _now(processes)
            most, sound = _under_load(house, running, processes, int(port), sizes)
        finally:
            end(processes["worker"])
            end(processes[BARE])
    for name in ("app", "provider", "worker"):
        mine = peers if name == "provider" else {}
        yield _line(name, "idle", idle, mine, sound)
        yield _line(name, "under load", most, {}, sound)


def _line(name: str, state: str, now: Figures, peers: Figures, sound: bool) -> Line:
    mb = now[name]
    return Line(
        what=f"memory, {name}, {state}",
        ours=mb,
        unit="MB",
        floors=(_beside(mb, f"{BARE}, {state}", now[BARE]),),
        peers=tuple(_beside(mb, *one) for one in peers.items()),
        limit=_LIMIT[state],
        sound=sound,
    )


def _under_load(
    house: House, running: Both, processes: Processes, bare: int, sizes: Sizes
) -> tuple[Figures, bool]:
    """The most that each held while there were webhooks and logins."""
    walked = []
    with loading() as load:
        taken = Taken(load=load, sizes=sizes)

        def work() -> None:
            taken.rate([house.port], house, sizes.connections)
            taken.rate([bare], house, sizes.connections, counts=False)
            walked.extend(sign_in(running, sizes.logins)[1])

        most = _most(processes, work)
    return most, taken.kept(house) and went_well(walked, sizes.logins)


def _most(processes: Processes, work: Callable[[], None]) -> Figures:
    thread, looks = Thread(target=work), [_now(processes)]
    thread.start()
    while thread.is_alive():
        thread.join(LOOK)
        looks.append(_now(processes))
    return {name: max(look[name] for look in looks) for name in processes}


def _now(processes: Processes) -> Figures:
    return {name: _mb(process) for name, process in processes.items()}


def _mb(process: subprocess.Popen[bytes]) -> float:
    return held_by(process.pid).rss_kb / 1024


def _beside(ours: float, name: str, value: float) -> Beside:
    return Beside(name=name, value=value, ratio=ours / value)


def _peers(sizes: Sizes) -> Figures:
    """Those that are processes of their own, as soon as they answer."""
    found = {}
    for one in parties(sizes.iam_python):
        if one.beside.endswith("process") and one.name != one.beside:
            with one.running() as (process, _metadata):
                found[one.name] = _mb(process)
    return found
