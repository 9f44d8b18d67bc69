"""A webhook sender of a test's own: it repeats, gives up and misbehaves at once.

It is the provider's own, with its schedule of three days; between two attempts the
test's clock is moved instead of waited for.
"""

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from secrets import token_hex
from typing import Literal

import msgspec
import requests

from oauthapp.callers.sender import delivery_store
from oauthapp.callers.sender.delivery_store import Tried
from oauthapp.callers.sender.endpoints import add_endpoint
from oauthapp.callers.sender.endpoints import new_secret
from oauthapp.callers.sender.event_store import publish
from oauthapp.callers.sender.misbehaving import HOUR
from oauthapp.callers.sender.misbehaving import PARCELS
from oauthapp.callers.sender.retry import LONGEST_REST
from oauthapp.callers.sender.sign import signed_headers
from oauthapp.clock import MovableClock
from oauthapp.control.store import Armed
from oauthapp.control.store import arm
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.provider_workers import provider_worker
from oauthapp.recorder.call import calling_as
from oauthapp.services import ProviderServices
from oauthapp.settings import Endpoint
from oauthapp.settings.app import WebhookScheme


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A message, and what became of it."""

    message_id: str
    status: Literal["delivered", "dead"]
    #: Every attempt with its answer, the first one first.
    attempts: Sequence[Tried]


class WebhookSender:
    """Sends signed messages (Standard Webhooks) to the endpoint under test."""

    def __init__(self, services: ProviderServices, clock: MovableClock) -> None:
        self._services = services
        self._clock = clock
        self._sent: list[Sent] = []
        #: What messages are signed with, unless `send` is told otherwise.
        self.secret = new_secret()

    def send(
        self,
        event_type: str,
        data: Mapping[str, object] | None = None,
        *,
        to: str,
        secret: str = "",
        fail_first: int = 0,
        duplicate: bool = False,
        stale: bool = False,
        fault: str = "",
    ) -> Sent:
        """Send an event until it is answered 2xx or given up, as a real sender would.

        :param to: the endpoint's URL.
        :param fail_first: so many answers are lost on their way, though the endpoint
            has done its work: it must know the message again.
        :param duplicate: the first attempt is made twice.
        :param stale: the first attempt was signed an hour ago.
        :param fault: another one of the sender's faults, for the first attempt;
            `oauthapp run --list` names them.
        :raises ValueError: when there is no such fault.
        """
        add_endpoint(
            self._services, Endpoint(url=to, secret=secret or self.secret, events=[])
        )
        wanted = {
            "webhook_answer_lost": fail_first,
            "webhook_duplicate": int(duplicate),
            "webhook_stale": int(stale),
            fault: int(bool(fault)),
        }
        for name, times in wanted.items():
            if times:
                self._arm(name, to, times)
        message_id = self._publish(event_type, data or {}, to)
        sent = self._send_until_settled(message_id)
        self._sent.append(sent)
        return sent

    def post(
        self,
        payload: object,
        *,
        to: str,
        scheme: WebhookScheme,
        secret: str = "",
        headers: Mapping[str, str] | None = None,
        stale: bool = False,
    ) -> requests.Response:
        """Post `payload` once, signed as Stripe, GitHub or Slack would: the answer.

        :param payload: what becomes the body, as JSON; bytes as they are.
        :param headers: more of them, such as X-GitHub-Event.
        :param stale: it was signed an hour ago.
        """
        body = payload if isinstance(payload, bytes) else msgspec.json.encode(payload)
        signed = signed_headers(
            secret=secret or self.secret,
            message_id=f"msg_{token_hex(8)}",
            timestamp=int(self._clock()) - (HOUR if stale else 0),
            body=body,
            scheme=scheme,
        )
        head = {"Content-Type": "application/json", **signed, **(headers or {})}
        with calling_as("webhook"):
            return self._services.http.post(to, data=body, headers=head)

    @property
    def attempts(self) -> Sequence[Tried]:
        """Every attempt at every message, in the order they were sent in."""
        return [attempt for sent in self._sent for attempt in sent.attempts]

    def _arm(self, name: str, url: str, times: int) -> None:
        if name not in PARCELS:
            known = ", ".join(PARCELS)
            raise ValueError(f"{name!r} is no fault of a sender; there are: {known}")
        with writing(self._services.database) as connection:
            armed = Armed(name=name, target=url, times=times)
            arm(connection, armed, now=self._clock())

    def _publish(self, event_type: str, data: Mapping[str, object], url: str) -> str:
        with writing(self._services.database) as connection:
            return publish(
                connection,
                event_type=event_type,
                data=data,
                now=self._clock(),
                to=[url],
            )

    def _send_until_settled(self, message_id: str) -> Sent:
        worker = provider_worker(self._services)
        while True:
            idle = worker.run_once() == 0
            with reading(self._services.database) as connection:
                (one,) = delivery_store.of_message(connection, message_id)
                made = delivery_store.attempts_at(connection, one)
            if one.status != "pending":
                return Sent(message_id=message_id, status=one.status, attempts=made)
            wait = max(0.0, one.due_at - self._clock())
            # A busy endpoint is left alone for a while, whatever is due.
            self._clock.advance(LONGEST_REST if idle and not wait else wait)
