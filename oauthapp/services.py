"""What a room may use besides its arguments: settings, database, clock, HTTP."""

from dataclasses import dataclass
from dataclasses import field
from functools import cached_property
from threading import Event
from typing import cast

from flask import current_app
from requests import Session
from sqlalchemy import Engine

from oauthapp.clock import Clock
from oauthapp.recorder.store import Recorder
from oauthapp.settings import AppSettings
from oauthapp.settings import ProviderSettings
from oauthapp.weaknesses import Weaknesses


@dataclass(frozen=True, kw_only=True)
class _Services:
    database: Engine
    clock: Clock
    #: Every outbound call goes through this session, which records it.
    http: Session
    recorder: Recorder
    #: Set when there is work, so that a worker in this process need not wait its turn.
    wake: Event = field(default_factory=Event)


@dataclass(frozen=True, kw_only=True)
class AppServices(_Services):
    """What the app's rooms work with."""

    settings: AppSettings

    @cached_property
    def weaknesses(self) -> Weaknesses:
        """Which safeguards are off at the moment."""
        return Weaknesses(self.settings.without)


@dataclass(frozen=True, kw_only=True)
class ProviderServices(_Services):
    """What the provider's rooms work with."""

    settings: ProviderSettings


def app_services() -> AppServices:
    """The services of the app that handles the current request."""
    return cast(AppServices, current_app.extensions["oauthapp"])


def provider_services() -> ProviderServices:
    """The services of the provider that handles the current request."""
    return cast(ProviderServices, current_app.extensions["oauthapp"])


def any_services() -> AppServices | ProviderServices:
    """The services of whichever party handles the current request."""
    return cast(AppServices | ProviderServices, current_app.extensions["oauthapp"])
