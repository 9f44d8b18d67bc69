"""Does whoever runs this URL want our messages? Asked before the first one is sent.

Anybody can write anybody's URL into a form: without the question, a sender is a tool
for annoying third parties. Two ways are known: an OPTIONS request that must be
answered with a permission (CloudEvents HTTP webhook §4), or a random challenge that
must be echoed (WebSub §5.3).
"""

import hmac
import secrets
from typing import Literal
from urllib.parse import urlsplit

import requests

from oauthapp.parameters import add_to_query
from oauthapp.recorder.call import calling_as
from oauthapp.recorder.outbound import AddressNotGlobal

Way = Literal["options", "challenge"]

#: Seconds that the other side has to answer.
TIMEOUT = 15.0


class ControlNotProven(Exception):
    """Nobody there said that our messages are wanted; the text says what came."""


def prove_control(
    http: requests.Session, url: str, *, way: Way, origin: str, event_types: str
) -> None:
    """Ask the endpoint whether it wants messages from us.

    :param origin: the host name that we send from.
    :raises ControlNotProven: when the answer is no, or none.
    """
    try:
        with calling_as("webhook"):
            if way == "options":
                _by_options(http, url, origin)
            else:
                _by_challenge(http, url, event_types)
    except AddressNotGlobal as error:
        raise ControlNotProven(
            f"{error}; addresses that are not global get nothing (your own machine "
            "does with provider.deliver_to_loopback = true)"
        ) from None
    except requests.RequestException as error:
        raise ControlNotProven(f"no answer: {type(error).__name__}") from None


def host_of(issuer: str) -> str:
    """The name we go by in WebHook-Request-Origin."""
    return urlsplit(issuer).hostname or ""


def _by_options(http: requests.Session, url: str, origin: str) -> None:
    asked = {"WebHook-Request-Origin": origin}
    answer = http.options(url, headers=asked, timeout=TIMEOUT)
    allowed = answer.headers.get("WebHook-Allowed-Origin", "")
    if not 200 <= answer.status_code <= 299 or allowed not in (origin, "*"):
        raise ControlNotProven(
            f"OPTIONS with WebHook-Request-Origin: {origin} was answered "
            f"{answer.status_code} and WebHook-Allowed-Origin {allowed[:80]!r}; "
            f"expected 2xx and {origin!r} or '*'"
        )


def _by_challenge(http: requests.Session, url: str, event_types: str) -> None:
    challenge = secrets.token_urlsafe(24)
    query = [
        ("hub.mode", "subscribe"),
        ("hub.topic", event_types),
        ("hub.challenge", challenge),
    ]
    answer = http.get(add_to_query(url, query), timeout=TIMEOUT)
    echoed = answer.content[:200].strip()
    if not 200 <= answer.status_code <= 299 or not hmac.compare_digest(
        echoed, challenge.encode()
    ):
        raise ControlNotProven(
            f"GET with hub.challenge was answered {answer.status_code} and "
            f"{len(answer.content)} bytes; expected 2xx and the challenge alone"
        )
