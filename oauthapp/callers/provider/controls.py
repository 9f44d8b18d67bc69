"""What a test may do to a provider beside its protocol, in its process or by HTTP."""

import secrets
from collections.abc import Mapping
from collections.abc import Sequence
from threading import Lock
from typing import Any
from typing import cast

import msgspec
from flask import current_app

from oauthapp.callers.provider import issuing
from oauthapp.callers.provider.clients import find_client
from oauthapp.callers.provider.keys import rotate
from oauthapp.callers.provider.sessions import end_every_session
from oauthapp.callers.provider.users import find_user
from oauthapp.callers.sender.endpoints import take_over
from oauthapp.clock import MovableClock
from oauthapp.control.refusals import ClientNotThere
from oauthapp.control.refusals import ClockFixed
from oauthapp.control.refusals import OrderMalformed
from oauthapp.control.refusals import UserNotThere
from oauthapp.database import empty
from oauthapp.database import writing
from oauthapp.recorder.call import Call
from oauthapp.recorder.heard import Heard
from oauthapp.schema.provider import provider_tables
from oauthapp.schema.provider import signing_keys
from oauthapp.services import ProviderServices
from oauthapp.settings import Client
from oauthapp.settings import User

#: Requests that are remembered, for whoever asks what the provider saw.
REMEMBERED = 2000


class Controls:
    """Its users, clients, keys, sessions, clock, and what it saw."""

    def __init__(self, services: ProviderServices) -> None:
        self._services = services
        self._heard = Heard(REMEMBERED)
        self._heard.flush = services.recorder.flush
        services.recorder.listen(self._heard)
        self._lock = Lock()
        settings = services.settings
        self._at_first = tuple(settings.users), tuple(settings.clients)

    @property
    def users(self) -> Sequence[User]:
        """Who can sign in."""
        return self._services.settings.users

    @property
    def clients(self) -> Sequence[Client]:
        """Who may ask, but for those that registered themselves."""
        return self._services.settings.clients

    def add_user(self, user: User) -> None:
        """Let somebody sign in; instead of the user of that name, if there is one.

        :raises ValueError: when a client has the same name.
        """
        with self._lock:
            others = [one for one in self.users if one.sub != user.sub]
            self._keep([*others, user], self.clients)

    def remove_users(self, sub: str | None = None) -> None:
        """Let this user not sign in any more, and end their sessions; or all users.

        :raises UserNotThere: when there is none of that name.
        """
        if sub is not None:
            self._user(sub)
        with self._lock:
            others = [one for one in self.users if sub not in (None, one.sub)]
            self._keep(others, self.clients)
        end_every_session(self._services, sub=sub)

    def add_client(self, settings: Mapping[str, Any]) -> Client:
        """Register a client; what is not told of its name and secret is made.

        Instead of the client of that name, if there is one.

        :param settings: as a client has them in the file.
        :raises ValueError: when they cannot go together, naming the key.
        """
        public = settings.get("token_endpoint_auth_method") == "none"
        made = {
            "client_id": f"client-{secrets.token_hex(4)}",
            "client_secret": "" if public else secrets.token_urlsafe(24),
            "client_name": "the application under test",
        }
        client = msgspec.convert({**made, **settings}, Client)
        with self._lock:
            others = [one for one in self.clients if one.client_id != client.client_id]
            self._keep(self.users, [*others, client])
        return client

    def remove_clients(self, client_id: str | None = None) -> None:
        """Let this client not ask any more; or none.

        :raises ClientNotThere: when there is none of that name.
        """
        if client_id is not None:
            self._client(client_id)
        with self._lock:
            others = [
                one for one in self.clients if client_id not in (None, one.client_id)
            ]
            self._keep(self.users, others)

    def now(self) -> float:
        """What time it is for the provider, in unix seconds."""
        return self._services.clock()

    def advance(self, seconds: float) -> None:
        """Let so many seconds pass at once; what is due then is done.

        :raises ClockFixed: when it is the machine's own clock.
        """
        clock = self._services.clock
        if not isinstance(clock, MovableClock):
            raise ClockFixed
        clock.advance(seconds)
        self._services.wake.set()

    def requests(self) -> tuple[Call, ...]:
        """What the provider was asked, in order, without secrets."""
        return self._heard.inbound("provider")

    def forget_requests(self) -> None:
        """Begin anew to remember what the provider is asked."""
        self._heard.forget()

    def rotate_keys(self) -> str:
        """Sign with a new key from now on: its `kid`. The old one stays published."""
        return rotate(self._services).thumbprint()

    def end_sessions(self, sub: str | None = None) -> int:
        """Sign this user out, or everybody, and tell clients: how many have ended.

        :raises UserNotThere: when there is none of that name.
        """
        if sub is not None:
            self._user(sub)
        return end_every_session(self._services, sub=sub)

    def issue_tokens(self, client_id: str, sub: str, scope: str) -> Mapping[str, Any]:
        """A token answer as if this user had just signed in at that client.

        :raises OrderRefused: when one is not there, or may not ask for that.
        """
        client, user = self._client(client_id), self._user(sub)
        beyond = set(scope.split()) - set(client.scope.split())
        if beyond:
            raise OrderMalformed(
                arrived=f"scope: {' '.join(sorted(beyond))}"[:200],
                expected=f"some of {client.scope}, which the client may ask for",
            )
        return issuing.issue_tokens(self._services, client, sub=user.sub, scope=scope)

    def reset(self) -> None:
        """As it was at first, but for its keys: they stay, for whoever knows them."""
        services = self._services
        with self._lock:
            self._keep(*self._at_first)
        with writing(services.database) as connection:
            empty(connection, provider_tables, but=[signing_keys])
        take_over(services)
        if isinstance(services.clock, MovableClock):
            services.clock.reset()
        self.forget_requests()

    def _keep(self, users: Sequence[User], clients: Sequence[Client]) -> None:
        settings = self._services.settings
        # Made anew, it checks that they can go together.
        msgspec.structs.replace(settings, users=list(users), clients=list(clients))
        settings.users[:], settings.clients[:] = users, clients

    def _user(self, sub: str) -> User:
        user = find_user(self._services.settings, sub)
        if user is None:
            names = ", ".join(one.sub for one in self.users)
            raise UserNotThere(arrived=sub[:200], expected=f"one of {names}"[:500])
        return user

    def _client(self, client_id: str) -> Client:
        client = find_client(self._services, client_id)
        if client is None:
            names = ", ".join(one.client_id for one in self.clients)
            expected = f"one of {names}"[:500]
            raise ClientNotThere(arrived=client_id[:200], expected=expected)
        return client


def current_controls() -> Controls:
    """Those of the provider that handles the current request."""
    return cast(Controls, current_app.extensions["oauthapp.controls"])
