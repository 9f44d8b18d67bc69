"""Both parties as their settings describe them, each with its recorder."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
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
from oauthapp.metrics.app import app_figures
from oauthapp.metrics.counting import Counting
from oauthapp.metrics.figures import Figures
from oauthapp.metrics.provider import provider_figures
from oauthapp.process import working
from oauthapp.proxies import TrustedProxies
from oauthapp.recorder.call import Listener
from oauthapp.recorder.retention import Keep
from oauthapp.recorder.retention import Retention
from oauthapp.recorder.store import Recorder
from oauthapp.schema.recorder import recorder_tables
from oauthapp.services import AppServices
from oauthapp.services import ProviderServices
from oauthapp.settings import RecorderSettings
from oauthapp.settings import ServingSettings
from oauthapp.settings import Settings
from oauthapp.vault import VaultClosed

_MISSING = "{0}: missing; add a table [{0}] to the file, or name another with --config"


def build_app(settings: Settings, listener: Listener | None = None) -> Flask:
    """The app that `settings` describe.

    :raises SettingsError: when they describe none, or its database cannot be opened.
    """
    if settings.app is None:
        raise SettingsError(_MISSING.format("app"))
    recorder = _recorder(settings.recorder, settings.app.secret_key, listener)
    with database_errors("app.database_url"):
        app = create_app(settings.app, recorder)
    app.extensions["oauthapp.retention"] = _retention(settings.recorder, recorder)
    if settings.serving.metrics:
        services = cast(AppServices, app.extensions["oauthapp"])
        look = partial(app_figures, services)
        count(app, Counting("app", Figures("app", look)), settings.serving)
    return behind_proxies(app, settings.serving)


def build_provider(settings: Settings, listener: Listener | None = None) -> Flask:
    """The provider that `settings` describe.

    :raises SettingsError: when they describe none, or its database cannot be opened.
    """
    if settings.provider is None:
        raise SettingsError(_MISSING.format("provider"))
    recorder = _recorder(settings.recorder, settings.provider.secret_key, listener)
    with database_errors("provider.database_url"):
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
    if settings.serving.metrics:
        look = partial(provider_figures, services)
        counting = Counting("provider", Figures("provider", look))
        count(provider, counting, settings.serving)
    return behind_proxies(provider, settings.serving)


def count(party: Flask, counting: Counting, settings: ServingSettings) -> None:
    """Let `/metrics` say what the party counts from now on."""
    counting.listen(party)
    party.extensions["oauthapp.metrics"] = counting
    party.extensions["oauthapp.metrics_token"] = settings.metrics_token


def behind_proxies(party: Flask, settings: ServingSettings) -> Flask:
    """The party, which believes its proxies and nobody else."""
    if settings.trusted_proxies:
        party.wsgi_app = TrustedProxies(  # type: ignore[method-assign]
            party.wsgi_app, settings.trusted_proxies
        )
    return party


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
        working(("recorder retention", retention)),
    ):
        yield


def short_path(party: Flask) -> str:
    """What the paths begin with of requests that only wait for the disk, "" for none.

    Where somebody may order one to hang, they wait for more.
    """
    services = party.extensions["oauthapp"]
    waits = not isinstance(services, AppServices) or services.settings.control
    return "" if waits else "/webhooks/"


def close(party: Flask) -> None:
    """Let go what the party holds outside this process."""
    services = cast(AppServices | ProviderServices, party.extensions["oauthapp"])
    services.close()
    if not services.recorder.keeps_nothing():
        services.recorder.database.dispose()


def address(url: str) -> tuple[str, int]:
    """Host and port that a server for `url` listens on."""
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)


def _recorder(
    settings: RecorderSettings, secret_key: str, listener: Listener | None
) -> Recorder:
    with database_errors("recorder.database_url"):
        # Nobody was promised what the recorder hears, so nobody waits for its disk.
        database = open_database(
            settings.database_url,
            recorder_tables,
            durable=False,
            wait=settings.database_wait,
        )
    return Recorder(database, settings.key or secret_key, system_clock, listener)


def _retention(settings: RecorderSettings, recorder: Recorder) -> Retention:
    keep = Keep(calls=settings.keep_calls, days=settings.keep_days)
    return Retention(recorder.database, keep, recorder.clock)


@contextmanager
def database_errors(key: str) -> Iterator[None]:
    """
    :raises SettingsError: when the database of that key cannot be opened.
    """
    try:
        yield
    except (SQLAlchemyError, OSError, ImportError) as error:
        problem = str(error).strip().splitlines()[0]
        raise SettingsError(f"{key}: cannot be opened: {problem}") from None
