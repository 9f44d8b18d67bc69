"""The provider of a check: what it is told to do wrong, and what it heard."""

from collections import Counter
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import parse_qs
from urllib.parse import urlsplit

from oauthapp.callers.provider.keys import rotate
from oauthapp.control import store
from oauthapp.control.store import Armed
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.provider_pages import Person
from oauthapp.recorder.call import Call
from oauthapp.services import ProviderServices


@dataclass(frozen=True, kw_only=True)
class Ground:
    """A provider that runs here."""

    services: ProviderServices
    #: The user who signs in.
    person: Person
    #: Every call that it answered so far.
    heard: Callable[[], Sequence[Call]]

    @property
    def issuer(self) -> str:
        return self.person.issuer

    @contextmanager
    def misbehaving(self, fault: str) -> Iterator[None]:
        """Let this fault happen once, in the block or never."""
        with writing(self.services.database) as connection:
            store.arm(connection, Armed(name=fault), now=self.services.clock())
        try:
            yield
        finally:
            with writing(self.services.database) as connection:
                store.disarm(connection, fault)

    def is_waiting(self, fault: str) -> bool:
        """Whether it is armed and has not happened yet."""
        with reading(self.services.database) as connection:
            return any(one.name == fault for one in store.listed(connection))

    def rotate_keys(self) -> None:
        """Sign with a new key from now on."""
        rotate(self.services)

    def called_since(self, number: int) -> Sequence[str]:
        """The paths that were called after the first `number` calls."""
        return [urlsplit(call.url).path for call in self.heard()[number:]]

    def tokens_since(self, number: int) -> str:
        """What became of the codes that were to be redeemed, in words."""
        answered = [str(call.status) for call in self._redeeming(number)]
        if not answered:
            return "the token endpoint was not called"
        return f"the token endpoint answered {', '.join(answered)}"

    def redeemed_twice_since(self, number: int) -> bool:
        """Whether one code came twice; each is masked, and equal ones alike."""
        codes = Counter(
            code
            for call in self._redeeming(number)
            for code in parse_qs(call.request_body).get("code", [])
        )
        return any(times > 1 for times in codes.values())

    def _redeeming(self, number: int) -> Sequence[Call]:
        return [
            call
            for call in self.heard()[number:]
            if urlsplit(call.url).path == "/token"
        ]
