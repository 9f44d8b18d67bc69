"""What the provider can be told: its users, its endpoints and how it works."""

from typing import Literal
from urllib.parse import urlsplit

import msgspec

from oauthapp import settings_checks as checks
from oauthapp.settings.client import Client
from oauthapp.settings.limits import ProviderLimits
from oauthapp.settings.loopback import require_loopback
from oauthapp.settings.shape import Shape


class User(Shape, frozen=True, kw_only=True):
    """Somebody who can sign in at the provider."""

    sub: str
    password: str
    claims: dict[str, object] = {}

    def __post_init__(self) -> None:
        plain = self.sub.isascii() and self.sub.isprintable()
        if not 1 <= len(self.sub) <= 255 or not plain:
            raise ValueError("sub: write 1 to 255 printable ASCII characters")
        if not self.password:
            raise ValueError("password: must not be empty")
        if "sub" in self.claims:
            raise ValueError("claims: leave out `sub`, it is the user's own key")


class Endpoint(Shape, frozen=True, kw_only=True):
    """Where the provider sends webhooks, and which ones."""

    url: str
    secret: str
    events: list[str] = msgspec.field(default_factory=lambda: ["session.created"])

    def __post_init__(self) -> None:
        checks.require_url("url", self.url)
        checks.require_signing_secret("secret", self.secret)
        checks.require_event_types("events", self.events)


class ProviderSettings(Shape, frozen=True, kw_only=True):
    """The provider: OpenID provider and webhook sender."""

    issuer: str
    secret_key: str
    database_url: str = "sqlite:///instance/provider.sqlite"
    #: Seconds its server has to come up when we start.
    database_wait: float = 10.0
    #: Seconds an authorization code lives (OAuth 2.1 §4.1.2 advises a short time).
    code_ttl: int = 60
    #: Seconds an access token lives.
    access_token_ttl: int = 3600
    #: Seconds from a login to the end of the refresh tokens that came of it.
    refresh_token_ttl: int = 30 * 86400
    #: Seconds a login at the provider lives.
    session_ttl: int = 8 * 3600
    #: What tokens are signed with; some clients know RS256 only, as they may (OIDC
    #: Discovery §3).
    signing_alg: Literal["RS256", "ES256"] = "RS256"
    #: Seconds until a new key signs; the old one stays published for its tokens.
    signing_key_ttl: int = 90 * 86400
    #: Scopes of your own and the claims each opens, beside those of OIDC Core §5.4.
    scopes: dict[str, list[str]] = {}
    #: Whether clients may register themselves (RFC 7591): nobody, whoever brings
    #: `registration_token`, or anybody.
    registration: Literal["closed", "token", "open"] = "closed"
    registration_token: str = ""
    #: Seconds a buyer has to pay.
    checkout_ttl: int = 1800
    users: list[User] = []
    clients: list[Client] = []
    endpoints: list[Endpoint] = []
    #: Whether webhooks and logout tokens may go to this machine. Else they go to
    #: global addresses only, so that no endpoint leads into the network we are in.
    deliver_to_loopback: bool = False
    #: Days an event is kept that was delivered to all who wanted it.
    events_keep_days: int = 30
    #: Demonstrations let the retry schedule run this many times faster.
    clock_factor: float = 1.0
    #: Whether `/control` takes orders to misbehave: for tests, on this machine only.
    control: bool = False
    #: Seconds that a job takes.
    job_seconds: float = 10.0
    #: Repositories of code that commits are pushed to.
    repositories: list[str] = []
    #: What others may do at most, and what is kept.
    limits: ProviderLimits = ProviderLimits()

    def __post_init__(self) -> None:
        checks.require_own_issuer("issuer", self.issuer)
        checks.require_key(self.secret_key)
        checks.require_database_url("database_url", self.database_url)
        checks.require_range("database_wait", self.database_wait, 0, 3600)
        checks.require_range("code_ttl", self.code_ttl, 1, 60)
        checks.require_range("access_token_ttl", self.access_token_ttl, 1, 86400)
        checks.require_range("session_ttl", self.session_ttl, 1, 30 * 86400)
        checks.require_range("checkout_ttl", self.checkout_ttl, 1, 86400)
        year = 366 * 86400
        checks.require_range("refresh_token_ttl", self.refresh_token_ttl, 1, year)
        checks.require_range("signing_key_ttl", self.signing_key_ttl, 60, 10 * year)
        if (self.registration == "token") != (self.registration_token != ""):
            raise ValueError(
                'registration_token: goes together with registration = "token"'
            )
        if not self.registration_token.isascii():
            raise ValueError("registration_token: write ASCII, as headers carry it")
        checks.require_scopes("scopes", self.scopes)
        checks.require_unique("users", "sub", [user.sub for user in self.users])
        ids = [client.client_id for client in self.clients]
        checks.require_unique("clients", "client_id", ids)
        self._require_own_names()
        checks.require_unique("endpoints", "url", [one.url for one in self.endpoints])
        checks.require_range(
            "events_keep_days", self.events_keep_days, 1, 3650, unit="days"
        )
        checks.require_range("clock_factor", self.clock_factor, 1, 10**6, unit="times")
        checks.require_range("job_seconds", self.job_seconds, 0, 86400)
        checks.require_names("repositories", self.repositories)
        if self.control:
            require_loopback("control", "issuer", self.issuer)

    def host(self) -> str:
        """Host and port of `issuer`, as a Host header spells them."""
        return urlsplit(self.issuer).netloc

    def path(self) -> str:
        """Where it is mounted, "" at the root of its host."""
        return urlsplit(self.issuer).path

    def _require_own_names(self) -> None:
        """A client's own token names it as `sub`, so no user may be called the same."""
        subs = {user.sub for user in self.users}
        for client in self.clients:
            if "client_credentials" in client.grant_types and client.client_id in subs:
                raise ValueError(
                    f"clients: {client.client_id!r} is a user, too; an API could take "
                    "the client's own token for that user's (RFC 9700 §4.15)"
                )
