"""The whole demo on real sockets, and somebody to use it."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from oauthapp.demo import Demo
from oauthapp.demo import running_demo
from oauthapp.playing.arrivals import Arrivals
from oauthapp.visitor import Visitor
from tests.postgresql import free_port


@dataclass(frozen=True, kw_only=True)
class House:
    """The running demo, what it has heard, and its folder."""

    demo: Demo
    arrivals: Arrivals
    folder: Path

    @property
    def signing_secret(self) -> str:
        settings = tomllib.loads((self.folder / "demo.toml").read_text())
        secret: str = settings["app"]["webhooks"]["demo"]["secrets"][0]
        return secret


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with running_demo(tmp_path, app_port=0, provider_port=0) as demo:
        yield House(demo=demo, arrivals=demo.arrivals, folder=tmp_path)


@pytest.fixture
def visitor() -> Iterator[Visitor]:
    one = Visitor()
    yield one
    one.close()


@pytest.fixture
def free_ports() -> tuple[int, int]:
    return free_port(), free_port()
