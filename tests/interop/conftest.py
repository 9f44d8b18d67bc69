"""Servers that were not written here, and ours beside them, on real sockets."""

import os
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from oauthapp.running import build_app
from oauthapp.running import build_provider
from oauthapp.serving import Server
from oauthapp.settings import AppSettings
from oauthapp.settings import Client
from oauthapp.settings import LoginProvider
from oauthapp.settings import ProviderSettings
from oauthapp.settings import RecorderSettings
from oauthapp.settings import Settings
from oauthapp.settings import User
from oauthapp.visitor import Visitor
from tests.interop.node_tools import Library
from tests.interop.node_tools import install
from tests.interop.node_tools import talking
from tests.interop.npm_party import Party
from tests.interop.npm_party import PartyWith
from tests.interop.npm_party import client_at
from tests.interop.npm_party import credentials
from tests.interop.npm_party import empty_page

KEY = "k" * 32


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


@pytest.fixture
def visitor() -> Iterator[Visitor]:
    one = Visitor()
    yield one
    one.close()


@pytest.fixture
def app_server(stack: ExitStack) -> Server:
    """Where our app will be: a provider may have to know before the app runs."""
    server = Server("localhost", 0)
    stack.callback(server.close)
    return server


@pytest.fixture
def app_url_at(
    stack: ExitStack, app_server: Server, tmp_path: Path
) -> Callable[[LoginProvider], str]:
    """Starts our app, registered at a provider; gives its URL."""

    def start(registration: LoginProvider) -> str:
        url = f"http://localhost:{app_server.port}"
        settings = AppSettings(
            base_url=url,
            secret_key=KEY,
            database_url=f"sqlite:///{tmp_path}/app.sqlite",
            providers={"other": registration},
        )
        app = build_app(Settings(app=settings, recorder=_recorder(tmp_path)))
        stack.enter_context(app_server.running(app))
        return url

    return start


@pytest.fixture(scope="session")
def node_packages() -> None:
    """The packages that the scripts in `node/` import are there."""
    problem = install()
    if problem and os.environ.get("CI"):
        pytest.fail(problem)
    if problem:
        pytest.skip(problem)


@pytest.fixture(scope="session", params=["openid_client.mjs", "oauth4webapi.mjs"])
def library(request: pytest.FixtureRequest, node_packages: None) -> Iterator[Library]:
    """A client library from npm; whoever uses it tells it first who it is now."""
    with talking(request.param) as one:
        yield one


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """A relying party's site of empty pages: of its visitors only addresses matter."""
    server = Server("localhost", 0)
    with server.running(empty_page):
        yield f"http://localhost:{server.port}"


@pytest.fixture
def party_with(
    library: Library, site: str, visitor: Visitor, issuer_for: Callable[..., str]
) -> PartyWith:
    """Starts our provider, and lets the library be a relying party of it.

    :param provider: further settings of the provider.
    :param registers: let it register itself later, instead of now.

    Other named arguments change how it is registered.
    """

    def start(
        *,
        provider: Mapping[str, Any] | None = None,
        registers: bool = False,
        **changes: Any,
    ) -> Party:
        client = client_at(site, **changes)
        clients = [] if registers else [client]
        issuer = issuer_for(*clients, **(provider or {}))
        if not registers:
            library.ask("discover", issuer=issuer, client=credentials(client))
        return Party(library=library, visitor=visitor, site=site, issuer=issuer)

    return start


@pytest.fixture
def issuer_for(stack: ExitStack, tmp_path: Path) -> Callable[..., str]:
    """Starts our provider with clients and the user alice; gives its issuer.

    Named arguments are further settings of the provider.
    """

    def start(*clients: Client, **changes: Any) -> str:
        server = Server("127.0.0.1", 0)
        issuer = f"http://127.0.0.1:{server.port}"
        settings = ProviderSettings(
            issuer=issuer,
            secret_key=KEY,
            database_url=f"sqlite:///{tmp_path}/provider.sqlite",
            users=[
                User(sub="alice", password="secret", claims={"name": "Alice Example"})
            ],
            clients=list(clients),
            **changes,
        )
        provider = build_provider(
            Settings(provider=settings, recorder=_recorder(tmp_path))
        )
        stack.enter_context(server.running(provider))
        return issuer

    return start


def _recorder(folder: Path) -> RecorderSettings:
    return RecorderSettings(database_url=f"sqlite:///{folder}/recorder.sqlite")
