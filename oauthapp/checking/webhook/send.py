"""How messages reach an endpoint: one by one, at once, or piece by piece."""

import http.client
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event
from time import monotonic
from urllib.parse import urlsplit

import requests

from oauthapp.checking.webhook.letters import Packed
from oauthapp.checking.webhook.verdict import Answer

#: Pieces of a slow body, and seconds between two.
PIECES = 10
PAUSE = 0.2


@dataclass(frozen=True, kw_only=True)
class Post:
    """To one endpoint."""

    url: str
    #: Seconds to wait for an answer.
    patience: float

    def send(self, packed: Packed) -> Answer:
        """One request, and its answer."""
        began = monotonic()
        with requests.Session() as session:
            session.trust_env = False
            try:
                answer = session.post(
                    self.url,
                    data=packed.body,
                    headers={
                        name: value.encode("latin-1")
                        for name, value in packed.headers.items()
                    },
                    allow_redirects=False,
                    timeout=self.patience,
                )
            except requests.Timeout:
                return Answer(status=0, failure="hung")
            except requests.RequestException:
                return Answer(status=0, failure="hung up")
        return Answer(
            status=answer.status_code,
            body=answer.text,
            seconds=monotonic() - began,
        )

    def send_at_once(self, packed: Packed, copies: int) -> Sequence[Answer]:
        """So many at the same time."""
        with ThreadPoolExecutor(copies) as pool:
            return list(pool.map(self.send, [packed] * copies))

    def send_slowly(self, packed: Packed, other: Packed) -> tuple[Answer, Answer]:
        """Piece by piece, and another one in the middle of it: both answers."""
        parts = urlsplit(self.url)
        secure = parts.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = kind(parts.netloc, timeout=self.patience)
        path = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
        meanwhile = Answer(status=0, failure="hung up")
        try:
            connection.putrequest("POST", path)
            for name, value in packed.headers.items():
                connection.putheader(name, value)
            connection.putheader("Content-Length", str(len(packed.body)))
            connection.endheaders(packed.body[:1])
            meanwhile = self.send(other)
            _drip(connection, packed.body[1:])
            answer = connection.getresponse()
            return Answer(status=answer.status, body=answer.read().decode()), meanwhile
        except TimeoutError:
            return Answer(status=0, failure="hung"), meanwhile
        except (OSError, http.client.HTTPException):
            return Answer(status=0, failure="hung up"), meanwhile
        finally:
            connection.close()


def _drip(connection: http.client.HTTPConnection, body: bytes) -> None:
    size = len(body) // PIECES + 1
    for start in range(0, len(body), size):
        Event().wait(PAUSE)
        connection.send(body[start : start + size])
