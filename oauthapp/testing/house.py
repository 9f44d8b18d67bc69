"""What the fixtures build: a provider that runs for the length of a test."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from oauthapp.app import create_provider
from oauthapp.callers.provider import keys
from oauthapp.recorder.store import Recorder
from oauthapp.services import ProviderServices
from oauthapp.settings import ProviderSettings
from oauthapp.testing.clock import MovableClock
from oauthapp.testing.config import OauthappConfig
from oauthapp.testing.heard import Heard
from oauthapp.testing.listening import bound
from oauthapp.testing.listening import listening
from oauthapp.testing.provider import OAuthProvider


@contextmanager
def running_provider(
    config: OauthappConfig, clock: MovableClock, heard: Heard
) -> Iterator[OAuthProvider]:
    """A provider on a free port; nothing of it is left when the block ends."""
    server = bound(config.host)
    with TemporaryDirectory(prefix="oauthapp-") as folder:
        settings = _settings(config, server.server_port, Path(folder))
        recorder = Recorder(None, settings.secret_key, clock, heard)
        heard.flush = recorder.flush
        app = create_provider(settings, recorder, clock=clock, durable=False)
        services = cast(ProviderServices, app.extensions["oauthapp"])
        keys.adopt(services, _key(config.signing_alg))
        provider = OAuthProvider(app, heard)
        try:
            with listening(server, app), recorder.in_background():
                yield provider
        finally:
            provider.close()
            services.http.close()
            services.database.dispose()


@cache
def _key(alg: str) -> keys.SigningKey:
    """One for all tests of a process: to make an RSA key takes longer than a login."""
    return keys.generate(alg)


def _settings(config: OauthappConfig, port: int, folder: Path) -> ProviderSettings:
    return ProviderSettings(
        issuer=f"http://{config.host}:{port}",
        secret_key=secrets.token_urlsafe(32),
        database_url=f"sqlite:///{folder}/provider.sqlite",
        users=list(config.users),
        signing_alg=config.signing_alg,
        code_ttl=config.code_ttl,
        access_token_ttl=config.access_token_ttl,
        session_ttl=config.session_ttl,
        deliver_to_loopback=True,
        control=True,
    )
