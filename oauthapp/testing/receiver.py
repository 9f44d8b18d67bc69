"""A webhook endpoint of a test's own: it records, and answers as it is told."""

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Condition
from typing import Any

import msgspec
from werkzeug.wrappers import Request
from werkzeug.wrappers import Response

from oauthapp.callbacks.webhook.schemes import SCHEMES
from oauthapp.callbacks.webhook.verify import Verdict
from oauthapp.callbacks.webhook.verify import verify
from oauthapp.callers.sender.endpoints import new_secret
from oauthapp.clock import Clock
from oauthapp.settings.app import WebhookScheme
from oauthapp.testing.house import House

#: Seconds to wait for a message that should come.
PATIENCE = 5.0


@dataclass(frozen=True, kw_only=True)
class Received:
    """One request to the endpoint, and what is to be made of its signature."""

    method: str
    headers: Mapping[str, str]
    body: bytes
    verdict: Verdict
    #: What it was answered.
    status: int

    @property
    def json(self) -> Any:
        """The body, read as JSON.

        :raises ValueError: when it is none.
        """
        return msgspec.json.decode(self.body)


class WebhookReceiver:
    """Verifies, records and answers; `url` and `secret` are for your sender."""

    def __init__(self, secret: str, clock: Clock) -> None:
        #: Where it answers, once it does.
        self.url = ""
        #: What it verifies with; another one may be set.
        self.secret = secret
        #: How your sender signs: "standard", "stripe", "github" or "slack".
        self.scheme: WebhookScheme = "standard"
        self._clock = clock
        self._answers: list[int] = []
        self._received: list[Received] = []
        self._changed = Condition()

    def answers(self, *statuses: int) -> None:
        """Answer the next requests so, one after the other, and 204 from then on."""
        with self._changed:
            self._answers = list(statuses)

    @property
    def received(self) -> Sequence[Received]:
        """Every request so far, whatever its signature."""
        with self._changed:
            return tuple(self._received)

    @property
    def messages(self) -> Mapping[str, Received]:
        """Those that were accepted, by message id: a repetition counts once."""
        accepted = [one for one in self.received if one.verdict.accepted]
        return {one.verdict.message_id: one for one in reversed(accepted)}

    def wait_for(self, count: int, *, seconds: float = PATIENCE) -> Sequence[Received]:
        """The first `count` requests.

        :raises AssertionError: when fewer have come in time; it tells what came.
        """
        with self._changed:
            self._changed.wait_for(lambda: len(self._received) >= count, seconds)
            came = tuple(self._received)
        told = "\n".join(f"  {one.method} {_verdict(one)}" for one in came)
        assert len(came) >= count, f"{len(came)} of {count} came:\n{told or '  none'}"
        return came[:count]

    def __call__(self, environ: Any, start_response: Any) -> Any:
        """The endpoint itself (WSGI)."""
        request = Request(environ)
        headers, body = dict(request.headers), request.get_data()
        verdict = verify(
            scheme=SCHEMES[self.scheme],
            secrets=[self.secret],
            headers=headers,
            body=body,
            now=self._clock(),
        )
        with self._changed:
            status = self._answers.pop(0) if self._answers else 204
            self._received.append(
                Received(
                    method=request.method,
                    headers=headers,
                    body=body,
                    verdict=verdict,
                    status=status,
                )
            )
            self._changed.notify_all()
        return Response(status=status)(environ, start_response)


def receiver_in(house: House) -> WebhookReceiver:
    """An endpoint on a port of its own."""
    receiver = WebhookReceiver(new_secret(), house.clock)
    receiver.url = f"{house.serve(receiver)}/webhooks"
    return receiver


def _verdict(one: Received) -> str:
    judged = "accepted" if one.verdict.accepted else f"refused {one.verdict.reason}"
    return f"{judged}, answered {one.status}"
