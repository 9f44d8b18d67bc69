"""What every page of both parties has: headers, cookies, CSRF and one error page."""

import logging
import re
from collections.abc import Callable
from datetime import UTC
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from flask import Request
from flask import Response
from flask import jsonify
from flask import render_template
from flask import request
from flask_wtf.csrf import CSRFError
from flask_wtf.csrf import CSRFProtect
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.datastructures import MIMEAccept
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest
from werkzeug.exceptions import HTTPException
from werkzeug.exceptions import InternalServerError
from werkzeug.http import parse_accept_header
from werkzeug.sansio.http import parse_cookie
from werkzeug.utils import cached_property

from oauthapp.compiled import compiled
from oauthapp.cookies import CookieSessions
from oauthapp.errors import CallFailed
from oauthapp.errors import CsrfMismatch
from oauthapp.errors import Explanation
from oauthapp.errors import MethodNotAllowed
from oauthapp.errors import NotFound
from oauthapp.errors import OauthappError
from oauthapp.errors import Refused
from oauthapp.errors import StoreUnavailable
from oauthapp.naming import NAMING
from oauthapp.policy import SecurityHeaders
from oauthapp.recorder.call import note
from oauthapp.settings_checks import LOOPBACK_HOSTS

log = logging.getLogger(__name__)

for _talkative in ("authlib", "urllib3"):  # at DEBUG they tell tokens and queries
    logging.getLogger(_talkative).setLevel(logging.INFO)

#: Machines send their forms without a token; their blueprints are exempted from it.
csrf = CSRFProtect()


#: Werkzeug tries each space of a run as its end: a long one would take it minutes.
_SPACES = re.compile(r"[ \t]+")


class _Request(Request):
    @cached_property
    def cookies(self) -> ImmutableMultiDict[str, str]:
        """Each cookie; of spaces beside another one nothing is kept."""
        sent = _SPACES.sub(" ", ";".join(self.headers.getlist("Cookie")))
        return ImmutableMultiDict(parse_cookie(sent))

    @cached_property
    def accept_mimetypes(self) -> MIMEAccept:
        """What kind of answer the caller wants."""
        sent = _SPACES.sub(" ", self.headers.get("Accept", ""))
        return parse_accept_header(sent, MIMEAccept)

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """The query's parameters; 400 where its bytes are no UTF-8."""
        try:
            return super().args
        except UnicodeDecodeError:
            raise BadRequest from None

    def _load_form_data(self) -> None:
        """Read the form; 400 where a field has no name, as multipart allows."""
        super()._load_form_data()
        if None in self.form:
            raise BadRequest


class _Flask(Flask):
    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """None of our functions is a coroutine: nobody looks, at each call of each."""
        return func


def make_flask(name: str, *, party: str, secret_key: str, url: str) -> Flask:
    """A Flask app with our templates, cookies, CSRF check, headers and error page.

    :param url: where browsers find it: by https cookies are Secure and `__Host-`.
    """
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    app = _Flask(name, template_folder=str(_templates()), static_folder="static")
    app.jinja_options = {"bytecode_cache": compiled}
    app.config.update(
        SECRET_KEY=secret_key,
        SESSION_COOKIE_NAME=cookie_name(party, secure=secure, path=parts.path),
        SESSION_COOKIE_PATH=parts.path or "/",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        # A token lives as long as its session: a form left open is not an attack.
        WTF_CSRF_TIME_LIMIT=None,
        # Its extra Referer check would fail: our pages send no Referer.
        WTF_CSRF_SSL_STRICT=False,
        MAX_CONTENT_LENGTH=1024 * 1024,
    )
    app.request_class = _Request
    app.session_interface = CookieSessions()
    app.url_map.merge_slashes = False  # an address is exact, above all a callback's
    app.jinja_env.globals.update(party=party, naming=NAMING)
    csrf.init_app(app)
    app.wsgi_app = SecurityHeaders(  # type: ignore[method-assign]
        app.wsgi_app,
        # Told once, a browser would come by https to every port of this machine.
        only_by_https=secure and parts.hostname not in LOOPBACK_HOSTS,
    )
    app.add_template_filter(clock_time)
    app.add_template_filter(iso_time)
    _register_errors(app)
    return app


def cookie_name(name: str, *, secure: bool, path: str = "") -> str:
    """`oauthapp_<name>`, with the prefix that pins it to this host over https.

    Over plain http a `__Host-` cookie is kept by Chromium and Firefox on loopback
    only, and by Safari and most HTTP clients never, so it is left out there.

    :param path: of one of several on a host; each has a name of its own, since the
        cookies of the host itself come along. Below a path `__Host-` is not allowed.
    """
    own = f"oauthapp_{name}{path.replace('/', '.')}"
    if not secure:
        return own
    return f"__Secure-{own}" if path else f"__Host-{own}"


def clock_time(at: float) -> str:
    """Unix seconds as people read them: the time of day here, with milliseconds."""
    return datetime.fromtimestamp(at).isoformat(" ", "milliseconds").split(" ")[1]


def iso_time(at: float) -> str:
    """Unix seconds as ISO 8601 in UTC, for machines."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")


def wants_html() -> bool:
    """Whether the caller asked for a page. Only people do; machines get JSON."""
    accepted = request.accept_mimetypes
    named = any(kind == "text/html" for kind, _quality in accepted)
    return named and accepted["text/html"] >= accepted["application/json"]


def _templates() -> Path:
    """In the wheel they lie inside the package, in a checkout beside it."""
    package = Path(__file__).parent
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent / "templates"


def _register_errors(app: Flask) -> None:
    on: Callable[..., None] = app.register_error_handler
    on(OauthappError, _answer_error)
    on(CSRFError, lambda _error: _answer_error(CsrfMismatch()))
    on(SQLAlchemyError, _answer_store_error)
    on(HTTPException, _answer_http_error)


def _answer_http_error(error: HTTPException) -> Response | HTTPException:
    if error.code == 404:
        return _answer_error(NotFound(arrived=request.path))
    if error.code == 405:
        answer = _answer_error(MethodNotAllowed(arrived=request.method))
        allowed = getattr(error, "valid_methods", None) or ()
        answer.headers["Allow"] = ", ".join(sorted(allowed))
        return answer
    if isinstance(error, InternalServerError):
        return _answer_error(OauthappError())
    if error.code is None or error.code < 400:
        return error
    answer = _answer_error(Refused(arrived=error.name))
    answer.status_code = error.code
    return answer


def _answer_store_error(error: SQLAlchemyError) -> Response:
    away = isinstance(error, OperationalError)  # and each request would log its trace
    log.error("store: %s", type(error).__name__, exc_info=None if away else error)
    return _answer_error(StoreUnavailable())


def _answer_error(error: OauthappError) -> Response:
    failed = isinstance(error, CallFailed) or not isinstance(error, Refused)
    note(verdict="failed" if failed else "refused", reason=error.code)
    explanation = error.explain()
    if wants_html():
        answer = Response(render_template("error.html", error=explanation))
    else:
        answer = _error_json(explanation)
    answer.status_code = error.status
    if error.retry_after:
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer


def _error_json(explanation: Explanation) -> Response:
    fields = ("code", "message", "arrived", "expected", "cause", "remedy")
    told = {name: getattr(explanation, name) for name in fields}
    return jsonify(error={name: text for name, text in told.items() if text})
