"""One person with one fresh browser, on their way to the provider and back."""

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import replace
from urllib.parse import parse_qsl
from urllib.parse import urlencode
from urllib.parse import urlsplit

import requests

from oauthapp.checking.client.sight import Look
from oauthapp.checking.client.verdict import Failure
from oauthapp.provider_pages import Person
from oauthapp.provider_pages import through_the_provider
from oauthapp.visitor import LostVisitor
from oauthapp.visitor import Visitor


@dataclass(frozen=True, kw_only=True)
class Case:
    """The relying party that is checked."""

    #: Where a login begins.
    url: str
    #: Where it can be seen whether somebody is signed in; "": where a login ends.
    signed_in_url: str = ""
    #: What a page has on it only for the user.
    signed_in_text: str = "alice"
    #: Seconds to wait for an answer.
    patience: float = 10.0


@dataclass(frozen=True, kw_only=True)
class Carried:
    """The provider's answer, in the browser's hands."""

    url: str
    #: What is posted there; None: the answer is in the URL.
    fields: dict[str, str] | None

    @property
    def parameters(self) -> dict[str, str]:
        if self.fields is not None:
            return self.fields
        return dict(parse_qsl(urlsplit(self.url).query, keep_blank_values=True))

    def changed(self, change: Callable[[dict[str, str]], dict[str, str]]) -> "Carried":
        """With other parameters."""
        changed = change(self.parameters)
        if self.fields is not None:
            return replace(self, fields=changed)
        parts = urlsplit(self.url)
        return replace(self, url=parts._replace(query=urlencode(changed)).geturl())


class Walk:
    """What the person does, step by step."""

    def __init__(self, case: Case, person: Person) -> None:
        self._case = case
        self._person = person
        self._visitor = Visitor(patience=case.patience)
        self._question = ""
        #: How the callback failed to answer, if it did.
        self.failure: Failure = ""
        #: Where the last step led to.
        self.landed = Look(status=0, place="", names_user=False)

    def ask(self) -> str:
        """Begin a login: the question that the provider is asked; "" for none."""
        self._go(self._case.url, None)
        return self._question

    def answered(self, question: str) -> Carried:
        """Go through the provider's pages, up to its answer.

        :raises SignInStopped: when it gives none.
        """
        url, fields = through_the_provider(self._visitor, question, self._person)
        return Carried(url=url, fields=fields)

    def deliver(self, carried: Carried) -> None:
        """Bring the answer to the callback, and see where that leads."""
        self._go(carried.url, carried.fields)

    def look_at(self, url: str) -> Look:
        """What is to be seen there now."""
        if url and not self.failure:
            self._go(url, None)
        return self.landed

    def another(self) -> "Walk":
        """Somebody else's browser."""
        return Walk(self._case, self._person)

    def close(self) -> None:
        """Close the browser."""
        self._visitor.close()

    def _go(self, url: str, fields: dict[str, str] | None) -> None:
        """As far as the relying party leads, and never back to the provider."""
        self._question = ""
        self._visitor.on_the_way = self._unless_to_the_provider
        try:
            page = (
                self._visitor.open(url)
                if fields is None
                else self._visitor.post(url, fields)
            )
        except requests.Timeout:
            self.failure = "hung"
        except (requests.RequestException, LostVisitor):
            self.failure = "hung up"
        else:
            self.landed = self._seen(page)
        finally:
            self._visitor.on_the_way = lambda address: address

    def _unless_to_the_provider(self, address: str) -> str | None:
        if not address.startswith(f"{self._person.issuer}/"):
            return address
        self._question = address
        return None

    def _seen(self, page: requests.Response) -> Look:
        parts, here = urlsplit(page.url), urlsplit(self._case.url)
        origin = f"{parts.scheme}://{parts.netloc}"
        elsewhere = "" if parts[:2] == here[:2] else origin
        text = self._case.signed_in_text.casefold()
        return Look(
            status=page.status_code,
            place=f"{elsewhere}{parts.path}",
            names_user=text in page.text.casefold(),
            led_to_provider=bool(self._question),
        )
