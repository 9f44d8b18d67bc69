"""Pending logins: each is kept once and taken once."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select

from oauthapp.callbacks.redirect.verify import PendingLogin
from oauthapp.schema import secret_hash
from oauthapp.schema.app import pending_logins

#: An expired login is kept this many seconds longer, so that a late answer is told
#: that it is late and not that it is unknown.
GRACE = 3600


def keep(connection: Connection, state: str, login: PendingLogin) -> None:
    """Remember that `state` was sent out."""
    row = {"state_hash": secret_hash(state), **asdict(login)}
    connection.execute(insert(pending_logins), row)


def take(connection: Connection, state: str) -> PendingLogin | None:
    """The login that `state` stands for, removed: of two at once one gets it."""
    statement = (
        delete(pending_logins)
        .where(pending_logins.c.state_hash == secret_hash(state))
        .returning(pending_logins)
    )
    return _login(connection, statement)


def take_newest(
    connection: Connection, *, provider: str, browser_hash: str
) -> PendingLogin | None:
    """The login that this browser began last, removed, whatever its state."""
    newest = (
        select(pending_logins.c.state_hash)
        .where(
            pending_logins.c.provider == provider,
            pending_logins.c.browser_hash == browser_hash,
        )
        .order_by(pending_logins.c.created_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    statement = delete(pending_logins).where(pending_logins.c.state_hash == newest)
    return _login(connection, statement.returning(pending_logins))


def find(connection: Connection, state: str) -> PendingLogin | None:
    """The login that `state` stands for, left where it is."""
    state_hash = secret_hash(state)
    wanted = select(pending_logins).where(pending_logins.c.state_hash == state_hash)
    return _login(connection, wanted)


def _login(connection: Connection, statement: Any) -> PendingLogin | None:
    row = connection.execute(statement).mappings().one_or_none()
    if row is None:
        return None
    return PendingLogin(**{key: row[key] for key in row if key != "state_hash"})


def count(connection: Connection) -> int:
    """How many there are."""
    counted = select(func.count()).select_from(pending_logins)
    return connection.execute(counted).scalar_one()


def forget_expired(
    connection: Connection, *, now: float, login_ttl: int, grace: float = GRACE
) -> None:
    """Remove logins that nobody came back from."""
    oldest = now - login_ttl - grace
    connection.execute(
        delete(pending_logins).where(pending_logins.c.created_at < oldest)
    )
