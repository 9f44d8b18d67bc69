"""Logout tokens, each obeyed once, and the sessions that they end."""

from sqlalchemy import Connection
from sqlalchemy import delete

from oauthapp.callbacks.backchannel.verify import Logout
from oauthapp.database import insert_once
from oauthapp.schema.app import app_sessions
from oauthapp.schema.app import logout_tokens


def keep(connection: Connection, logout: Logout, *, issuer: str, now: float) -> bool:
    """Remember the token until it expires: whether it was new. The insert decides."""
    connection.execute(delete(logout_tokens).where(logout_tokens.c.expires_at < now))
    row = {"issuer": issuer, "jti": logout.jti, "expires_at": logout.expires_at}
    return insert_once(connection, logout_tokens, row)


def end_sessions(connection: Connection, logout: Logout, *, issuer: str) -> int:
    """End the session it names, or all of the user it names: how many there were."""
    ended = delete(app_sessions).where(app_sessions.c.issuer == issuer)
    if logout.sid:
        ended = ended.where(app_sessions.c.sid == logout.sid)
    if logout.sub:
        ended = ended.where(app_sessions.c.sub == logout.sub)
    return connection.execute(ended).rowcount
