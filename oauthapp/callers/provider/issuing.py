"""Tokens without a login: for tests of an API, and for whoever studies tokens."""

import secrets
from collections.abc import Mapping
from typing import Any

from oauthapp.callers.provider.grant_store import Grant
from oauthapp.callers.provider.grant_store import keep_grant
from oauthapp.callers.provider.session_store import ProviderSession
from oauthapp.callers.provider.session_store import keep_session
from oauthapp.callers.provider.tokens import Basis
from oauthapp.callers.provider.tokens import keep_tokens
from oauthapp.callers.provider.tokens import make_tokens
from oauthapp.database import writing
from oauthapp.services import ProviderServices
from oauthapp.settings import Client


def issue_tokens(
    services: ProviderServices, client: Client, *, sub: str, scope: str
) -> Mapping[str, Any]:
    """A token answer (RFC 6749 §5.1) as if `sub` had just signed in at `client`."""
    now = services.clock()
    session = ProviderSession(
        session_ref=secrets.token_urlsafe(16),
        sub=sub,
        auth_time=now,
        expires_at=now + services.settings.session_ttl,
    )
    grant = Grant(
        grant_id=secrets.token_urlsafe(16),
        client_id=client.client_id,
        sub=sub,
        sid=secrets.token_urlsafe(16),
        session_ref=session.session_ref,
        scope=scope,
        auth_time=int(now),
    )
    basis = Basis(grant=grant)
    answer = make_tokens(services, client, basis, scope)
    with writing(services.database) as connection:
        keep_session(connection, secrets.token_urlsafe(32), session)
        keep_grant(connection, grant, expires_at=session.expires_at)
        keep_tokens(connection, services, basis, answer)
    return answer
