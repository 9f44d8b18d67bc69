"""One login through both kinds of callback: both parties and their workers, here."""

from collections.abc import Iterator
from contextlib import ExitStack
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from oauthapp.app_workers import app_working
from oauthapp.configuration import load_settings
from oauthapp.demo_settings import APP_HOST
from oauthapp.demo_settings import PROVIDER_HOST
from oauthapp.demo_settings import alone_in
from oauthapp.demo_settings import write_demo_settings
from oauthapp.playing.arrivals import Arrivals
from oauthapp.playing.background import BackgroundPlayer
from oauthapp.playing.stage import Stage
from oauthapp.playing.stage import on_stage
from oauthapp.provider_workers import provider_working
from oauthapp.recorder.call import Listener
from oauthapp.recorder.store import Recorder
from oauthapp.running import build_app
from oauthapp.running import build_provider
from oauthapp.running import close
from oauthapp.running import recording
from oauthapp.services import AppServices
from oauthapp.serving import Server
from oauthapp.settings import User


@dataclass(frozen=True, kw_only=True)
class Demo:
    """Both parties, running."""

    app_url: str
    provider_url: str
    users: tuple[User, ...]
    recorder: Recorder
    arrivals: Arrivals


@contextmanager
def running_demo(
    instance: Path,
    *,
    app_port: int,
    provider_port: int,
    listener: Listener | None = None,
    clock_factor: float = 1.0,
) -> Iterator[Demo]:
    """Run both parties and their workers until the block ends.

    :param instance: folder for settings and databases.
    :param app_port: and `provider_port`: 0 takes a free one.
    :param clock_factor: how many times faster deliveries are repeated.
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
            instance,
            app_port=app_server.port,
            provider_port=provider_server.port,
            clock_factor=clock_factor,
        )
        settings = load_settings(path, {})
        arrivals = Arrivals(listener)
        app = build_app(settings, arrivals)
        provider = build_provider(settings, arrivals)
        for party in (app, provider):
            stack.callback(close, party)
            stack.enter_context(recording(party))
        stack.enter_context(provider_server.running(provider))
        stack.enter_context(app_server.running(app))
        stack.enter_context(provider_working(provider))
        stack.enter_context(app_working(app))
        assert settings.provider is not None  # the demo's own file has one
        demo = Demo(
            app_url=f"http://{APP_HOST}:{app_server.port}",
            provider_url=settings.provider.issuer,
            users=tuple(settings.provider.users),
            recorder=cast(AppServices, app.extensions["oauthapp"]).recorder,
            arrivals=arrivals,
        )
        player = BackgroundPlayer(lambda: stage_of(demo), demo.recorder, clock_factor)
        stack.callback(player.close)
        app.extensions["oauthapp.player"] = player
        yield demo


def stage_of(demo: Demo) -> Stage:
    """The demo as a stage; its first user plays."""
    user = demo.users[0]
    return Stage(
        app_url=demo.app_url,
        provider_url=demo.provider_url,
        username=user.sub,
        password=user.password,
        arrivals=demo.arrivals,
    )


def log_in(demo: Demo) -> None:
    """Sign in as the first user, the way a person would.

    :raises LostVisitor: when a page is not the one that was expected.
    :raises requests.RequestException: when a party does not answer.
    """
    with on_stage(stage_of(demo)) as stage:
        stage.log_in()
