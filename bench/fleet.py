"""Replicas of both parties and workers as processes, on one database, behind balancers.

A balancer stands where each party says it is found. It is for the parties' own calls;
whoever measures chooses a replica by its port.
"""

import subprocess
from collections.abc import Iterator
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field

from sqlalchemy import Engine

from bench.browser import Party
from bench.browser import Place
from bench.house import House
from bench.house import start
from oauthapp.configuration import load_settings
from oauthapp.database import open_database
from oauthapp.running import address
from oauthapp.schema.provider import provider_tables
from oauthapp.settings import ProviderSettings
from tests.postgresql import free_port

#: All of them come from one address here.
_LIMITS = """
[app.limits]
logins = ""
"""
_USER = """
[[provider.users]]
sub = "{sub}"
password = "{sub}-password"
"""


@dataclass(frozen=True, kw_only=True)
class Fleet:
    """What runs, and a look into the provider's database."""

    house: House
    places: dict[Party, Place]
    provider_database: Engine
    #: How each process is started: command and options.
    commands: dict[str, tuple[str, ...]]
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str) -> None:
        """Start this one; ready when this returns."""
        command, *options = self.commands[name]
        self.processes[name] = self.house.start(command, *options, log=name)

    def start_all(self, names: Sequence[str]) -> None:
        """Start these at the same time; ready when this returns."""
        with ThreadPoolExecutor() as pool:
            list(pool.map(self.start, names))

    def kill(self, name: str) -> None:
        """`kill -9`, and wait until it is gone."""
        self.processes[name].kill()
        self.processes[name].wait()


@contextmanager
def running_fleet(
    house: House, *, apps: int, providers: int, workers: int, users: int
) -> Iterator[Fleet]:
    """So many of each, until the block ends; users are called user0, user1, ..."""
    with house.config.open("a") as file:
        file.write(_LIMITS)
        file.writelines(_USER.format(sub=f"user{number}") for number in range(users))
    provider = load_settings(house.config, {}).provider
    assert provider is not None
    with ExitStack() as stack:
        fleet = _fleet(house, provider, apps, providers, workers)
        stack.callback(fleet.provider_database.dispose)
        stack.callback(_end, fleet)
        for place in fleet.places.values():
            _balance(fleet, place)
        fleet.start_all(list(fleet.commands))
        yield fleet


def _fleet(
    house: House, provider: ProviderSettings, apps: int, providers: int, workers: int
) -> Fleet:
    commands: dict[str, tuple[str, ...]] = {}
    places: dict[Party, Place] = {}
    origins: list[tuple[Party, str, int]] = [
        ("provider", provider.issuer, providers),
        ("app", f"http://localhost:{house.port}", apps),
    ]
    for party, origin, replicas in origins:
        ports = tuple(free_port() for _ in range(replicas))
        places[party] = Place(origin=origin, ports=ports)
        for number, port in enumerate(ports, start=1):
            commands[f"{party}-{number}"] = (party, "--port", str(port))
    for number in range(1, workers + 1):
        commands[f"worker-{number}"] = ("worker",)
    database = open_database(provider.database_url, provider_tables)
    return Fleet(
        house=house, places=places, provider_database=database, commands=commands
    )


def _balance(fleet: Fleet, place: Place) -> None:
    port = address(place.origin)[1]
    log = fleet.house.config.parent / f"balance-{port}.log"
    ports = [str(one) for one in (port, *place.ports)]
    fleet.processes[f"balancer-{port}"] = start(log, "-m", "bench.balance", *ports)


def _end(fleet: Fleet) -> None:
    for process in fleet.processes.values():
        process.terminate()
    for process in fleet.processes.values():
        process.wait()
