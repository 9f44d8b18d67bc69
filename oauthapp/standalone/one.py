"""One provider with its worker and a database that nobody keeps."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import cast

from flask import Flask

from oauthapp.callers.provider.keys import signing_key
from oauthapp.clock import MovableClock
from oauthapp.provider_app import create_provider
from oauthapp.provider_workers import provider_working
from oauthapp.recorder.call import Listener
from oauthapp.recorder.store import Recorder
from oauthapp.services import ProviderServices
from oauthapp.settings import UNLIMITED_RATES
from oauthapp.settings import ProviderSettings
from oauthapp.standalone.wanted import Wanted


def settings_for(wanted: Wanted, *, issuer: str, database: Path) -> ProviderSettings:
    """The settings that stand for these flags.

    :raises ValueError: when they cannot go together.
    """
    return ProviderSettings(
        issuer=issuer,
        secret_key=secrets.token_urlsafe(32),
        database_url=f"sqlite:///{database}",
        users=list(wanted.users),
        clients=list(wanted.clients),
        endpoints=list(wanted.endpoints),
        signing_alg=wanted.signing_alg,
        deliver_to_loopback=True,
        control=wanted.control,
        limits=UNLIMITED_RATES,
    )


@contextmanager
def open_provider(
    settings: ProviderSettings, listener: Listener | None = None
) -> Iterator[Flask]:
    """A provider, and its worker until the block ends. Its clock can be moved."""
    clock = MovableClock()
    recorder = Recorder(None, secrets.token_hex(16), clock, listener)
    app = create_provider(settings, recorder, clock=clock, durable=False)
    services = cast(ProviderServices, app.extensions["oauthapp"])
    making = Thread(target=signing_key, args=(services,), name="first key")
    recorder.listen(lambda _calls: _begin(making))
    try:
        with recorder.in_background(), provider_working(app):
            yield app
    finally:
        if making.ident is not None:
            making.join()
        services.close()


def _begin(making: Thread) -> None:
    """Who asks for anything will ask for a token soon, and not wait for its key."""
    if making.ident is None:
        making.start()
