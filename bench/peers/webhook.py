"""A durable webhook as the documentation of its libraries leads to it.

Flask's page on SQLite (a connection for each request), the reference library's
verifier, and one insert; on the same server as ours. The last argument is the
journal's mode: `delete`, as it is by default, or `wal`.
"""

import sqlite3
import sys
from threading import Event

from flask import Flask
from flask import g
from flask import request
from standardwebhooks import Webhook
from standardwebhooks import WebhookVerificationError

from oauthapp.serving import Server

TABLE = "CREATE TABLE message (id TEXT PRIMARY KEY, body BLOB)"
KEEP = "INSERT INTO message VALUES (?, ?) ON CONFLICT DO NOTHING"


def peer_app(path: str, secret: str, mode: str) -> Flask:
    app, webhook = Flask("peer"), Webhook(secret)
    app.logger.disabled = True  # it would say each time that the database is locked
    with sqlite3.connect(path) as first:
        first.execute(f"PRAGMA journal_mode={mode}")
        first.execute(TABLE)
    first.close()

    def database() -> sqlite3.Connection:
        if "database" not in g:
            g.database = sqlite3.connect(path)
        found: sqlite3.Connection = g.database
        return found

    @app.teardown_appcontext
    def close(_error: BaseException | None) -> None:
        if "database" in g:
            g.database.close()

    @app.post("/webhooks/<source>")
    def receive(source: str) -> tuple[str, int]:
        body = request.get_data()
        try:
            webhook.verify(body, dict(request.headers))
        except WebhookVerificationError:
            return "", 401
        with database() as connection:
            connection.execute(KEEP, (request.headers["webhook-id"], body))
        return "", 204

    return app


if __name__ == "__main__":
    server = Server("127.0.0.1", int(sys.argv[1]))
    with server.running(peer_app(*sys.argv[2:])):
        print("ready", flush=True)
        Event().wait()
