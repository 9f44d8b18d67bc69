"""One login through both kinds of callback: both parties and their workers, here."""

from collections.abc import Iterator
from contextlib import ExitStack
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Condition
from typing import cast

from oauthapp.configuration import load_settings
from oauthapp.demo_settings import APP_HOST
from oauthapp.demo_settings import PROVIDER_HOST
from oauthapp.demo_settings import alone_in
from oauthapp.demo_settings import write_demo_settings
from oauthapp.recorder.call import Call
from oauthapp.recorder.store import Recorder
from oauthapp.running import Listener
from oauthapp.running import app_working
from oauthapp.running import build_app
from oauthapp.running import build_provider
from oauthapp.running import provider_working
from oauthapp.running import recording
from oauthapp.services import AppServices
from oauthapp.serving import Server
from oauthapp.settings import User
from oauthapp.visitor import Visitor

#: The button on the provider's consent page.
ALLOW = ("decision", "allow")
#: Seconds within which a login and its webhook have to arrive.
PATIENCE = 10.0


@dataclass(frozen=True, kw_only=True)
class Demo:
    """Both parties, running."""

    app_url: str
    provider_url: str
    users: tuple[User, ...]
    recorder: Recorder


@contextmanager
def running_demo(
    instance: Path, *, app_port: int, provider_port: int, listener: Listener
) -> Iterator[Demo]:
    """Run both parties and their workers until the block ends.

    :param instance: folder for settings and databases.
    :param app_port: and `provider_port`: 0 takes a free one.
    :raises SettingsError: when a port is taken or the folder cannot be used.
    """
    with ExitStack() as stack:
        stack.enter_context(alone_in(instance))
        servers = []
        for host, port in ((APP_HOST, app_port), (PROVIDER_HOST, provider_port)):
            server = Server(host, port)
            stack.callback(server.close)
            servers.append(server)
        app_server, provider_server = servers
        path = write_demo_settings(
            instance, app_port=app_server.port, provider_port=provider_server.port
        )
        settings = load_settings(path, {})
        app = build_app(settings, listener)
        provider = build_provider(settings, listener)
        for party in (app, provider):
            stack.enter_context(recording(party))
        stack.enter_context(provider_server.running(provider))
        stack.enter_context(app_server.running(app))
        stack.enter_context(provider_working(provider))
        stack.enter_context(app_working(app))
        assert settings.provider is not None  # the demo's own file has one
        yield Demo(
            app_url=f"http://{APP_HOST}:{app_server.port}",
            provider_url=settings.provider.issuer,
            users=tuple(settings.provider.users),
            recorder=cast(AppServices, app.extensions["oauthapp"]).recorder,
        )


class Arrivals:
    """A listener that can be waited for: has this kind of callback arrived?"""

    def __init__(self) -> None:
        self._calls: list[Call] = []
        self._changed = Condition()

    def __call__(self, call: Call) -> None:
        with self._changed:
            self._calls.append(call)
            self._changed.notify_all()

    def wait_for(self, path: str, *, seconds: float) -> Call | None:
        """The first accepted call to the app whose path begins so, None if late."""
        with self._changed:
            self._changed.wait_for(lambda: self._find(path), timeout=seconds)
            return self._find(path)

    def _find(self, path: str) -> Call | None:
        for call in self._calls:
            heard = (call.party, call.direction) == ("app", "inbound")
            if heard and call.verdict == "accepted" and f"{path}" in call.url:
                return call
        return None


def log_in(demo: Demo) -> None:
    """Sign in as the first user, the way a person would.

    :raises LostVisitor: when a page is not the one that was expected.
    :raises requests.RequestException: when a party does not answer.
    """
    user = demo.users[0]
    visitor = Visitor()
    try:
        visitor.open(f"{demo.app_url}/login/demo")
        visitor.submit({"username": user.sub, "password": user.password})
        if visitor.sees(ALLOW):  # the provider remembers who has agreed before
            visitor.submit({}, button=ALLOW)
    finally:
        visitor.close()
