"""What the app can be told: the providers and senders it deals with."""

from typing import Literal
from urllib.parse import urlsplit

from oauthapp import settings_checks as checks
from oauthapp.settings.limits import AppLimits
from oauthapp.settings.loopback import require_loopback
from oauthapp.settings.payments import Payments
from oauthapp.settings.shape import ClientAuthMethod
from oauthapp.settings.shape import ResponseMode
from oauthapp.settings.shape import Shape
from oauthapp.settings.work import require_basic

#: Signature algorithms an id_token may be pinned to: asymmetric ones only, so that
#: nobody who knows a client secret or a public key can sign (RFC 8725 §2.1).
IdTokenAlg = Literal[
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"
]

WebhookScheme = Literal["standard", "stripe", "github", "slack"]
#: Schemes whose secrets are no plain text.
_SECRETS = {"standard": checks.require_checking_secret}


class LoginProvider(Shape, frozen=True, kw_only=True):
    """A provider people may sign in at: `/login/<name>` and `/callback/<name>`."""

    issuer: str
    client_id: str
    #: Empty for a public client, which then authenticates with PKCE alone.
    client_secret: str = ""
    token_endpoint_auth_method: ClientAuthMethod = "client_secret_basic"
    scope: str = "openid profile email"
    id_token_alg: IdTokenAlg = "RS256"
    response_mode: ResponseMode = "query"
    #: What it signs results with that it posts to our callback_url; empty: it is given
    #: no work.
    callback_secrets: list[str] = []

    def __post_init__(self) -> None:
        checks.require_issuer("issuer", self.issuer)
        for secret in self.callback_secrets:
            checks.require_checking_secret("callback_secrets", secret)
        if self.callback_secrets:
            require_basic("callback_secrets", self.token_endpoint_auth_method)
        if "openid" not in self.scope.split():
            raise ValueError('scope: must contain "openid", or there is no id_token')
        checks.require_secret_fits(self.token_endpoint_auth_method, self.client_secret)


class WebhookSource(Shape, frozen=True, kw_only=True):
    """A sender we accept messages from: `POST /webhooks/<name>`."""

    secrets: list[str]
    #: How it signs: by Standard Webhooks, or as these three do.
    scheme: WebhookScheme = "standard"
    #: The provider whose commits its pushes are about, one of `providers`: how their
    #: builds went is reported there and nowhere else; empty: to nobody.
    provider: str = ""

    def __post_init__(self) -> None:
        if not self.secrets:
            raise ValueError('secrets: write at least one, such as ["whsec_…"]')
        require = _SECRETS.get(self.scheme, checks.require_shared_secret)
        for secret in self.secrets:
            require("secrets", secret)


class AppSettings(Shape, frozen=True, kw_only=True):
    """The app: relying party, webhook endpoint and web pages."""

    #: Where browsers and senders reach us. Every redirect_uri is built from it.
    base_url: str
    secret_key: str
    database_url: str = "sqlite:///instance/app.sqlite"
    #: Seconds its server has to come up when we start.
    database_wait: float = 10.0
    #: Seconds a pending login lives.
    login_ttl: int = 600
    #: Seconds a session lives after the login that began it.
    session_ttl: int = 8 * 3600
    #: Seconds a provider has for the whole of one answer: somebody waits for it.
    call_time: float = 5.0
    #: Days a processed message's id is remembered, and a repetition known as one:
    #: longer than any sender goes on repeating.
    inbox_keep_days: int = 30
    #: Bytes that messages' bodies may take; the oldest processed ones are emptied.
    inbox_max_bytes: int = 1024**3
    providers: dict[str, LoginProvider] = {}
    webhooks: dict[str, WebhookSource] = {}
    #: Whether `/control` takes orders to misbehave: for tests, on this machine only.
    control: bool = False
    #: None: nothing is for sale.
    payments: Payments | None = None
    #: What others may do at most, and what is kept.
    limits: AppLimits = AppLimits()
    #: Checks that are left out, so that one can watch an attack succeed. On this
    #: machine only; `/security` names them all.
    without: list[str] = []

    def __post_init__(self) -> None:
        checks.require_origin("base_url", self.base_url)
        checks.require_key(self.secret_key)
        checks.require_database_url("database_url", self.database_url)
        checks.require_range("database_wait", self.database_wait, 0, 3600)
        checks.require_range("login_ttl", self.login_ttl, 1, 3600)
        checks.require_range("session_ttl", self.session_ttl, 1, 30 * 86400)
        checks.require_range("call_time", self.call_time, 1, 5)
        checks.require_range(
            "inbox_keep_days", self.inbox_keep_days, 7, 3650, unit="days"
        )
        checks.require_range(
            "inbox_max_bytes", self.inbox_max_bytes, 10**6, 10**15, unit="bytes"
        )
        checks.require_names("providers", self.providers)
        checks.require_names("webhooks", self.webhooks)
        for name, source in self.webhooks.items():
            self._require_reports(f"webhooks.{name}.provider", source.provider)
        if self.control:
            require_loopback("control", "base_url", self.base_url)
        if self.payments is not None:
            self._require_partners(self.payments)
        if self.without:
            from oauthapp.safeguards import require_can_be_off  # nobody else needs them

            require_can_be_off("without", self.without)
            require_loopback("without", "base_url", self.base_url)

    def _require_reports(self, key: str, provider: str) -> None:
        """Whom reports go to must be known, and know us."""
        if provider and provider not in self.providers:
            raise ValueError(f"{key}: {provider!r} is not one of `providers`")
        if provider:
            require_basic(key, self.providers[provider].token_endpoint_auth_method)

    def redirect_uri(self, provider: str) -> str:
        """The one redirect URI we have at `provider`: a constant (RFC 9700 §4.1.3)."""
        return f"{self.base_url}/callback/{provider}"

    def signed_out_uri(self, provider: str) -> str:
        """Where `provider` sends people back to whom we sent there to sign out."""
        return f"{self.base_url}/signed-out/{provider}"

    def return_url(self) -> str:
        """Where buyers come back to: a constant too, whatever the order."""
        return f"{self.base_url}/orders/return"

    def callback_url(self, provider: str) -> str:
        """Where `provider` posts the results of its jobs: a constant, too."""
        return f"{self.base_url}/results/{provider}"

    def host(self) -> str:
        """Host and port of `base_url`, as a Host header spells them."""
        return self.base_url.partition("://")[2]

    def on_loopback(self) -> bool:
        """Whether browsers and senders are on this machine, as we are."""
        return urlsplit(self.base_url).hostname in checks.LOOPBACK_HOSTS

    def secure(self) -> bool:
        """Whether browsers reach us by https, so that cookies can be `__Host-`."""
        return self.base_url.startswith("https://")

    def _require_partners(self, payments: Payments) -> None:
        provider = self.providers.get(payments.provider)
        source = self.webhooks.get(payments.webhooks)
        if provider is None or provider.token_endpoint_auth_method == "none":
            raise ValueError(
                "payments.provider: write the name of one of your providers, at which "
                "you have a client_secret"
            )
        if source is None or source.scheme != "standard":
            raise ValueError(
                "payments.webhooks: write the name of one of your webhooks, of the "
                'scheme "standard"'
            )
