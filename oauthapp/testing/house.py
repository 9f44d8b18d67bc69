"""What the fixtures share: a provider's application, its clock and what is heard."""

import secrets
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import ExitStack
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from typing import Any
from typing import cast

from flask import Flask

from oauthapp.callers.provider import keys
from oauthapp.clock import MovableClock
from oauthapp.provider_app import create_provider
from oauthapp.recorder.call import Call
from oauthapp.recorder.heard import Heard
from oauthapp.recorder.store import Recorder
from oauthapp.services import ProviderServices
from oauthapp.settings import UNLIMITED_RATES
from oauthapp.settings import ProviderSettings
from oauthapp.testing import empty_database
from oauthapp.testing.config import OauthappConfig
from oauthapp.testing.first_key import first_key
from oauthapp.testing.first_key import settle
from oauthapp.testing.listening import bound
from oauthapp.testing.listening import listening
from oauthapp.testing.provider import OAuthProvider

if TYPE_CHECKING:
    from oauthapp.testing.capture import Capture


class House:
    """Everything of one test. What it does not ask for is not made."""

    def __init__(
        self, config: OauthappConfig, clock: MovableClock, stack: ExitStack
    ) -> None:
        self._config = config
        self.clock = clock
        self._stack = stack
        self._heard = Heard()
        self._recorder = Recorder(None, secrets.token_hex(16), clock, self._heard)
        self._heard.flush = self._recorder.flush
        self._app: Flask | None = None

    def capture(self) -> "Capture":
        """What is heard in this test."""
        from oauthapp.testing.capture import Capture  # and how it is told

        return Capture(self._heard, self._recorder)

    def provider(self) -> OAuthProvider:
        """The provider, answering on a port of its own."""
        app = self._provider_app()
        provider = OAuthProvider(app)
        self._stack.callback(provider.close)
        if self._config.signing_alg == "RS256":  # who asks for anything will need it
            self._stack.callback(settle)
            self._recorder.listen(_begin_first_key)
        self._stack.enter_context(listening(self._server, app))
        return provider

    def serve(self, wsgi: Any) -> str:
        """Let a WSGI application answer on a port of its own: its origin."""
        server = bound("localhost")
        self._stack.enter_context(listening(server, wsgi))
        return f"http://localhost:{server.server_port}"

    def services(self) -> ProviderServices:
        """What the provider works with, whether it answers or not."""
        return _services(self._provider_app())

    def _provider_app(self) -> Flask:
        if self._app is not None:
            return self._app
        self._server = bound(self._config.host, self._config.port)
        self._stack.callback(self._server.server_close)
        folder = self._stack.enter_context(TemporaryDirectory(prefix="oauthapp-"))
        database = Path(folder) / "provider.sqlite"
        empty_database.furnish(database)
        settings = _settings(self._config, self._server.server_port, database)
        app = create_provider(
            settings,
            self._recorder,
            clock=self.clock,
            durable=False,
            orders_by_http=False,
        )
        services = _services(app)
        self._stack.callback(services.close)
        empty_database.keep(services.database)
        if self._config.signing_alg == "RS256":
            keys.adopt(services, lambda: first_key().key())
        self._app = app
        return app


@contextmanager
def open_house(config: OauthappConfig, clock: MovableClock) -> Iterator[House]:
    """The house of one test; nothing of it is left when the block ends."""
    with ExitStack() as stack:
        yield House(config, clock, stack)


def _begin_first_key(_calls: Sequence[Call]) -> None:
    first_key()


def _services(app: Flask) -> ProviderServices:
    return cast(ProviderServices, app.extensions["oauthapp"])


def _settings(config: OauthappConfig, port: int, database: Path) -> ProviderSettings:
    return ProviderSettings(
        issuer=f"http://{config.host}:{port}",
        secret_key=secrets.token_urlsafe(32),
        database_url=f"sqlite:///{database}",
        users=list(config.users),
        signing_alg=config.signing_alg,
        code_ttl=config.code_ttl,
        access_token_ttl=config.access_token_ttl,
        session_ttl=config.session_ttl,
        deliver_to_loopback=True,
        control=True,
        limits=UNLIMITED_RATES,
    )
