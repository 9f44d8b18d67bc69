"""Servers that were not written here, and ours beside them, on real sockets."""

import os
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

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
from tests.interop.node_tools import install

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


@pytest.fixture
def issuer_for(stack: ExitStack, tmp_path: Path) -> Callable[[Client], str]:
    """Starts our provider with one client and the user alice; gives its issuer."""

    def start(client: Client) -> str:
        server = Server("127.0.0.1", 0)
        issuer = f"http://127.0.0.1:{server.port}"
        settings = ProviderSettings(
            issuer=issuer,
            secret_key=KEY,
            database_url=f"sqlite:///{tmp_path}/provider.sqlite",
            users=[
                User(sub="alice", password="secret", claims={"name": "Alice Example"})
            ],
            clients=[client],
        )
        provider = build_provider(
            Settings(provider=settings, recorder=_recorder(tmp_path))
        )
        stack.enter_context(server.running(provider))
        return issuer

    return start


def _recorder(folder: Path) -> RecorderSettings:
    return RecorderSettings(database_url=f"sqlite:///{folder}/recorder.sqlite")
