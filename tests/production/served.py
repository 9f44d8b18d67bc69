"""An app served by one process with little patience: python -m … FOLDER

Prints its port. `/environ` tells how a request arrived, `/slow` waits for a file.
"""

import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from flask import jsonify
from flask import request

from oauthapp.configuration import load_settings
from oauthapp.production import bridge
from oauthapp.production import crew
from oauthapp.production.crew import Place
from oauthapp.production.crew import serve_many
from oauthapp.running import build_app

#: Seconds a client has for a head, and for a body.
PATIENCE = 1


@dataclass(frozen=True)
class Build:
    folder: Path

    def __call__(self) -> Flask:
        bridge.BODY_TIMEOUT = PATIENCE
        bridge.HELD_LIMIT = bridge.BODY_LIMIT + 500_000
        app = build_app(load_settings(self.folder / "demo.toml", {}))
        app.add_url_rule("/environ", view_func=environ, methods=["GET", "OPTIONS"])
        app.add_url_rule("/slow", view_func=self.slow)
        inner = app.wsgi_app

        def crash(environ: dict[str, Any], start: Any) -> Any:
            assert environ["PATH_INFO"] != "/crash"
            return inner(environ, start)

        app.wsgi_app = crash  # type: ignore[method-assign]
        return app

    def slow(self) -> str:
        while not (self.folder / "go on").exists():
            time.sleep(0.01)
        return "done"


def environ() -> Any:
    kept = {key: value for key, value in request.environ.items() if key.isupper()}
    return jsonify({key: value for key, value in kept.items() if key[:6] != "WERKZE"})


if __name__ == "__main__":
    crew.READ_TIMEOUT = PATIENCE
    serve_many(
        Build(Path(sys.argv[1])),
        Place(host="127.0.0.1", port=0),
        workers=1,
        ready=lambda port: print(port, flush=True),
    )
