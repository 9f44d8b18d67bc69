"""We call a provider as its client: with our credentials, and nowhere else.

Addresses of jobs and commits are told to us by somebody. Our credentials go along, so
one that does not lie where the settings say is not called at all.
"""

from typing import Any
from urllib.parse import quote_plus

import requests

from oauthapp.allowlist import is_below
from oauthapp.recorder.outbound import AddressNotGlobal
from oauthapp.recorder.unmade import keep_unmade
from oauthapp.retry_after import read_retry_after
from oauthapp.services import AppServices
from oauthapp.settings import LoginProvider

#: Seconds for a whole call.
TIMEOUT = 5.0
#: The longest pause between two tries, in seconds.
LONGEST_PAUSE = 300.0
#: Answers that say "later" and not "no", although they are 4xx.
LATER = frozenset({408, 425, 429})
#: The reason why an address that we are told is not called.
ELSEWHERE = "address_elsewhere"


class NotDone(Exception):
    """A call that did not do what it was for."""

    def __init__(
        self, *, reason: str, final: bool = False, retry_after: float | None = None
    ) -> None:
        """:param final: trying again will not help.
        :param retry_after: seconds that the answer asked us to wait.
        """
        super().__init__(reason)
        self.reason = reason
        self.final = final
        self.retry_after = retry_after


def call_as_client(
    services: AppServices,
    registration: LoginProvider,
    method: str,
    url: str,
    *,
    under: str,
    json: Any = None,
    headers: dict[str, str] | None = None,
) -> requests.Response:
    """The answer, a 2xx, of `url` at this provider.

    :param under: the path below the issuer that `url` must lie under, or be.
    :raises NotDone: when there was no such answer; nothing was sent to an address
        that is not the provider's.
    """
    place = f"{registration.issuer.rstrip('/')}{under}"
    if (url != place and not is_below(url, place)) and not services.weaknesses.forgive(
        "it_is_our_providers_address", ELSEWHERE
    ):
        keep_unmade(services.recorder, "app", method, url, reason=ELSEWHERE)
        raise NotDone(reason=ELSEWHERE, final=True)
    # Form-urlencoded before they are joined (RFC 6749 §2.3.1).
    us = quote_plus(registration.client_id), quote_plus(registration.client_secret)
    try:
        answer = services.http.request(
            method, url, json=json, headers=headers, auth=us, timeout=TIMEOUT
        )
    except requests.Timeout:
        raise NotDone(reason="timeout") from None
    except AddressNotGlobal:
        raise NotDone(reason="address_not_global") from None
    except requests.RequestException as error:
        raise NotDone(reason=type(error).__name__) from None
    if 200 <= answer.status_code <= 299:
        return answer
    raise NotDone(
        reason=f"http_{answer.status_code}",
        final=400 <= answer.status_code <= 499 and answer.status_code not in LATER,
        retry_after=wait_asked(services, answer),
    )


def wait_asked(services: AppServices, answer: requests.Response) -> float | None:
    """Seconds that an answer asks us to wait, None when it does not."""
    written = answer.headers.get("Retry-After", "")
    return read_retry_after(written, now=services.clock())


def pause(failures: int, asked: float | None = None) -> float:
    """Seconds to wait after so many failures in a row; longer each time."""
    return min(max(2.0**failures, asked or 0.0), LONGEST_PAUSE)
