"""From a client's own secret to a token: no user is there (RFC 6749 §4.4)."""

import secrets
from typing import Any

from authlib.oauth2.rfc6749 import grants
from authlib.oauth2.rfc6749.errors import InvalidScopeError

from oauthapp.callers.provider import grant_store
from oauthapp.callers.provider.asked import user_scopes
from oauthapp.callers.provider.grant_store import Grant
from oauthapp.callers.provider.tokens import Basis
from oauthapp.callers.provider.tokens import keep_tokens
from oauthapp.database import writing
from oauthapp.services import ProviderServices


class ClientGrant(grants.ClientCredentialsGrant):
    """A client asks in its own name."""

    def validate_requested_scope(self) -> None:
        """The client's own grant.

        :raises InvalidScopeError: for what it may not have, or only users can give.
        """
        registered = self.request.client.registered
        of_users = user_scopes(self.server.services.settings.scopes)
        allowed = [s for s in registered.scope.split() if s not in of_users]
        asked = (self.request.form.get("scope") or " ".join(allowed)).split()
        if not set(asked) <= set(allowed):
            raise InvalidScopeError("No user is here to give that scope")
        grant = Grant(
            grant_id=secrets.token_urlsafe(16),
            client_id=registered.client_id,
            sub=registered.client_id,
            scope=" ".join(dict.fromkeys(asked)),
            auth_time=int(self.server.services.clock()),
        )
        self.request.user = Basis(grant=grant)

    def generate_token(self, **about: Any) -> dict[str, Any]:
        """The tokens of the client's own grant."""
        basis: Basis = self.request.user
        about.update(user=basis, scope=basis.grant.scope)
        made: dict[str, Any] = super().generate_token(**about)
        return made

    def save_token(self, token: dict[str, Any]) -> None:
        """Keep the grant and its token."""
        services: ProviderServices = self.server.services
        basis: Basis = self.request.user
        until = services.clock() + token["expires_in"]
        with writing(services.database) as connection:
            grant_store.forget_expired(connection, now=services.clock())
            grant_store.keep_grant(connection, basis.grant, expires_at=until)
            keep_tokens(connection, services, basis, token)
