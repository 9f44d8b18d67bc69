"""Both parties' processes: what is built once, and how it runs until told to stop."""

import signal
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from threading import Thread
from typing import cast
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from oauthapp.app import create_app
from oauthapp.app import create_provider
from oauthapp.callers.provider import keys
from oauthapp.clock import system_clock
from oauthapp.database import open_database
from oauthapp.errors import SettingsError
from oauthapp.job_workers import build_worker
from oauthapp.job_workers import export_worker
from oauthapp.job_workers import job_worker
from oauthapp.recorder.call import Call
from oauthapp.recorder.retention import Keep
from oauthapp.recorder.retention import Retention
from oauthapp.recorder.store import Recorder
from oauthapp.schema.recorder import recorder_tables
from oauthapp.services import AppServices
from oauthapp.services import ProviderServices
from oauthapp.settings import RecorderSettings
from oauthapp.settings import Settings
from oauthapp.vault import VaultClosed
from oauthapp.worker import app_worker
from oauthapp.worker import provider_worker
from oauthapp.worker import schedule_worker

Listener = Callable[[Call], None]


def build_app(settings: Settings, listener: Listener | None = None) -> Flask:
    """The app that `settings` describe.

    :raises SettingsError: when they describe none, or its database cannot be opened.
    """
    if settings.app is None:
        raise SettingsError("app: missing; add a table [app] to the file")
    recorder = _recorder(settings.recorder, settings.app.secret_key, listener)
    with _database_errors("app.database_url"):
        app = create_app(settings.app, recorder)
    app.extensions["oauthapp.retention"] = _retention(settings.recorder, recorder)
    return app


def build_provider(settings: Settings, listener: Listener | None = None) -> Flask:
    """The provider that `settings` describe.

    :raises SettingsError: when they describe none, or its database cannot be opened.
    """
    if settings.provider is None:
        raise SettingsError("provider: missing; add a table [provider] to the file")
    recorder = _recorder(settings.recorder, settings.provider.secret_key, listener)
    with _database_errors("provider.database_url"):
        try:
            provider = create_provider(settings.provider, recorder)
            services = cast(ProviderServices, provider.extensions["oauthapp"])
            keys.require_readable(services)
        except VaultClosed:
            raise SettingsError(
                "provider.secret_key: another one sealed the keys in this database; "
                "write that one, or use a new database"
            ) from None
    retention = _retention(settings.recorder, recorder)
    provider.extensions["oauthapp.retention"] = retention
    return provider


def rotate_keys(settings: Settings) -> str:
    """Let the provider sign with a new key from now on: its kid.

    :raises SettingsError: as `build_provider`.
    """
    provider = build_provider(settings)
    services = cast(ProviderServices, provider.extensions["oauthapp"])
    return keys.rotate(services).thumbprint()


@contextmanager
def recording(party: Flask) -> Iterator[None]:
    """Let requests not wait for the recorder; at the end of the block all is kept.

    Meanwhile what it has kept too long is removed.
    """
    services = cast(AppServices | ProviderServices, party.extensions["oauthapp"])
    retention = cast(Retention, party.extensions["oauthapp.retention"])
    with (
        services.recorder.in_background(),
        _working(retention.run, Event(), "recorder retention"),
    ):
        yield


@contextmanager
def app_working(app: Flask) -> Iterator[None]:
    """Do what the app has to do outside requests, until the block ends."""
    services = cast(AppServices, app.extensions["oauthapp"])
    with (
        _working(app_worker(services).run, services.wake, "app worker"),
        _working(export_worker(services).run, Event(), "app exports"),
        _working(build_worker(services).run, Event(), "app builds"),
    ):
        yield


@contextmanager
def provider_working(provider: Flask) -> Iterator[None]:
    """Send the provider's webhooks and do its jobs until the block ends."""
    services = cast(ProviderServices, provider.extensions["oauthapp"])
    schedules = schedule_worker(services).run
    with (
        _working(provider_worker(services).run, services.wake, "provider worker"),
        _working(schedules, Event(), "provider schedules"),
        _working(job_worker(services).run, Event(), "provider jobs"),
    ):
        yield


def address(url: str) -> tuple[str, int]:
    """Host and port that a server for `url` listens on."""
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)


@contextmanager
def told_to_stop() -> Iterator[Callable[[], None]]:
    """Gives a function that waits for Ctrl-C or SIGTERM, also for one that came before.

    The signals are blocked and waited for: a handler that is to wake the main thread
    would now and then run just before it falls asleep, and the signal be lost.
    """
    signals = (signal.SIGINT, signal.SIGTERM)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signals)

    def wait() -> None:
        signal.sigwait(signals)
        for one in signals:  # a second one, while we are stopping, ends us at once
            signal.signal(one, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

    try:
        yield wait
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _working(run: Callable[[Event], None], wake: Event, name: str) -> Iterator[None]:
    stop = Event()
    thread = Thread(target=run, args=(stop,), name=name)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        wake.set()
        thread.join()


def _recorder(
    settings: RecorderSettings, secret_key: str, listener: Listener | None
) -> Recorder:
    with _database_errors("recorder.database_url"):
        # Nobody was promised what the recorder hears, so nobody waits for its disk.
        database = open_database(settings.database_url, recorder_tables, durable=False)
    return Recorder(database, settings.key or secret_key, system_clock, listener)


def _retention(settings: RecorderSettings, recorder: Recorder) -> Retention:
    keep = Keep(calls=settings.keep_calls, days=settings.keep_days)
    return Retention(recorder.database, keep, recorder.clock)


@contextmanager
def _database_errors(key: str) -> Iterator[None]:
    try:
        yield
    except (SQLAlchemyError, OSError, ImportError) as error:
        problem = str(error).strip().splitlines()[0]
        raise SettingsError(f"{key}: cannot be opened: {problem}") from None
