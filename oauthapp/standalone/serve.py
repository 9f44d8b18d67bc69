"""Run until told to stop, with one line that says for machines how to go on."""

from collections.abc import Callable
from collections.abc import Iterator
from contextlib import ExitStack
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from oauthapp import settings_checks as checks
from oauthapp.errors import SettingsError
from oauthapp.recorder.call import Call
from oauthapp.serving import Server
from oauthapp.settings import ProviderSettings
from oauthapp.standalone.one import open_provider
from oauthapp.standalone.one import settings_for
from oauthapp.standalone.wanted import Wanted


@contextmanager
def running_alone(
    wanted: Wanted,
    *,
    host: str,
    port: int,
    listener: Callable[[Call], None] | None = None,
) -> Iterator[dict[str, Any]]:
    """Answer at `host` until the block ends; gives what a client has to know.

    :param port: 0 takes a free one.
    :param listener: is told of each call.
    :raises SettingsError: when the port is taken or the flags cannot go together.
    """
    _require_host(host)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="oauthapp-")))
        server = Server(host, port)
        stack.callback(server.close)
        issuer = f"http://{host}:{server.port}"
        settings = settings_for(
            wanted, issuer=issuer, database=folder / "provider.sqlite"
        )
        app = stack.enter_context(open_provider(settings, listener))
        stack.enter_context(server.running(app))
        yield {"ready": True, "port": server.port, **_known(settings)}


def _require_host(host: str) -> None:
    try:
        checks.require_origin("--host", f"http://{host}")
    except ValueError as error:
        raise SettingsError(str(error)) from None


def _known(settings: ProviderSettings) -> dict[str, Any]:
    """What a client has to know."""
    issuer = settings.issuer
    return {
        "issuer": issuer,
        "control": f"{issuer}/control" if settings.control else None,
        "users": [
            {"username": user.sub, "password": user.password} for user in settings.users
        ],
        "clients": [one.client_id for one in settings.clients],
        "webhooks": [
            {"url": one.url, "secret": one.secret} for one in settings.endpoints
        ],
    }
