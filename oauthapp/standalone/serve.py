"""Run until told to stop, with one line that says for machines how to go on."""

from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import ExitStack
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask

from oauthapp import settings_checks as checks
from oauthapp.errors import SettingsError
from oauthapp.recorder.call import Listener
from oauthapp.serving import Server
from oauthapp.settings import ProviderSettings
from oauthapp.standalone.certificate import Certified
from oauthapp.standalone.certificate import certify
from oauthapp.standalone.tenants import Tenants
from oauthapp.standalone.wanted import Wanted

#: Requests that are answered at the same time: each thread takes its time to start.
THREADS = 16


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where it is reached."""

    host: str = "127.0.0.1"
    #: 0 takes a free one.
    port: int = 0
    https: bool = False
    #: Names of providers besides the one at the root.
    tenants: Sequence[str] = ()


@contextmanager
def running_alone(
    wanted: Wanted,
    place: Place,
    *,
    listener: Listener | None = None,
) -> Iterator[dict[str, Any]]:
    """Answer until the block ends; gives what a client has to know.

    :param listener: is told of calls.
    :raises SettingsError: when the port is taken or the flags cannot go together.
    """
    scheme, host = _origin(place)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="oauthapp-")))
        certified = certify(place.host, folder) if place.https else None
        tls = certified.tls if certified else None
        server = Server(place.host, place.port, threads=THREADS, tls=tls)
        stack.callback(server.close)
        tenants = Tenants(f"{scheme}://{host}:{server.port}", folder, wanted, listener)
        stack.callback(tenants.close)
        settings = _open_all(tenants, place.tenants)
        stack.enter_context(server.running(tenants))
        yield {
            "ready": True,
            "port": server.port,
            **_known(settings, certified),
            "tenants": dict(tenants.issuers),
        }


def _origin(place: Place) -> tuple[str, str]:
    """Scheme and host as a URL has them.

    :raises SettingsError: when it must not be reached so.
    """
    host = f"[{place.host}]" if ":" in place.host else place.host
    scheme = "https" if place.https else "http"
    try:
        checks.require_origin("--host", f"{scheme}://{host}")
    except ValueError as error:
        raise SettingsError(f"{error} (https: add --https)") from None
    return scheme, host


def _open_all(tenants: Tenants, names: Sequence[str]) -> ProviderSettings:
    """The settings of the one at the root."""
    try:
        root, settings = tenants.open_root()
        for name in names:
            tenants.open(name)
    except ValueError as error:
        raise SettingsError(str(error)) from None
    if settings.control:
        _take_orders(root, tenants)
    return settings


def _take_orders(root: Flask, tenants: Tenants) -> None:
    from oauthapp.standalone.tenant_routes import let_tenants_be_ordered

    let_tenants_be_ordered(root, tenants)


def _known(settings: ProviderSettings, certified: Certified | None) -> dict[str, Any]:
    """What a client has to know."""
    issuer = settings.issuer
    return {
        "issuer": issuer,
        "control": f"{issuer}/control" if settings.control else None,
        "ca_file": str(certified.authority) if certified else None,
        "users": [{"sub": one.sub, "password": one.password} for one in settings.users],
        "clients": [one.client_id for one in settings.clients],
        "webhooks": [
            {"url": one.url, "secret": one.secret} for one in settings.endpoints
        ],
    }
