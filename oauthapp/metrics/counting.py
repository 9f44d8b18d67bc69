"""Each request is counted once it was answered, in whichever process.

With several processes prometheus_client keeps its counters in files of a folder that
all of them read (PROMETHEUS_MULTIPROC_DIR), also those of a process that has died.
What the database knows is not counted but looked up: see `figures.py`.
"""

import os
from collections.abc import Callable
from collections.abc import Iterable
from time import perf_counter
from typing import Any

from flask import Flask
from flask import Response
from flask import g
from flask import request

from oauthapp.errors import SettingsError
from oauthapp.metrics.names import METHODS
from oauthapp.metrics.names import OTHER
from oauthapp.metrics.names import known_reasons
from oauthapp.recorder.call import Notes
from oauthapp.recorder.call import current_notes

#: Where somebody signs in, at the app and at the provider.
LOGINS = frozenset({"redirect.callback", "provider.login"})
#: Upper ends of what a request takes, in seconds.
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)

_NOT_INSTALLED = (
    "serving.metrics: needs prometheus-client, which is not installed; "
    "pip install 'oauthapp[metrics]', or leave it out"
)


class Counting:
    """The counters of one party in this process, and the figures of its database."""

    def __init__(self, party: str, figures: Callable[[], Iterable[Any]]) -> None:
        """
        :param figures: what else is told, looked up when somebody asks.
        :raises SettingsError: when prometheus_client is not installed.
        """
        try:
            import prometheus_client as prometheus
        except ImportError:
            raise SettingsError(_NOT_INSTALLED) from None
        self._registry = prometheus.CollectorRegistry()
        self._figures = figures
        self._reasons = known_reasons()

        def counter(name: str, what: str, *labels: str) -> Any:
            return prometheus.Counter(
                f"oauthapp_{party}_{name}", what, labels, registry=self._registry
            )

        self._requests = counter("requests", "Requests.", "route", "method", "status")
        self._verdicts = counter("verdicts", "Calls.", "kind", "verdict", "reason")
        self._logins = counter("logins", "Sign-ins.", "verdict", "reason")
        self._seconds = prometheus.Histogram(
            f"oauthapp_{party}_request_seconds",
            "How long requests took.",
            buckets=BUCKETS,
            registry=self._registry,
        )

    def listen(self, app: Flask) -> None:
        """Count what `app` answers."""
        app.before_request(self._begin)
        app.after_request(self._count)

    def text(self) -> bytes:
        """Everything as Prometheus reads it, of all processes."""
        from prometheus_client import CollectorRegistry
        from prometheus_client import generate_latest
        from prometheus_client.multiprocess import MultiProcessCollector

        registry = self._registry
        if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        looked_up = CollectorRegistry()
        looked_up.register(_Collector(self._figures))
        return generate_latest(registry) + generate_latest(looked_up)

    def _begin(self) -> None:
        g.began = perf_counter()

    def _count(self, response: Response) -> Response:
        self._seconds.observe(perf_counter() - g.get("began", perf_counter()))
        method = request.method if request.method in METHODS else OTHER
        status = f"{response.status_code // 100}xx"
        self._requests.labels(_route(), method, status).inc()
        notes = current_notes.get()
        if notes is not None and notes.verdict:
            self._judge(notes)
        return response

    def _judge(self, notes: Notes) -> None:
        """Of several codes the first one says what was decided."""
        reason = notes.reason.partition(" ")[0]
        reason = reason if reason in self._reasons else OTHER
        self._verdicts.labels(notes.kind, notes.verdict, reason).inc()
        if request.endpoint in LOGINS:
            self._logins.labels(notes.verdict, reason).inc()


class _Collector:
    """What is looked up, as prometheus_client asks for it."""

    def __init__(self, figures: Callable[[], Iterable[Any]]) -> None:
        self.collect = figures


def _route() -> str:
    """As the program writes it: an address itself may be anything."""
    return request.url_rule.rule if request.url_rule is not None else OTHER
