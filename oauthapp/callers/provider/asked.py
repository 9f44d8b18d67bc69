"""Who asks, and for what? A request whose redirect URI is the client's own. Pure."""

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass

from oauthapp.allowlist import is_registered
from oauthapp.callers.provider.claims import SCOPE_CLAIMS
from oauthapp.callers.provider.claims import ClaimsRequest
from oauthapp.callers.provider.claims import read_claims
from oauthapp.callers.provider.parameters import printable
from oauthapp.callers.provider.refusals import ClientUnknown
from oauthapp.callers.provider.refusals import RedirectUriMissing
from oauthapp.callers.provider.refusals import RedirectUriUnknown
from oauthapp.parameters import Parameters
from oauthapp.parameters import get
from oauthapp.parameters import repeated
from oauthapp.settings import Client

#: The scope that refresh tokens are for (OIDC Core §11).
OFFLINE = "offline_access"


def user_scopes(more: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """The scopes that are about a user, who is asked before anybody has them.

    :param more: the provider's own; one that opens no claim is about an API.
    """
    own = {scope for scope, claims in more.items() if claims}
    return frozenset({"openid", OFFLINE, *SCOPE_CLAIMS, *own})


def known_client(
    parameters: Parameters, find: Callable[[str], Client | None]
) -> Client:
    """Who asks, if its redirect URI is one of its own.

    :raises RequestRefused: to be shown as a page; nothing may be redirected.
    """
    if "client_id" in repeated(parameters):
        raise ClientUnknown(arrived="more than one client_id")
    client = find(get(parameters, "client_id"))
    if client is None:
        raise ClientUnknown(arrived=printable(get(parameters, "client_id"))[:80])
    uri = get(parameters, "redirect_uri")
    if not uri or "redirect_uri" in repeated(parameters):
        arrived = "more than one redirect_uri" if uri else "no redirect_uri"
        raise RedirectUriMissing(arrived=arrived)
    if not is_registered(uri, client.redirect_uris, native=client.native):
        raise RedirectUriUnknown(uri, client.redirect_uris)
    return client


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The request of a known client, beside what that client may ask for."""

    parameters: Parameters
    client: Client
    #: The client brought it by the back channel (RFC 9126), not the browser.
    pushed: bool = False

    def get(self, name: str) -> str:
        """The parameter's value, empty when it did not come."""
        return get(self.parameters, name)

    def has(self, name: str) -> bool:
        """Whether the parameter came; without a value it did not (RFC 6749 §3.1)."""
        return self.get(name) != ""

    def granted_scope(self) -> str:
        """What was asked for and may be given; the rest is left out."""
        allowed = set(self.client.scope.split())
        if "refresh_token" not in self.client.grant_types:
            allowed.discard(OFFLINE)
        # A set, in the order asked for (RFC 6749 §3.3).
        asked = dict.fromkeys(self.get("scope").split())
        return " ".join(scope for scope in asked if scope in allowed)

    def claims(self) -> ClaimsRequest:
        """What was asked for by name.

        :raises ValueError: when the parameter is not well formed.
        """
        return read_claims(self.get("claims"))
