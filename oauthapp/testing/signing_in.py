"""Users at the provider: each browser of a test has a part there, with its session."""

from typing import Any

from oauthapp.provider_pages import Person
from oauthapp.settings import ProviderSettings
from oauthapp.testing.browsers import is_page
from oauthapp.testing.browsers import opener_for
from oauthapp.testing.pages import sign_in_by_page
from oauthapp.testing.walking import walk
from oauthapp.visitor import Visitor


class SignIns:
    """Signs users in, and remembers what of their browsers is at the provider."""

    def __init__(self, settings: ProviderSettings) -> None:
        self._settings = settings
        self._visitors: list[tuple[Any, str, Visitor]] = []

    def sign_in(self, browser: Any, url: str, person: Person) -> Any:
        """From `url` through the provider's pages and back: the answer there.

        :raises SignInStopped: when a page on the way is not the expected one.
        """
        if is_page(browser):
            return sign_in_by_page(browser, url, person)
        visitor = self._visitor(browser, person.username)
        return walk(opener_for(browser), visitor, url, person)

    def person(self, sub: str, decision: str) -> Person:
        """The user of that name, who will decide so when asked for consent."""
        user = next(one for one in self._settings.users if one.sub == sub)
        return Person(
            issuer=self._settings.issuer,
            username=user.sub,
            password=user.password,
            decision=decision,
        )

    def close(self) -> None:
        """Close the connections of the browsers that were played."""
        for _browser, _user, visitor in self._visitors:
            visitor.close()

    def _visitor(self, browser: Any, user: str) -> Visitor:
        """The part of `browser` that is at the provider, with its session there."""
        for known, whose, visitor in self._visitors:
            if known is browser and whose == user:
                return visitor
        visitor = Visitor()
        self._visitors.append((browser, user, visitor))
        return visitor
