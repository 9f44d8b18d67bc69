"""The app's figures: how much is in its inbox that has not taken effect."""

from collections.abc import Iterator

from oauthapp.callbacks.webhook import backlog_store
from oauthapp.metrics.figures import Figure
from oauthapp.services import AppServices


def app_figures(services: AppServices) -> Iterator[Figure]:
    """
    :raises SQLAlchemyError: when the database does not answer.
    """
    backlog = backlog_store.look(services.database)
    numbers = {"pending": backlog.waiting, "dead": backlog.dead}
    yield "inbox_messages", "Messages that are kept.", "status", numbers
    age = 0.0 if backlog.since is None else services.clock() - backlog.since
    what = "Age of the oldest message that has not taken effect."
    yield "inbox_oldest_seconds", what, "", {"": max(age, 0.0)}
    what = "Size of the messages that wait."
    yield "inbox_bytes", what, "", {"": backlog.bytes}
