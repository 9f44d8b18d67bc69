"""The provider's figures: what became of its deliveries."""

from collections.abc import Iterator

from oauthapp.metrics import delivery_store
from oauthapp.metrics.figures import Figure
from oauthapp.services import ProviderServices

_STATUSES = ("pending", "delivered", "dead")
_ANSWERS = ("2xx", "3xx", "4xx", "5xx", "none")


def provider_figures(services: ProviderServices) -> Iterator[Figure]:
    """
    :raises SQLAlchemyError: when the database does not answer.
    """
    sent = delivery_store.look(services.database)
    numbers = {one: sent.deliveries.get(one, 0) for one in _STATUSES}
    yield "deliveries", "Deliveries; the dead were given up.", "status", numbers
    tried = {one: sent.attempts.get(one, 0) for one in _ANSWERS}
    yield "delivery_attempts", "Attempts by their answer.", "answer", tried
    late = 0.0 if sent.since is None else services.clock() - sent.since
    what = "How long the delivery has been due that waits longest."
    yield "delivery_late_seconds", what, "", {"": max(late, 0.0)}
