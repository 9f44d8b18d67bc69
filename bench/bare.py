"""What a durable webhook is measured against: a view that reads the body, and 204.

The same Flask, the same server with the same threads, and nothing of ours in between.
"""

import sys
from threading import Event

from flask import Flask
from flask import request

from oauthapp.serving import Server


def bare_app() -> Flask:
    app = Flask("bare")

    @app.post("/webhooks/<source>")
    def receive(source: str) -> tuple[str, int]:
        request.get_data()
        return "", 204

    return app


if __name__ == "__main__":
    server = Server("127.0.0.1", int(sys.argv[1]))
    with server.running(bare_app()):
        print("ready", flush=True)
        Event().wait()
