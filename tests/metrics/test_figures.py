"""What the databases know, as it is at the moment."""

from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy import Table

from oauthapp.schema.app import inbox
from oauthapp.schema.sender import attempts
from oauthapp.schema.sender import deliveries
from oauthapp.schema.sender import events
from tests.metrics.conftest import read


def put(engine: Engine, table: Table, *rows: dict[str, Any]) -> None:
    with engine.begin() as connection:
        connection.execute(table.insert(), list(rows))


def message(number: int, status: str, at: float) -> dict[str, Any]:
    return {
        "source": "demo",
        "message_id": str(number),
        "event_type": "",
        "body": b"12345",
        "received_at": at,
        "status": status,
        "due_at": at,
    }


def test_what_waits_in_the_inbox_and_since_when(both: dict[str, Flask]) -> None:
    services = both["app"].extensions["oauthapp"]
    statuses = ["pending", "pending", "done", "dead"]
    now = services.clock()
    rows = [message(n, one, now - 100 - n) for n, one in enumerate(statuses)]
    put(services.database, inbox, *rows)
    found = read(both["app"])

    assert found["oauthapp_app_inbox_messages", "pending"] == 2
    assert found["oauthapp_app_inbox_messages", "dead"] == 1
    assert 101 <= found["oauthapp_app_inbox_oldest_seconds",] < 200
    assert found["oauthapp_app_inbox_bytes",] == 10
    assert found["oauthapp_app_database_up",] == 1


def test_what_became_of_deliveries_and_attempts(both: dict[str, Flask]) -> None:
    services = both["provider"].extensions["oauthapp"]
    now = services.clock()
    statuses = ["delivered", "delivered", "pending", "dead"]
    for number, status in enumerate(statuses):
        name = {"message_id": str(number)}
        put(
            services.database,
            events,
            {**name, "type": "t", "body": b"", "created_at": now},
        )
        where = {**name, "endpoint_url": "https://a.example"}
        put(
            services.database,
            deliveries,
            {**where, "status": status, "due_at": now - 50},
        )
    rows = [
        {
            "message_id": "0",
            "endpoint_url": "https://a.example",
            "number": number,
            "at": now,
            "ms": 1.0,
            "status": status,
            "reason": "",
            "timestamp": 1,
            "answer": "",
        }
        for number, status in enumerate([204, 200, 500, 503, 410, None])
    ]
    put(services.database, attempts, *rows)
    found = read(both["provider"])

    assert {
        one: found["oauthapp_provider_deliveries", one]
        for one in ("pending", "delivered", "dead")
    } == {"pending": 1, "delivered": 2, "dead": 1}
    assert {
        one: found["oauthapp_provider_delivery_attempts", one]
        for one in ("2xx", "3xx", "4xx", "5xx", "none")
    } == {"2xx": 2, "3xx": 0, "4xx": 1, "5xx": 2, "none": 1}
    assert 50 <= found["oauthapp_provider_delivery_late_seconds",] < 150


def test_without_its_database_a_party_still_tells_what_it_counted(
    both: dict[str, Flask], tmp_path: Path
) -> None:
    services = both["app"].extensions["oauthapp"]
    services.database.dispose()
    (tmp_path / "app.sqlite").rename(tmp_path / "away")
    (tmp_path / "app.sqlite").mkdir()
    found = read(both["app"])
    (tmp_path / "app.sqlite").rmdir()

    assert found["oauthapp_app_database_up",] == 0
    assert found["oauthapp_app_request_seconds_count",] == 0
    assert not any(name[0].startswith("oauthapp_app_inbox") for name in found)
