"""Clients that registered themselves: each an encrypted row, secret and all."""

import msgspec
from sqlalchemy import Connection
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select

from oauthapp.schema.provider import registered_clients
from oauthapp.settings import Client


def keep(connection: Connection, client_id: str, sealed: str, *, now: float) -> None:
    """Keep a sealed registration."""
    row = {"client_id": client_id, "registration_jwe": sealed, "created_at": now}
    connection.execute(insert(registered_clients), row)


def find(connection: Connection, client_id: str) -> str | None:
    """The sealed registration of a client."""
    wanted = select(registered_clients.c.registration_jwe).where(
        registered_clients.c.client_id == client_id
    )
    return connection.execute(wanted).scalar_one_or_none()


def count(connection: Connection) -> int:
    """How many have registered themselves."""
    counted = select(func.count()).select_from(registered_clients)
    return connection.execute(counted).scalar_one()


def write(client: Client) -> bytes:
    """A registration, to be sealed."""
    return msgspec.json.encode(client)


def read(plain: bytes) -> Client:
    """What `write` wrote."""
    return msgspec.json.decode(plain, type=Client)
