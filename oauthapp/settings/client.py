"""What the provider can be told of a client."""

from typing import Literal

import msgspec

from oauthapp import settings_checks as checks
from oauthapp.settings.shape import ClientAuthMethod
from oauthapp.settings.shape import Shape
from oauthapp.settings.work import require_basic
from oauthapp.settings.work import require_callbacks

GrantType = Literal["authorization_code", "refresh_token", "client_credentials"]
#: What an access token looks like: random characters, or a JWT that an API can read.
AccessTokenFormat = Literal["opaque", "jwt"]


class Client(Shape, frozen=True, kw_only=True):
    """A relying party that is registered at the provider."""

    client_id: str
    client_secret: str = ""
    #: What the consent page calls it.
    client_name: str = ""
    redirect_uris: list[str] = []
    post_logout_redirect_uris: list[str] = []
    token_endpoint_auth_method: ClientAuthMethod = "client_secret_basic"
    grant_types: list[GrantType] = msgspec.field(
        default_factory=lambda: ["authorization_code", "refresh_token"]
    )
    #: What it may ask for; `offline_access` is what refresh tokens are for.
    scope: str = "openid profile email offline_access"
    #: A program on the user's own machine: its loopback port may vary (RFC 8252).
    native: bool = False
    #: Its authorization requests come by the back channel first (RFC 9126 §6).
    require_pushed_authorization_requests: bool = False
    access_token_format: AccessTokenFormat = "opaque"
    #: `aud` of its JWT access tokens, the API they are for; empty: the issuer.
    audience: str = ""
    #: Told by us when a user signs out; see also `backchannel_logout_uri`.
    frontchannel_logout_uri: str = ""
    backchannel_logout_uri: str = ""
    #: Where buyers are sent back to when they have paid, or not.
    checkout_return_uris: list[str] = []
    #: Where results of its jobs may go; without one it may begin none.
    callback_urls: list[str] = []
    #: What those results are signed with.
    callback_secret: str = ""
    #: Those of `repositories` on whose commits it may report.
    repositories: list[str] = []

    def __post_init__(self) -> None:
        if not self.client_id:
            raise ValueError("client_id: must not be empty")
        require_callbacks(self.callback_urls, self.callback_secret)
        if self.callback_urls or self.repositories:
            require_basic("callback_urls", self.token_endpoint_auth_method)
        for uri in self.redirect_uris:
            checks.require_redirect_uri("redirect_uris", uri, native=self.native)
        for uri in self.post_logout_redirect_uris:
            key = "post_logout_redirect_uris"
            checks.require_redirect_uri(key, uri, native=self.native)
        checks.require_secret_fits(self.token_endpoint_auth_method, self.client_secret)
        self._require_grants_fit()
        self._require_logout_uris()
        self._require_checkout_fits()

    def _require_grants_fit(self) -> None:
        if "authorization_code" in self.grant_types and not self.redirect_uris:
            raise ValueError("redirect_uris: write at least one URL")
        public = self.token_endpoint_auth_method == "none"
        if "client_credentials" in self.grant_types and public:
            raise ValueError(
                "grant_types: client_credentials needs a client_secret (RFC 6749 §4.4)"
            )

    def _require_logout_uris(self) -> None:
        if self.backchannel_logout_uri:
            checks.require_url("backchannel_logout_uri", self.backchannel_logout_uri)
        if self.frontchannel_logout_uri:
            checks.require_same_origin(
                "frontchannel_logout_uri",
                self.frontchannel_logout_uri,
                self.redirect_uris,
            )

    def _require_checkout_fits(self) -> None:
        for uri in self.checkout_return_uris:
            checks.require_url("checkout_return_uris", uri)
        if self.checkout_return_uris and self.token_endpoint_auth_method == "none":
            raise ValueError(
                "checkout_return_uris: asking for money needs a client_secret"
            )
