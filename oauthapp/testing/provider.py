"""An OpenID provider of a test's own, running in its process."""

from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING
from typing import Any
from typing import cast

from flask import Flask

from oauthapp.callers.provider.controls import Controls
from oauthapp.callers.sender.endpoints import add_endpoint
from oauthapp.callers.sender.endpoints import new_secret
from oauthapp.control import store as fault_store
from oauthapp.control.store import Armed
from oauthapp.database import writing
from oauthapp.services import ProviderServices
from oauthapp.settings import Client
from oauthapp.settings import Endpoint
from oauthapp.settings import User
from oauthapp.settings.examples import example_password
from oauthapp.testing.seen import RequestsSeen

if TYPE_CHECKING:
    from oauthapp.checking.result import Report
    from oauthapp.testing.signing_in import SignIns


class OAuthProvider:
    """Signs test users in at your application; checks what real providers check."""

    def __init__(self, app: Flask) -> None:
        self._services = cast(ProviderServices, app.extensions["oauthapp"])
        self._controls = Controls(self._services)
        self._decision = "allow"
        #: Its issuer identifier.
        self.issuer = self._services.settings.issuer
        #: Where client libraries read everything else about it.
        self.discovery_url = f"{self.issuer}/.well-known/openid-configuration"

    def client(self, redirect_uri: str | Sequence[str] = (), **settings: Any) -> Client:
        """Register a client; its `client_id` and `client_secret` are made.

        :param redirect_uri: one or several, compared character for character.
        :param settings: any other key of a client in the settings, such as
            `backchannel_logout_uri` or `access_token_format="jwt"`.
        :raises ValueError: when they cannot go together, naming the key.
        """
        uris = [redirect_uri] if isinstance(redirect_uri, str) else list(redirect_uri)
        return self._controls.add_client({"redirect_uris": uris, **settings})

    def add_user(self, sub: str, *, password: str = "", **claims: object) -> User:
        """Let somebody sign in; instead of the user of that name, if there is one."""
        user = User(sub=sub, password=password or example_password(sub), claims=claims)
        self._controls.add_user(user)
        return user

    def sign_in(self, browser: Any, url: str, as_: str = "alice") -> Any:
        """Sign in at your application: its answer when the user has come back.

        :param browser: a client of requests, httpx, Flask or Django, whose cookies are
            the user's; or a page of Playwright, which is left on the page it came to.
        :param url: where your application begins a login.
        :raises SignInStopped: when a page on the way is not the expected one.
        """
        person = self._sign_ins.person(as_, self._decision)
        answer = self._sign_ins.sign_in(browser, url, person)
        self.deliver()
        return answer

    def check_client(
        self,
        url: str,
        *,
        as_: str = "alice",
        signed_in_url: str = "",
        signed_in_text: str = "",
        only: Collection[str] = (),
        skip: Collection[str] = (),
        patience: float = 10.0,
        **how: Any,
    ) -> "Report":
        """Drive your application through every fault of a provider and of a browser.

        `report.findings` are what it should not have done; `str(report)` tells them.

        :param url: where your application begins a login, on a real socket.
        :param signed_in_url: a page that shows whether somebody is signed in, if the
            one where a login ends does not.
        :param signed_in_text: what stands there only for the user [their name].
        :param only: names of checks, if not all are to be made.
        :param skip: names of checks that are not to be made.
        :param patience: seconds after which a callback counts as hanging.
        :raises InputUnusable: when a login does not succeed, or nothing shows it.
        """
        # Much that no other test has to wait for.
        from oauthapp.checking.client.drive import check_client
        from oauthapp.checking.client.ground import Ground
        from oauthapp.checking.client.walk import Case

        case = Case(
            url=url,
            signed_in_url=signed_in_url,
            signed_in_text=signed_in_text or as_,
            patience=patience,
        )
        ground = Ground(
            services=self._services,
            person=self._sign_ins.person(as_, "allow"),
            heard=self._controls.requests,
        )
        return check_client(case, ground, only=only, skip=skip, **how)

    def approve(self) -> None:
        """From now on users allow what applications ask for, as they do at first."""
        self._decision = "allow"

    def deny(self) -> None:
        """From now on users say no to what applications ask for."""
        self._decision = "deny"

    def fault(self, name: str, *, times: int = 1, client: str = "") -> None:
        """Misbehave the next `times` times; `oauthapp run --list` names the faults.

        :param client: a client_id, if only that one is to be dealt with so.
        :raises ValueError: when there is no such fault, or a provider cannot make it,
            or cannot for one client alone.
        """
        from oauthapp.control.arming import armable  # not every test has faults

        ours = armable(self._services)
        if name not in ours:
            raise ValueError(
                f"{name!r} is no fault of a provider; there are: {', '.join(ours)}"
            )
        if client and not ours[name].for_one:
            raise ValueError(f"{name!r} happens to anybody; leave client= out")
        armed = Armed(name=name, target=client, times=times)
        with writing(self._services.database) as connection:
            fault_store.arm(connection, armed, now=self._services.clock())

    @property
    def requests(self) -> RequestsSeen:
        """What it was asked so far, in order, without secrets."""
        return RequestsSeen(self._controls.requests())

    def rotate_keys(self) -> str:
        """Sign with a new key from now on: its `kid`. The old one stays published."""
        return self._controls.rotate_keys()

    def issue_tokens(
        self, client: Client, as_: str = "alice", *, scope: str = "openid"
    ) -> Mapping[str, Any]:
        """A token answer as after a login, for tests of an API without a browser."""
        return self._controls.issue_tokens(client.client_id, as_, scope)

    def endpoint(self, url: str, *, events: Sequence[str], secret: str = "") -> str:
        """Send these events to `url` from now on: the signing secret.

        Those of a sign-in have been sent when `sign_in` returns.
        """
        secret = secret or new_secret()
        one = Endpoint(url=url, secret=secret, events=list(events))
        add_endpoint(self._services, one)
        return secret

    def logout_everywhere(self) -> None:
        """End every session, and tell clients by the back channel."""
        self._controls.end_sessions()
        self.deliver()

    def deliver(self) -> None:
        """Send what is due: webhooks and logout tokens."""
        # Whoever asks for a token or two need not wait for the sender.
        from oauthapp.provider_workers import provider_worker

        worker = provider_worker(self._services)
        while worker.run_once():
            pass

    def close(self) -> None:
        """Close the connections of the browsers that were played."""
        if "_sign_ins" in vars(self):
            self._sign_ins.close()

    @cached_property
    def _sign_ins(self) -> "SignIns":
        from oauthapp.testing.signing_in import SignIns  # and an HTTP client

        return SignIns(self._services.settings)
