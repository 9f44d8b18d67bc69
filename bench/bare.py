"""What a durable webhook is measured against: a view that reads the body, and 204.

The same Flask, the same server with the same threads, and nothing of ours in between.

    python -m bench.bare PORT [PROCESSES | lane]
"""

import sys
from threading import Event
from typing import Any

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


def serve(port: int, *, short: str = "") -> None:
    """In one process, as `oauthapp app` does.

    :param short: where one thread answers, as it does for webhooks; "" for nowhere.
    """
    server = Server("127.0.0.1", port)
    with server.running(bare_app(), short=short):
        _say_ready()
        Event().wait()


def serve_many(port: int, workers: int) -> None:
    """As `oauthapp app --workers` does: only then is that imported."""
    from granian.server.mp import MPServer

    from oauthapp.production.crew import options

    server = MPServer("bare", "127.0.0.1", port, workers=workers, **options(None))
    server.serve(target_loader=_bridge, wrap_loader=False)


def _bridge() -> Any:
    from oauthapp.production.bridge import Bridge

    return Bridge(bare_app().wsgi_app, listening=_say_ready, stopped=lambda: None)


def _say_ready() -> None:
    print("ready", flush=True)


if __name__ == "__main__":
    if sys.argv[2:] == ["lane"]:
        serve(int(sys.argv[1]), short="/webhooks/")
    elif len(sys.argv) > 2:
        serve_many(int(sys.argv[1]), int(sys.argv[2]))
    else:
        serve(int(sys.argv[1]))
