"""What one line of the table says, and how its figures are taken: in rounds."""

import statistics
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from itertools import count

Round = dict[str, float]


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What stands beside ours, in the same run."""

    name: str
    value: float
    #: Ours to it: the median of those within a round.
    ratio: float


@dataclass(frozen=True, kw_only=True)
class Line:
    """One figure of ours. Of a unit that ends in /s more is better, else less."""

    what: str
    ours: float
    unit: str
    #: What cannot be beaten, or what it grew from.
    floors: tuple[Beside, ...] = ()
    #: What people would use instead.
    peers: tuple[Beside, ...] = ()
    limit: str
    #: Whether each answer was the right one, and what was kept is what had to be.
    sound: bool


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """How much is done for a line."""

    rounds: int
    #: Webhooks a round.
    requests: int
    connections: int = 16
    #: Logins a round, at each provider and through both parties.
    logins: int
    imports: int
    pages: int
    #: Most calls to find the compare page among.
    calls: int
    #: Webhooks that were kept before, from none upward.
    rows: tuple[int, ...]
    widths: tuple[int, ...] = (4, 16, 64, 256)
    replicas: tuple[int, ...] = (1, 2, 3, 4)
    databases: tuple[str, ...] = ("sqlite", "postgresql")
    iam_python: str | None = None
    #: Tells every batch of webhooks from every other.
    batches: Iterator[int] = field(default_factory=count)


def in_turn(ways: Mapping[str, Callable[[], float]], rounds: int) -> list[Round]:
    """Each way once a round, one after the other; the first round only warms up."""
    found = []
    for _ in range(rounds + 1):
        found.append({name: way() for name, way in ways.items()})
    return found[1:]


def median(rounds: list[Round], name: str) -> float:
    """Of one figure, over the rounds."""
    return statistics.median(one[name] for one in rounds)


def beside(rounds: list[Round], ours: str, name: str) -> Beside:
    """What stood beside ours in each round."""
    ratio = statistics.median(one[ours] / one[name] for one in rounds)
    return Beside(name=name, value=median(rounds, name), ratio=ratio)
