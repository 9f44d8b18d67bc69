"""What clients send the provider: their credentials, questions, grants and metadata."""

import atexit
import base64
import re
import shutil
from io import BytesIO
from tempfile import mkdtemp
from typing import Any
from urllib.parse import unquote_plus

import msgspec
from authlib.oauth2 import OAuth2Error
from flask import Flask

from bench.fuzz.targets.letters import opened
from oauthapp.callers.provider.asked import Asked
from oauthapp.callers.provider.asked import known_client
from oauthapp.callers.provider.authorize import accept
from oauthapp.callers.provider.clients import authenticate
from oauthapp.callers.provider.parameters import sent_parameters
from oauthapp.callers.provider.refusals import AuthorizationError
from oauthapp.callers.provider.refusals import RequestRefused
from oauthapp.callers.provider.registration import MetadataRefused
from oauthapp.callers.provider.registration import describe
from oauthapp.callers.provider.registration import make_client
from oauthapp.parameters import repeated
from oauthapp.provider_app import create_provider
from oauthapp.recorder.store import Recorder
from oauthapp.settings import UNLIMITED_RATES
from oauthapp.settings import Client
from oauthapp.settings import ProviderSettings

ISSUER = "http://127.0.0.1:5001"
URI = "http://localhost:5000/callback/demo"
#: What an error answer may say (RFC 6749 §5.2).
_DESCRIPTION = re.compile(r"[ !#-\[\]-~]*")
CLIENTS = [
    Client(client_id="a", client_secret="b", redirect_uris=[URI]),
    Client(
        client_id="post",
        client_secret="p%st +:ü",
        redirect_uris=[URI],
        token_endpoint_auth_method="client_secret_post",
        scope="openid api",
        grant_types=["authorization_code", "refresh_token", "client_credentials"],
    ),
    Client(
        client_id="native",
        redirect_uris=["http://127.0.0.1/callback", "com.example.app:/callback"],
        token_endpoint_auth_method="none",
        native=True,
    ),
]
_BY_ID = {one.client_id: one for one in CLIENTS}
_FLASK = Flask("fuzzed")


def authorization(raw: bytes) -> bool:
    """Whether a client proves who it is: its Authorization header, then the form."""
    header, _, body = raw.partition(b"\n")
    written = header.decode("latin-1")
    with _FLASK.request_context(_environ("POST", "/token", body)):
        form = dict(sent_parameters())
    try:
        client, method = authenticate(_BY_ID.get, written, form)
    except OAuth2Error as refused:
        assert refused.error in ("invalid_request", "invalid_client")
        return False
    assert method == client.token_endpoint_auth_method
    if method == "client_secret_basic":
        decoded = base64.b64decode(written.split(" ", 1)[1]).decode()
        pair = tuple(unquote_plus(half) for half in decoded.split(":", 1))
        assert pair == (client.client_id, client.client_secret)
    elif method == "client_secret_post":
        assert not written and form["client_secret"] == client.client_secret
    return True


def authorize(raw: bytes) -> bool:
    """Whether an authorization request is one we answer: its query."""
    with _FLASK.request_context(_environ("GET", "/authorize", raw)):
        sent = sent_parameters()
    try:
        client = known_client(sent, _BY_ID.get)
        asked = Asked(parameters=sent, client=client)
        accept(asked)
    except RequestRefused as refused:
        told = refused.explain()
        assert len(f"{told.arrived}{told.expected}".encode()) < 8000
        return False
    except AuthorizationError:
        return False
    assert not repeated(sent) and asked.get("response_type") == "code"
    uris = [value for name, value in sent if name == "redirect_uri"]
    assert len(uris) == 1 and (uris[0] in client.redirect_uris or client.native)
    assert set(asked.granted_scope().split()) <= set(client.scope.split())
    assert all(name.isprintable() for name in asked.claims().names())
    return True


def token(raw: bytes) -> bool:
    """What the token endpoint answers: a letter with headers and the form."""
    letter = opened(raw)
    environ = _environ("POST", "/token", letter.body)
    for name, value in letter.headers:
        if name.lower() == "authorization":
            environ["HTTP_AUTHORIZATION"] = value
        elif name.lower() == "content-type":
            environ["CONTENT_TYPE"] = value
    statuses: list[str] = []
    body = b"".join(
        _provider()(environ, lambda status, *_rest: statuses.append(status))
    )
    assert len(body) < 8000
    told = msgspec.json.decode(body)
    if statuses == ["200 OK"]:
        assert told["access_token"] and b"grant_type=" in letter.body
        return True
    assert statuses[0][:3] in ("400", "401"), statuses
    assert _DESCRIPTION.fullmatch(told["error"])
    assert _DESCRIPTION.fullmatch(told.get("error_description", ""))
    return False


def registration(raw: bytes) -> bool:
    """Whether somebody who says this of a client may be one."""
    try:
        sent = msgspec.json.decode(raw)
    except (ValueError, RecursionError):
        return False
    if not isinstance(sent, dict):
        return False
    try:
        client = make_client(
            sent,
            client_id="new",
            client_secret="secret",
            alg="RS256",
            scopes=["openid", "profile"],
        )
    except MetadataRefused as refused:
        assert refused.description and len(refused.description) < 4 * len(raw) + 1000
        return False
    assert set(client.scope.split()) <= {"openid", "profile"}
    msgspec.json.encode(describe(client, issued_at=1))
    return True


def _environ(method: str, path: str, sent: bytes) -> dict[str, Any]:
    posted = method == "POST"
    return {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "SCRIPT_NAME": "",
        "QUERY_STRING": "" if posted else sent.decode("latin-1"),
        "CONTENT_TYPE": "application/x-www-form-urlencoded" if posted else "",
        "CONTENT_LENGTH": str(len(sent)) if posted else "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "5001",
        "HTTP_HOST": "127.0.0.1:5001",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(sent if posted else b""),
        "wsgi.errors": BytesIO(),
        "wsgi.version": (1, 0),
    }


_made: list[Flask] = []


def _provider() -> Flask:
    """One for all inputs, made when the first comes."""
    if _made:
        return _made[0]
    folder = mkdtemp(prefix="oauthapp-fuzz-")
    settings = ProviderSettings(
        issuer=ISSUER,
        secret_key="k" * 32,
        database_url=f"sqlite:///{folder}/provider.sqlite",
        clients=CLIENTS,
        limits=UNLIMITED_RATES,
    )
    recorder = Recorder(None, "k" * 32, lambda: 1_700_000_000.0)
    provider = create_provider(
        settings, recorder, clock=lambda: 1_700_000_000.0, durable=False
    )
    _made.append(provider)
    atexit.register(_close, provider, folder)
    return provider


def _close(provider: Flask, folder: str) -> None:
    services = provider.extensions["oauthapp"]
    services.http.close()
    services.database.dispose()
    shutil.rmtree(folder, ignore_errors=True)
