"""Several providers behind one port: what one gave out is worth nothing at another.

Each has its own users, clients, keys, clock and database. The first is at the root;
the others are tenants, each at `/t/<name>`, which is the end of its issuer.
"""

import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from dataclasses import replace
from itertools import count
from pathlib import Path
from threading import Lock
from typing import Any

from flask import Flask

from oauthapp.mounting import WELL_KNOWN
from oauthapp.recorder.call import Listener
from oauthapp.settings import ProviderSettings
from oauthapp.settings_checks import require_names
from oauthapp.standalone.one import open_provider
from oauthapp.standalone.one import settings_for
from oauthapp.standalone.wanted import Wanted

_TENANT = re.compile(rf"(?:{re.escape(WELL_KNOWN)})?/t/(?P<name>[^/]+)(?:/.*)?")
#: Tenants that are ended at the same time: each waits for its threads.
MOST_AT_ONCE = 32
#: The name of the provider at the root.
ROOT = ""


@dataclass(frozen=True, kw_only=True)
class _Tenant:
    app: Flask
    settings: ProviderSettings
    #: Closed, it ends.
    stack: ExitStack


class Tenants:
    """A WSGI application made of several providers."""

    def __init__(
        self,
        origin: str,
        folder: Path,
        wanted: Wanted,
        listener: Listener | None = None,
    ) -> None:
        """
        :param folder: where their databases lie.
        :param wanted: what each is like at first, if not told otherwise.
        :param listener: is told of the calls at each of them.
        """
        self._origin = origin
        self._folder = folder
        self._wanted = wanted
        self._listener = listener
        self._tenants: dict[str, _Tenant] = {}
        self._numbers = count()
        self._lock = Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        found = _TENANT.fullmatch(environ.get("PATH_INFO", ""))
        tenant = self._tenants.get(found["name"]) if found else None
        app = (tenant or self._tenants[ROOT]).app
        return app(environ, start_response)

    @property
    def issuers(self) -> Mapping[str, str]:
        """The issuer of each tenant, by its name; the root's is left out."""
        with self._lock:
            known = dict(self._tenants)
        return {name: known[name].settings.issuer for name in known if name != ROOT}

    def open(self, name: str, **changes: Any) -> tuple[Flask, ProviderSettings]:
        """Begin a provider; instead of the tenant of that name, if there is one.

        :param changes: what is to be other than at the others.
        :raises ValueError: when the name cannot stand in a URL.
        """
        require_names("name", [name])
        wanted = replace(self._wanted, **changes)
        return self._open(name, wanted, f"{self._origin}/t/{name}")

    def open_root(self) -> tuple[Flask, ProviderSettings]:
        """Begin the provider at the root, without which there are no others.

        :raises ValueError: when it cannot be as it is wanted.
        """
        return self._open(ROOT, self._wanted, self._origin)

    def _open(
        self, name: str, wanted: Wanted, issuer: str
    ) -> tuple[Flask, ProviderSettings]:
        settings = settings_for(
            wanted,
            issuer=issuer,
            database=self._folder / f"{next(self._numbers)}.sqlite",
        )
        with ExitStack() as opening:
            app = opening.enter_context(open_provider(settings, self._listener))
            stack = opening.pop_all()
        with self._lock:
            before = self._tenants.get(name)
            self._tenants[name] = _Tenant(app=app, settings=settings, stack=stack)
        if before is not None:
            before.stack.close()
        return app, settings

    def end(self, name: str) -> bool:
        """End a tenant and all that it gave out: whether there was one."""
        with self._lock:
            tenant = self._tenants.pop(name, None) if name != ROOT else None
        if tenant is not None:
            tenant.stack.close()
        return tenant is not None

    def close(self) -> None:
        """End all of them."""
        with self._lock:
            ending = list(self._tenants.values())
            self._tenants.clear()
        with ThreadPoolExecutor(MOST_AT_ONCE) as pool:
            for done in [pool.submit(tenant.stack.close) for tenant in ending]:
                done.result()
