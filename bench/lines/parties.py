"""Complete logins through both parties of ours: app and provider, each a process."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread

from bench.browser import Party
from bench.browser import Place
from bench.house import House
from bench.house import end
from bench.house import running_house
from bench.lines.line import Line
from bench.lines.line import Sizes
from bench.lines.line import beside
from bench.lines.line import in_turn
from bench.lines.line import median
from bench.lines.receiving import serving
from bench.load import ask_all
from bench.walk import Walked
from bench.walk import Walker
from oauthapp.configuration import load_settings
from oauthapp.running import address
from oauthapp.settings import User

#: Requests of a browser's login; the app asks the provider for tokens besides.
STEPS = 8
#: People who sign in at the same time.
PEOPLE = 4
OURS, FLOOR = "ours", f"{STEPS} requests to a bare view"
#: All of them come from one address here.
LIMITS = '\n[app.limits]\nlogins = ""\n'
_NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True, kw_only=True)
class Both:
    """What runs, and who can sign in."""

    places: dict[Party, Place]
    processes: dict[str, subprocess.Popen[bytes]]
    user: User


def lines(sizes: Sizes) -> Iterator[Line]:
    """On each database, beside as many requests to a view that does nothing."""
    for kind in sizes.databases:
        with running_house(kind) as house, both(house) as parties:
            yield _line(kind, house, parties, sizes)


def _line(kind: str, house: House, parties: Both, sizes: Sizes) -> Line:
    walked: list[Walked] = []

    def ours() -> float:
        rate, some = sign_in(parties, sizes.logins)
        walked.extend(some)
        return rate

    with serving(house.config.parent, "bench.bare") as port:
        raw = [b"POST /webhooks/demo HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"]
        raw *= sizes.logins * STEPS
        rounds = in_turn(
            {
                FLOOR: lambda: sizes.logins / ask_all(port, raw, PEOPLE).elapsed,
                OURS: ours,
            },
            sizes.rounds,
        )
    return Line(
        what=f"complete logins through app and provider, {_NAMES[kind]}",
        ours=median(rounds, OURS),
        unit="/s",
        floors=(beside(rounds, OURS, FLOOR),),
        limit="pages of two processes: sessions, recorder, one RS256 signature",
        sound=went_well(walked, (sizes.rounds + 1) * sizes.logins),
    )


@contextmanager
def both(house: House) -> Iterator[Both]:
    """Both parties, each a process, until the block ends."""
    with house.config.open("a") as file:
        file.write(LIMITS)
    provider = load_settings(house.config, {}).provider
    assert provider is not None
    port = address(provider.issuer)[1]
    places: dict[Party, Place] = {
        "app": Place(origin=f"http://localhost:{house.port}", ports=(house.port,)),
        "provider": Place(origin=provider.issuer, ports=(port,)),
    }
    with ExitStack() as stack:
        running = {}
        for command in ("provider", "app"):
            running[command] = house.start(command)
            stack.callback(end, running[command])
        yield Both(places=places, processes=running, user=provider.users[0])


def sign_in(parties: Both, count: int) -> tuple[float, list[Walked]]:
    """So many logins by a few people at once: how many a second, and what came."""
    numbers, walked = iter(range(count)), [Walked() for _ in range(PEOPLE)]

    def run(person: int) -> None:
        walker = Walker(parties.places, walked[person], person)
        for _ in numbers:
            walker.log_in(parties.user.sub, parties.user.password)
        walker.close()

    threads = [Thread(target=run, args=(person,)) for person in range(PEOPLE)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return count / (time.perf_counter() - began), walked


def went_well(walked: list[Walked], logins: int) -> bool:
    """Whether everybody came in, at once and as themselves."""
    twice = any(one.wrong or one.begun_anew or one.repeated for one in walked)
    return not twice and logins == sum(len(one.sessions) for one in walked)
