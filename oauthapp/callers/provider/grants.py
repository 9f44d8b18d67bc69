"""From a code or a refresh token to tokens: Authlib's grants, made strict.

Closed here, since Authlib leaves it open: PKCE for confidential clients too, replays
of codes and refresh tokens seen and punished, codes bound to their session.
"""

import hmac
import re
from typing import Any

from authlib.oauth2.rfc6749 import grants
from authlib.oauth2.rfc6749.errors import InvalidGrantError
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from oauthapp.callers.provider import grant_store
from oauthapp.callers.provider import token_store
from oauthapp.callers.provider.clients import RegisteredClient
from oauthapp.callers.provider.grant_store import Code
from oauthapp.callers.provider.session_store import session_is_open
from oauthapp.callers.provider.token_store import RefreshToken
from oauthapp.callers.provider.tokens import Basis
from oauthapp.callers.provider.tokens import keep_tokens
from oauthapp.callers.provider.users import find_user
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.services import ProviderServices

#: A code verifier (RFC 7636 §4.1).
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}", re.ASCII)
#: The same for every refused code: which check failed is a thief's question.
_CODE_REFUSED = "The code is not good for this client, redirect_uri and code_verifier"
_REFRESH_REFUSED = "The refresh token is not good for this client, or not any more"


class CodeGrant(grants.AuthorizationCodeGrant):
    """RFC 6749 §4.1.3, with PKCE always (RFC 7636 §4.6)."""

    def query_authorization_code(
        self, code: str, client: RegisteredClient
    ) -> "_IssuedCode":
        """The code, when it was given to this client, not long ago, for this verifier.

        A code that was taken is found too: `save_token` tells and punishes a replay,
        but only one that is right in every other way, or anybody could sign a user
        out by sending a code with a wrong verifier.

        :raises InvalidGrantError: otherwise.
        """
        services, now = self.server.services, self.server.services.clock()
        with reading(services.database) as connection:
            found = grant_store.find_code(connection, code)
            if found is None or found.grant.client_id != client.get_client_id():
                raise InvalidGrantError(_CODE_REFUSED)
            ref = found.grant.session_ref
            in_time = now < found.expires_at
            alive = in_time and session_is_open(connection, ref, now=now)
        verifier = self.request.form.get("code_verifier", "")
        good = _matches(verifier, found.code_challenge)
        if not good or not (alive or found.taken):
            raise InvalidGrantError(_CODE_REFUSED)
        return _IssuedCode(found)

    def authenticate_user(self, issued: "_IssuedCode") -> Basis | None:
        """What the tokens are made of; None when the user is no more."""
        code = issued.code
        known = find_user(self.server.services.settings, code.grant.sub)
        return Basis(grant=code.grant, nonce=code.nonce) if known else None

    def save_token(self, token: dict[str, Any]) -> None:
        """Redeem the code and keep its tokens, both or neither.

        :raises InvalidGrantError: when the code was redeemed before. Then one of the
            two who had it stole it, and all that came of it ends (RFC 6749 §4.1.2).
        """
        services: ProviderServices = self.server.services
        basis: Basis = self.request.user
        with writing(services.database) as connection:
            grant_store.forget_expired(connection, now=services.clock())
            first = grant_store.take_code(connection, self.request.form["code"])
            if first:
                keep_tokens(connection, services, basis, token)
            else:
                grant_store.revoke_grant(connection, basis.grant.grant_id)
        if not first:
            raise InvalidGrantError(_CODE_REFUSED)

    def delete_authorization_code(self, _issued: "_IssuedCode") -> None:
        """Nothing: it was taken with the token, and is kept to see a replay."""


class RefreshGrant(grants.RefreshTokenGrant):
    """RFC 6749 §6: each refresh token is changed once (OAuth 2.1 §4.3.1)."""

    def authenticate_refresh_token(self, sent: str) -> "_IssuedRefreshToken":
        """The token; also a changed one, which `save_token` punishes.

        :raises InvalidGrantError: when it is unknown or has ended.
        """
        services: ProviderServices = self.server.services
        with reading(services.database) as connection:
            now = services.clock()
            found = token_store.find_refresh_token(connection, sent, now=now)
        if found is None or find_user(services.settings, found.grant.sub) is None:
            raise InvalidGrantError(_REFRESH_REFUSED)
        return _IssuedRefreshToken(found)

    def authenticate_user(self, issued: "_IssuedRefreshToken") -> Basis:
        """What the new tokens are made of."""
        kept = issued.kept
        return Basis(grant=kept.grant, refresh_until=kept.expires_at)

    def save_token(self, token: dict[str, Any]) -> None:
        """Change the refresh token for new ones, both or neither.

        :raises InvalidGrantError: when it was changed before. Then one of the two who
            had it stole it, and the whole family ends (RFC 9700 §4.14.2).
        """
        services: ProviderServices = self.server.services
        basis: Basis = self.request.user
        sent = self.request.form["refresh_token"]
        with writing(services.database) as connection:
            first = token_store.take_refresh_token(connection, sent)
            if first:
                keep_tokens(connection, services, basis, token)
            else:
                grant_store.revoke_grant(connection, basis.grant.grant_id)
        if not first:
            raise InvalidGrantError(_REFRESH_REFUSED)

    def revoke_old_credential(self, _issued: "_IssuedRefreshToken") -> None:
        """Nothing: it was taken with the new one, and is kept to see a reuse."""


class _IssuedCode:
    """A kept code, as Authlib's grant wants to ask it."""

    def __init__(self, code: Code) -> None:
        self.code = code

    def get_redirect_uri(self) -> str:
        return self.code.redirect_uri

    def get_scope(self) -> str:
        return self.code.grant.scope


class _IssuedRefreshToken:
    """A kept refresh token, as Authlib's grant wants to ask it."""

    def __init__(self, kept: RefreshToken) -> None:
        self.kept = kept

    def check_client(self, client: RegisteredClient) -> bool:
        return self.kept.grant.client_id == client.get_client_id()

    def get_scope(self) -> str:
        return self.kept.grant.scope


def _matches(verifier: str, challenge: str) -> bool:
    if not _VERIFIER.fullmatch(verifier):
        return False
    made: str = create_s256_code_challenge(verifier)
    return hmac.compare_digest(made.encode(), challenge.encode())
