"""What a room may use besides its arguments: settings, database, clock, HTTP."""

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from functools import cached_property
from threading import Event
from typing import TYPE_CHECKING
from typing import Any
from typing import cast

from flask import current_app
from sqlalchemy import Engine

from oauthapp.capacity import Amount
from oauthapp.capacity import Capacity
from oauthapp.clock import Clock
from oauthapp.limiting import Guesses
from oauthapp.limiting import Limit
from oauthapp.recorder.store import Recorder
from oauthapp.settings import AppSettings
from oauthapp.settings import ProviderSettings

if TYPE_CHECKING:
    from requests import Session

    from oauthapp.weaknesses import Weaknesses


@dataclass(frozen=True, kw_only=True)
class _Services:
    database: Engine
    clock: Clock
    recorder: Recorder
    #: Set when there is work, so that a worker in this process need not wait its turn.
    wake: Event = field(default_factory=Event)


@dataclass(frozen=True, kw_only=True)
class AppServices(_Services):
    """What the app's rooms work with."""

    settings: AppSettings
    #: Every outbound call goes through this session, which records it.
    http: "Session"
    #: Logins that an address begins, and room for them and for messages.
    logins: Limit = field(init=False)
    login_room: Capacity = field(init=False)
    inbox_room: Capacity = field(init=False)

    def __post_init__(self) -> None:
        limits, clock = self.settings.limits, self.clock
        logins = Amount(limits.pending_logins)
        messages = Amount(limits.inbox_messages, limits.inbox_bytes)
        _set(self, "logins", Limit(limits.logins, clock))
        _set(self, "login_room", Capacity(logins, clock))
        _set(self, "inbox_room", Capacity(messages, clock))

    @cached_property
    def weaknesses(self) -> "Weaknesses":
        """Which safeguards are off at the moment."""
        from oauthapp.weaknesses import Weaknesses  # and every safeguard

        return Weaknesses(self.settings.without)

    def close(self) -> None:
        """Close every connection to others and to the database."""
        self.http.close()
        self.database.dispose()


@dataclass(frozen=True, kw_only=True)
class ProviderServices(_Services):
    """What the provider's rooms work with."""

    settings: ProviderSettings
    #: Who guesses passwords of users, and secrets of clients.
    passwords: Guesses = field(init=False)
    client_secrets: Guesses = field(init=False)
    #: Clients that an address registers.
    registrations: Limit = field(init=False)
    #: Room for requests that wait for their user, or were pushed.
    request_room: Capacity = field(init=False)
    pushed_room: Capacity = field(init=False)
    #: Begins `http`, which not every provider needs.
    open_http: Callable[[], "Session"]
    #: Gives the key to sign with first, where there is one already; each is asked once.
    keys_at_hand: list[Callable[[], Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        limits, clock = self.settings.limits, self.clock
        passwords = Guesses(
            of_account=Limit(limits.wrong_passwords, clock),
            of_address=Limit(limits.wrong_passwords_of_address, clock),
        )
        secrets = Guesses(
            of_account=Limit(limits.wrong_secrets, clock),
            of_address=Limit(limits.wrong_secrets_of_address, clock),
        )
        _set(self, "passwords", passwords)
        _set(self, "client_secrets", secrets)
        _set(self, "registrations", Limit(limits.registrations, clock))
        _set(self, "request_room", Capacity(Amount(limits.waiting_requests), clock))
        _set(self, "pushed_room", Capacity(Amount(limits.pushed_requests), clock))

    @cached_property
    def http(self) -> "Session":
        """Every outbound call goes through this session, which records it."""
        return self.open_http()

    def close(self) -> None:
        """Close every connection to others and to the database."""
        if "http" in vars(self):
            self.http.close()
        self.database.dispose()


#: What a frozen dataclass makes of its own fields, before anybody has it.
_set = object.__setattr__


def app_services() -> AppServices:
    """The services of the app that handles the current request."""
    return cast(AppServices, current_app.extensions["oauthapp"])


def provider_services() -> ProviderServices:
    """The services of the provider that handles the current request."""
    return cast(ProviderServices, current_app.extensions["oauthapp"])


def any_services() -> AppServices | ProviderServices:
    """The services of whichever party handles the current request."""
    return cast(AppServices | ProviderServices, current_app.extensions["oauthapp"])
