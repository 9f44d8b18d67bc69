"""What each party can be told, and which combinations are refused as unsafe.

Strict: an unknown key or a wrong type is an error that names the key. They are
filled from a TOML file and the environment by `configuration.py`.
"""

from typing import Literal

import msgspec

from oauthapp import settings_checks as checks

#: Signature algorithms an id_token may be pinned to: asymmetric ones only, so that
#: nobody who knows a client secret or a public key can sign (RFC 8725 §2.1).
IdTokenAlg = Literal[
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"
]
#: How the browser brings the answer: a GET, or the POST of a form.
ResponseMode = Literal["query", "form_post"]
ClientAuthMethod = Literal["client_secret_basic", "client_secret_post", "none"]


class _Shape(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Immutable, every key named, no key unknown."""


class LoginProvider(_Shape, frozen=True, kw_only=True):
    """A provider people may sign in at: `/login/<name>` and `/callback/<name>`."""

    issuer: str
    client_id: str
    #: Empty for a public client, which then authenticates with PKCE alone.
    client_secret: str = ""
    token_endpoint_auth_method: ClientAuthMethod = "client_secret_basic"
    scope: str = "openid profile email"
    id_token_alg: IdTokenAlg = "RS256"
    response_mode: ResponseMode = "query"

    def __post_init__(self) -> None:
        checks.require_issuer("issuer", self.issuer)
        if "openid" not in self.scope.split():
            raise ValueError('scope: must contain "openid", or there is no id_token')
        checks.require_secret_fits(self.token_endpoint_auth_method, self.client_secret)


class WebhookSource(_Shape, frozen=True, kw_only=True):
    """A sender we accept messages from: `POST /webhooks/<name>`."""

    secrets: list[str]
    scheme: Literal["standard"] = "standard"

    def __post_init__(self) -> None:
        if not self.secrets:
            raise ValueError('secrets: write at least one, such as ["whsec_…"]')
        for secret in self.secrets:
            checks.require_signing_secret("secrets", secret)


class AppSettings(_Shape, frozen=True, kw_only=True):
    """The app: relying party, webhook endpoint and web pages."""

    #: Where browsers and senders reach us. Every redirect_uri is built from it.
    base_url: str
    secret_key: str
    database_url: str = "sqlite:///instance/app.sqlite"
    #: Seconds a pending login lives.
    login_ttl: int = 600
    #: Seconds a session lives after the login that began it.
    session_ttl: int = 8 * 3600
    providers: dict[str, LoginProvider] = {}
    webhooks: dict[str, WebhookSource] = {}

    def __post_init__(self) -> None:
        checks.require_origin("base_url", self.base_url)
        checks.require_key(self.secret_key)
        checks.require_database_url("database_url", self.database_url)
        checks.require_range("login_ttl", self.login_ttl, 1, 3600)
        checks.require_range("session_ttl", self.session_ttl, 1, 30 * 86400)
        checks.require_names("providers", self.providers)
        checks.require_names("webhooks", self.webhooks)

    def redirect_uri(self, provider: str) -> str:
        """The one redirect URI we have at `provider`: a constant (RFC 9700 §4.1.3)."""
        return f"{self.base_url}/callback/{provider}"

    def host(self) -> str:
        """Host and port of `base_url`, as a Host header spells them."""
        return self.base_url.partition("://")[2]

    def secure(self) -> bool:
        """Whether browsers reach us by https, so that cookies can be `__Host-`."""
        return self.base_url.startswith("https://")


class User(_Shape, frozen=True, kw_only=True):
    """Somebody who can sign in at the provider."""

    sub: str
    password: str
    claims: dict[str, object] = {}

    def __post_init__(self) -> None:
        if not 1 <= len(self.sub) <= 255 or not self.sub.isascii():
            raise ValueError("sub: write 1 to 255 ASCII characters")
        if not self.password:
            raise ValueError("password: must not be empty")
        if "sub" in self.claims:
            raise ValueError("claims: leave out `sub`, it is the user's own key")


class Client(_Shape, frozen=True, kw_only=True):
    """A relying party that is registered at the provider."""

    client_id: str
    client_secret: str = ""
    #: What the consent page calls it.
    client_name: str = ""
    redirect_uris: list[str]
    post_logout_redirect_uris: list[str] = []
    token_endpoint_auth_method: ClientAuthMethod = "client_secret_basic"
    scope: str = "openid profile email"
    #: A program on the user's own machine: its loopback port may vary (RFC 8252).
    native: bool = False

    def __post_init__(self) -> None:
        if not self.client_id:
            raise ValueError("client_id: must not be empty")
        if not self.redirect_uris:
            raise ValueError("redirect_uris: write at least one URL")
        for uri in self.redirect_uris:
            checks.require_redirect_uri("redirect_uris", uri, native=self.native)
        for uri in self.post_logout_redirect_uris:
            key = "post_logout_redirect_uris"
            checks.require_redirect_uri(key, uri, native=self.native)
        checks.require_secret_fits(self.token_endpoint_auth_method, self.client_secret)


class Endpoint(_Shape, frozen=True, kw_only=True):
    """Where the provider sends webhooks, and which ones."""

    url: str
    secret: str
    events: list[str] = msgspec.field(default_factory=lambda: ["session.created"])

    def __post_init__(self) -> None:
        checks.require_url("url", self.url)
        checks.require_signing_secret("secret", self.secret)


class ProviderSettings(_Shape, frozen=True, kw_only=True):
    """The provider: OpenID provider and webhook sender."""

    issuer: str
    secret_key: str
    database_url: str = "sqlite:///instance/provider.sqlite"
    #: Seconds an authorization code lives (OAuth 2.1 §4.1.2 advises a short time).
    code_ttl: int = 60
    #: Seconds an access token lives.
    access_token_ttl: int = 3600
    #: Seconds a login at the provider lives.
    session_ttl: int = 8 * 3600
    signing_alg: Literal["RS256", "ES256"] = "RS256"
    users: list[User] = []
    clients: list[Client] = []
    endpoints: list[Endpoint] = []
    #: Demonstrations let the retry schedule run this many times faster.
    clock_factor: float = 1.0

    def __post_init__(self) -> None:
        checks.require_origin("issuer", self.issuer)
        checks.require_key(self.secret_key)
        checks.require_database_url("database_url", self.database_url)
        checks.require_range("code_ttl", self.code_ttl, 1, 60)
        checks.require_range("access_token_ttl", self.access_token_ttl, 1, 86400)
        checks.require_range("session_ttl", self.session_ttl, 1, 30 * 86400)
        checks.require_unique("users", "sub", [user.sub for user in self.users])
        ids = [client.client_id for client in self.clients]
        checks.require_unique("clients", "client_id", ids)
        checks.require_unique("endpoints", "url", [one.url for one in self.endpoints])
        checks.require_range("clock_factor", self.clock_factor, 1, 10**6, unit="times")


class RecorderSettings(_Shape, frozen=True, kw_only=True):
    """Where recorded calls are kept; both parties may share one."""

    database_url: str = "sqlite:///instance/recorder.sqlite"
    #: Keys the hashes that stand in for secrets; empty: the party's own secret_key.
    key: str = ""

    def __post_init__(self) -> None:
        checks.require_database_url("database_url", self.database_url)


class Settings(_Shape, frozen=True, kw_only=True):
    """One file's content: a party each, either may be absent."""

    app: AppSettings | None = None
    provider: ProviderSettings | None = None
    recorder: RecorderSettings = RecorderSettings()
