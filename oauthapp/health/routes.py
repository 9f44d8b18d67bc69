"""`/healthz`: the process lives. `/readyz`: it can do its work, part by part."""

from typing import cast

from flask import Blueprint
from flask import Response
from flask import current_app
from flask import jsonify

from oauthapp.health.readiness import OK
from oauthapp.health.readiness import Readiness

bp = Blueprint("health", __name__)

#: Neither is a call between the parties.
PATHS = ("/healthz", "/readyz")
#: Seconds after which it may be better.
RETRY_AFTER = 5


@bp.get("/healthz")
def healthz() -> Response:
    """200 as long as there is somebody to say so; no database is asked."""
    return jsonify(status=OK)


@bp.get("/readyz")
def readyz() -> Response:
    """200 when every part can work, 503 when one cannot; both say which."""
    readiness = cast(Readiness, current_app.extensions["oauthapp.readiness"])
    parts = readiness.look()
    ready = all(said == OK for said in parts.values())
    answer = jsonify(ready=ready, parts=parts)
    if not ready:
        answer.status_code = 503
        answer.headers["Retry-After"] = str(RETRY_AFTER)
    return answer
