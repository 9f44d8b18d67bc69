"""Somebody signs in: from a login URL through the provider's pages and back.

The browser in a test is whatever the test has: an HTTP client, a framework's test
client or a real browser's page. Its requests to the application stay its own; the
provider's pages are walked through for it, but for a real browser, which does it all.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from oauthapp.provider_pages import Person as Person
from oauthapp.provider_pages import SignInStopped as SignInStopped
from oauthapp.provider_pages import through_the_provider
from oauthapp.visitor import MOST_REDIRECTS
from oauthapp.visitor import Visitor


@dataclass(frozen=True, kw_only=True)
class Hop:
    """One answer of the application, whatever client got it."""

    url: str
    status: int
    location: str
    text: str
    #: As the client gives it.
    response: Any


#: Sends a GET, or a POST where there are fields, and follows nothing.
Opener = Callable[[str, dict[str, str] | None], Hop]


def walk(open_url: Opener, visitor: Visitor, url: str, person: Person) -> Any:
    """Sign in; gives the application's answer to the provider's redirect.

    :raises SignInStopped: when a page on the way is not the one to be expected.
    """
    hop = open_url(url, None)
    for _ in range(MOST_REDIRECTS):
        if not hop.location:
            raise SignInStopped(
                f"{hop.url} answered {hop.status} and leads nowhere; expected was a "
                f"redirect to {person.issuer}"
            )
        target = urljoin(hop.url, hop.location)
        if target.startswith(f"{person.issuer}/"):
            return _back(open_url, *through_the_provider(visitor, target, person))
        hop = open_url(target, None)
    raise SignInStopped(f"more than {MOST_REDIRECTS} redirects, none to the provider")


def _back(open_url: Opener, url: str, fields: dict[str, str] | None) -> Any:
    return open_url(url, fields).response
