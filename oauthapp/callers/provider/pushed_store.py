"""Authorization requests that came by the back channel: each is used once."""

from sqlalchemy import Connection
from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select

from oauthapp.schema import secret_hash
from oauthapp.schema.provider import pushed_requests


def keep(
    connection: Connection,
    request_uri: str,
    *,
    client_id: str,
    parameters_jwe: str,
    expires_at: float,
    now: float,
) -> None:
    """Keep a request until its browser comes, and forget those whose time is over."""
    forget_expired(connection, now=now)
    row = {
        "uri_hash": secret_hash(request_uri),
        "client_id": client_id,
        "parameters_jwe": parameters_jwe,
        "expires_at": expires_at,
    }
    connection.execute(insert(pushed_requests), row)


def forget_expired(connection: Connection, *, now: float) -> None:
    """Remove requests whose browsers did not come."""
    old = pushed_requests.c.expires_at <= now
    connection.execute(delete(pushed_requests).where(old))


def count(connection: Connection) -> int:
    """How many there are."""
    counted = select(func.count()).select_from(pushed_requests)
    return connection.execute(counted).scalar_one()


def find(
    connection: Connection, request_uri: str, *, client_id: str, now: float
) -> str | None:
    """What this client pushed under `request_uri`, sealed, if it is still good."""
    wanted = select(pushed_requests.c.parameters_jwe).where(
        pushed_requests.c.uri_hash == secret_hash(request_uri),
        pushed_requests.c.client_id == client_id,
        pushed_requests.c.expires_at > now,
    )
    return connection.execute(wanted).scalar_one_or_none()


def take(connection: Connection, request_uri: str) -> bool:
    """Use it: whether it was still there, for one browser only (RFC 9126 §7.3)."""
    same = pushed_requests.c.uri_hash == secret_hash(request_uri)
    return connection.execute(delete(pushed_requests).where(same)).rowcount == 1
