"""Grants and their codes: each code is redeemed once, and a replay is seen.

A grant is what one login allows a client. Codes and tokens hang on it, so that
revoking it revokes all of them at once, also those that are being made just now.
"""

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import field
from dataclasses import fields
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import RowMapping
from sqlalchemy import bindparam
from sqlalchemy import delete
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from oauthapp.schema import secret_hash
from oauthapp.schema.provider import access_tokens
from oauthapp.schema.provider import authorization_codes
from oauthapp.schema.provider import grants

#: Built once: to build these takes longer than to have them answered.
_KEEP_GRANT = insert(grants)
_KEEP_CODE = insert(authorization_codes)
_FIND_CODE = (
    select(
        grants,
        authorization_codes.c.redirect_uri,
        authorization_codes.c.nonce,
        authorization_codes.c.code_challenge,
        authorization_codes.c.expires_at.label("code_expires_at"),
        authorization_codes.c.taken,
    )
    .join(grants, grants.c.grant_id == authorization_codes.c.grant_id)
    .where(authorization_codes.c.code_hash == bindparam("hash"))
)
_TAKE_CODE = (
    update(authorization_codes)
    .where(authorization_codes.c.code_hash == bindparam("hash"))
    .where(authorization_codes.c.taken.is_(False))
    .values(taken=True)
)
_OF_SESSION = select(grants).where(grants.c.session_ref == bindparam("ref"))
_KEEP_OF_SESSION = (
    update(grants)
    .where(grants.c.session_ref == bindparam("ref"))
    .where(grants.c.expires_at < bindparam("until"))
    .values(expires_at=bindparam("until"))
)
_FORGET = tuple(
    delete(table).where(table.c.expires_at < bindparam("now"))
    for table in (access_tokens, grants)
)


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What a user allowed a client by one login, or a client is allowed by itself."""

    grant_id: str
    client_id: str
    #: The user; for a client that asked in its own name, the client.
    sub: str
    #: Fresh for every login: links id_token, webhook and logout of this one.
    sid: str = ""
    #: The provider's session it was given in, "" for none.
    session_ref: str = ""
    scope: str
    #: Claims asked for by name, by where they are to be told: id_token or userinfo.
    claims: Mapping[str, Sequence[str]] = field(default_factory=dict)
    auth_time: int


@dataclass(frozen=True, kw_only=True)
class Code:
    """What a client may fetch with its code, once."""

    grant: Grant
    redirect_uri: str
    nonce: str | None
    code_challenge: str
    expires_at: float
    #: It was redeemed; whoever brings it again replays it.
    taken: bool = False


def keep_grant(connection: Connection, grant: Grant, *, expires_at: float) -> None:
    """Keep a grant until `expires_at`, or longer if its tokens live longer."""
    row = {**asdict(grant), "revoked": False, "expires_at": expires_at}
    connection.execute(_KEEP_GRANT, row)


def keep_code(connection: Connection, code: str, kept: Code) -> None:
    """Keep a code as long as its grant; also a taken one, so that a replay is seen."""
    row = {
        "code_hash": secret_hash(code),
        "grant_id": kept.grant.grant_id,
        "redirect_uri": kept.redirect_uri,
        "nonce": kept.nonce,
        "code_challenge": kept.code_challenge,
        "expires_at": kept.expires_at,
        "taken": kept.taken,
    }
    connection.execute(_KEEP_CODE, row)


def find_code(connection: Connection, code: str) -> Code | None:
    """What `code` stands for, taken or not, expired or not."""
    found = connection.execute(_FIND_CODE, {"hash": secret_hash(code)})
    row = found.mappings().one_or_none()
    if row is None:
        return None
    return Code(
        grant=grant_of(row),
        redirect_uri=row["redirect_uri"],
        nonce=row["nonce"],
        code_challenge=row["code_challenge"],
        expires_at=row["code_expires_at"],
        taken=row["taken"],
    )


def take_code(connection: Connection, code: str) -> bool:
    """Redeem `code`: whether it was still there, for one caller only."""
    return connection.execute(_TAKE_CODE, {"hash": secret_hash(code)}).rowcount == 1


def revoke_grant(connection: Connection, grant_id: str) -> None:
    """End everything that came of this grant."""
    same = grants.c.grant_id == grant_id
    connection.execute(update(grants).where(same).values(revoked=True))


def grants_of_session(connection: Connection, session_ref: str) -> tuple[Grant, ...]:
    """What was granted in one session at the provider: who must hear of its end."""
    rows = connection.execute(_OF_SESSION, {"ref": session_ref}).mappings()
    return tuple(grant_of(row) for row in rows)


def keep_grants_of_session(
    connection: Connection, session_ref: str, *, until: float
) -> None:
    """Keep them at least as long as the session, which was prolonged."""
    connection.execute(_KEEP_OF_SESSION, {"ref": session_ref, "until": until})


def grant_of(row: RowMapping) -> Grant:
    """The grant in a row that was joined with it."""
    values: dict[str, Any] = {one.name: row[one.name] for one in fields(Grant)}
    return Grant(**values)


def forget_expired(connection: Connection, *, now: float) -> None:
    """Remove access tokens that expired, and grants with all that came of them."""
    for statement in _FORGET:
        connection.execute(statement, {"now": now})
