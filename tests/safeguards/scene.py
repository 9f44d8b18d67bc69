"""Where an attack takes place, and what attackers do again and again."""

import json
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from joserfc.jwk import RSAKey
from sqlalchemy import select
from werkzeug.test import TestResponse

from oauthapp.database import reading
from oauthapp.schema.app import inbox
from tests.attacks.evil_browser import EvilBrowser
from tests.attacks.evil_provider import EvilProvider
from tests.attacks.evil_provider import signed
from tests.attacks.house import Clock
from tests.attacks.house import House


@dataclass(frozen=True, kw_only=True)
class Scene:
    """The app, two providers and a clock; and a key that no provider publishes here."""

    house: House
    evil: EvilProvider
    other: EvilProvider
    clock: Clock
    key: RSAKey
    stolen_key: RSAKey

    def log_in(self, **about: str) -> EvilBrowser:
        """A browser that has signed in, as `sub` if that is given."""
        self.evil.claims, self.evil.about = about, about
        browser = self.house.browser()
        answer = browser.bring(self.evil.authorize(browser.begin()))
        assert answer.status_code == 303, answer.text
        self.evil.claims, self.evil.about = {}, {}
        return browser

    def post(self, path: str, **options: Any) -> TestResponse:
        """A server's call to the app."""
        base_url = self.house.settings.base_url
        return self.house.app.test_client().post(path, base_url=base_url, **options)

    def kept(self) -> int:
        """How many messages the app has kept."""
        with reading(self.house.services.database) as connection:
            return len(connection.execute(select(inbox)).all())

    def token(self, header: Mapping[str, Any], claims: Mapping[str, Any]) -> str:
        """What the provider signs."""
        return signed(header, json.dumps(claims).encode(), self.key)

    def forged(self, header: Mapping[str, Any], claims: Mapping[str, Any]) -> str:
        """The same, signed with a key that is not the provider's."""
        return signed(header, json.dumps(claims).encode(), self.stolen_key)


#: Tries one attack: whether it succeeded.
Attack = Callable[[Scene], bool]
