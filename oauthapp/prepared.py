"""Statements that a connection to PostgreSQL has prepared, given to libpq as they are.

What the driver does around a statement of ours takes the interpreter about as long as
the server takes for it, and has it let go of the interpreter several times. This is one
call, which lets go of it once.
"""

from dataclasses import dataclass
from dataclasses import field
from typing import Any
from weakref import WeakKeyDictionary

#: What libpq answers where nothing went wrong: PGRES_COMMAND_OK and PGRES_TUPLES_OK.
_DONE = (1, 2)


@dataclass
class _Known:
    """What we know of a connection: its encoding, and what it has prepared."""

    encoding: str
    names: dict[str, bytes] = field(default_factory=dict)


_known = WeakKeyDictionary[Any, _Known]()


def execute_prepared(connection: Any, statement: str, value: str) -> list[Any]:
    """Execute a statement whose one parameter is `$1`: the rows, each value as text.

    :param connection: of psycopg, and nobody else's meanwhile.
    :raises psycopg.Error: as the driver would.
    """
    known = _known.get(connection)
    if known is None:
        known = _known[connection] = _Known(connection.info.encoding)
    encoding = known.encoding
    if statement not in known.names:
        name = f"oauthapp_{len(known.names)}".encode()
        prepared = connection.pgconn.prepare(name, statement.encode(encoding))
        _require_done(connection, prepared, encoding)
        known.names[statement] = name
    result = connection.pgconn.exec_prepared(
        known.names[statement], [value.encode(encoding)]
    )
    _require_done(connection, result, encoding)
    columns = range(result.nfields)
    return [
        tuple([_text(result.get_value(row, column), encoding) for column in columns])
        for row in range(result.ntuples)
    ]


def _text(value: bytes | None, encoding: str) -> str | None:
    return None if value is None else value.decode(encoding)


def _require_done(connection: Any, result: Any, encoding: str) -> None:
    if result.status in _DONE:
        return
    from psycopg import OperationalError  # whoever has a connection has it
    from psycopg import errors
    from psycopg.pq import ConnStatus

    if connection.pgconn.status != ConnStatus.OK:
        message = connection.pgconn.error_message.decode(encoding, "replace")
        raise OperationalError(message.strip())
    raise errors.error_from_result(result, encoding)
