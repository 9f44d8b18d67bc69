"""What the databases know: looked up when asked, and not too often.

Whichever process is asked says the same, also of what other ones and `oauthapp worker`
did; and nothing is forgotten when one of them dies.
"""

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from threading import Lock
from time import monotonic
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

#: Seconds that figures are good for.
FRESH = 5.0

#: Name, what it is, the label's name ("" for none), and a number for each value of it.
Figure = tuple[str, str, str, Mapping[str, float]]


class Figures:
    """What one party looks up."""

    def __init__(self, party: str, look: Callable[[], Iterable[Figure]]) -> None:
        self._party = party
        self._look = look
        self._lock = Lock()
        self._found: list[Figure] = []
        self._fresh_until = 0.0

    def __call__(self) -> Iterable[Any]:
        """As prometheus_client wants it; without a database, that there is none."""
        from prometheus_client.core import GaugeMetricFamily

        for name, what, label, numbers in self._figures():
            family = GaugeMetricFamily(
                f"oauthapp_{self._party}_{name}", what, labels=[label] if label else []
            )
            for value, number in numbers.items():
                family.add_metric([value] if label else [], number)
            yield family

    def _figures(self) -> list[Figure]:
        with self._lock:
            if monotonic() >= self._fresh_until:
                self._found = self._all()
                self._fresh_until = monotonic() + FRESH
            return self._found

    def _all(self) -> list[Figure]:
        try:
            found = list(self._look())
        except SQLAlchemyError:
            found = []
        up = ("database_up", "Whether the database answers.", "", {"": bool(found)})
        return [*found, up]
