"""A provider on a real socket that lies on demand, and remembers who asked it what.

Untouched it is honest: it checks client, code, redirect_uri and code_verifier and
signs what it says. A test alters one answer and sees what the app makes of it.
"""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl
from urllib.parse import urlsplit

from joserfc import jws
from joserfc.jwk import Key
from werkzeug.serving import WSGIRequestHandler
from werkzeug.serving import make_server
from werkzeug.wrappers import Request
from werkzeug.wrappers import Response

from oauthapp.callbacks.redirect.id_token import half_hash
from oauthapp.clock import Clock


#: As the value of a claim, header or metadata field: leave it out.
class _Dropped:
    def __repr__(self) -> str:
        return "DROP"


DROP = _Dropped()

CLIENT_ID = "the-app"
CLIENT_SECRET = "the-apps-secret-at-the-provider"
ACCESS_TOKEN = "an-access-token-nobody-should-read"
SUB = "alice"

Signer = Callable[[Mapping[str, Any], Mapping[str, Any]], str]


@dataclass(frozen=True, kw_only=True)
class Heard:
    """One request as it came in."""

    method: str
    path: str
    headers: Mapping[str, str]
    form: Mapping[str, str]


class EvilProvider:
    """Set what it should lie about; `heard` says what it was asked."""

    def __init__(self, key: Key, clock: Clock) -> None:
        self.key = key
        self.clock = clock
        self.issuer = ""
        #: What /jwks publishes.
        self.published: list[Mapping[str, Any]] = [key.as_dict(private=False)]
        #: Laid over what it would honestly say.
        self.metadata: dict[str, Any] = {}
        self.claims: dict[str, Any] = {}
        self.header: dict[str, Any] = {}
        self.tokens: dict[str, Any] = {}
        self.about: dict[str, Any] = {}
        self.alg = "RS256"
        #: Makes the id_token of header and claims.
        self.sign: Signer = self.sign_honestly
        #: What a path answers instead.
        self.answers: dict[str, Callable[[Request], Response]] = {}
        self.heard: list[Heard] = []
        self.codes: list[str] = []
        #: Set at the end, so that answers that hang come to an end too.
        self.over = Event()
        self._grants: dict[str, dict[str, str]] = {}

    def __call__(self, environ: Any, start_response: Any) -> Any:
        request = Request(environ)
        self.heard.append(
            Heard(
                method=request.method,
                path=request.path,
                headers=dict(request.headers),
                form=request.form.to_dict(),
            )
        )
        honest = {
            "/.well-known/openid-configuration": self.discovery,
            "/jwks": self._jwks,
            "/token": self._token,
            "/userinfo": self._userinfo,
        }
        answer = self.answers.get(request.path) or honest.get(request.path)
        response = answer(request) if answer else Response(status=404)
        return response(environ, start_response)

    def calls(self, path: str) -> list[Heard]:
        """The requests for `path`."""
        return [one for one in self.heard if one.path == path]

    def authorize(self, location: str, **lies: Any) -> dict[str, str]:
        """The user says yes: the parameters the browser is sent back with."""
        asked = dict(parse_qsl(urlsplit(location).query, keep_blank_values=True))
        code = secrets.token_urlsafe(24)
        self.codes.append(code)
        self._grants[code] = asked
        answer = {"code": code, "state": asked["state"], "iss": self.issuer}
        return altered(answer, lies)

    def sign_honestly(
        self, header: Mapping[str, Any], claims: Mapping[str, Any]
    ) -> str:
        return signed(header, json.dumps(claims).encode(), self.key)

    def discovery(self, _request: Request) -> Response:
        honest = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "authorization_response_iss_parameter_supported": True,
        }
        return as_json(altered(honest, self.metadata))

    def _jwks(self, _request: Request) -> Response:
        return as_json({"keys": self.published})

    def _token(self, request: Request) -> Response:
        form = request.form
        asked = self._grants.pop(form.get("code", ""), None)
        who = request.authorization
        if who is None or (who.username, who.password) != (CLIENT_ID, CLIENT_SECRET):
            return as_json({"error": "invalid_client"}, status=401)
        if asked is None or not _fits(asked, form):
            return as_json({"error": "invalid_grant"}, status=400)
        header = altered({"alg": self.alg, "kid": self.key.kid}, self.header)
        claims = altered(self.honest_claims(asked["nonce"]), self.claims)
        honest = {
            "access_token": ACCESS_TOKEN,
            "token_type": "Bearer",
            "expires_in": 3600,
            "id_token": self.sign(header, claims),
        }
        return as_json(altered(honest, self.tokens))

    def honest_claims(self, nonce: str) -> dict[str, Any]:
        """What an id_token for this login says when nobody lies."""
        now = int(self.clock())
        return {
            "iss": self.issuer,
            "sub": SUB,
            "aud": CLIENT_ID,
            "exp": now + 300,
            "iat": now,
            "nonce": nonce,
            "at_hash": half_hash(ACCESS_TOKEN, self.alg),
            "sid": "the-providers-session",
        }

    def _userinfo(self, request: Request) -> Response:
        if request.headers.get("Authorization") != f"Bearer {ACCESS_TOKEN}":
            return as_json({"error": "invalid_token"}, status=401)
        return as_json(altered({"sub": SUB, "name": "Alice"}, self.about))

    @contextmanager
    def at(self, address: "Address") -> Iterator["EvilProvider"]:
        """Answer what comes to `address` until the block ends."""
        self.issuer, address.provider = address.url, self
        try:
            yield self
        finally:
            self.over.set()


class Address:
    """A free port, held for the whole test run; one provider after another uses it."""

    def __init__(self) -> None:
        self.provider: EvilProvider | None = None
        self.url = ""

    def __call__(self, environ: Any, start_response: Any) -> Any:
        assert self.provider is not None
        return self.provider(environ, start_response)

    @contextmanager
    def open(self) -> Iterator["Address"]:
        server = make_server(
            "127.0.0.1", 0, self, threaded=True, request_handler=_Silent
        )
        self.url = f"http://127.0.0.1:{server.port}"
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield self
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


class _Silent(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """Its log would hold the codes that ours must not."""


def altered(honest: Mapping[str, Any], lies: Mapping[str, Any]) -> dict[str, Any]:
    """`honest` with `lies` laid over it; what is to be dropped is left out."""
    told = {**honest, **lies}
    return {name: value for name, value in told.items() if value is not DROP}


def as_json(document: Any, *, status: int = 200) -> Response:
    text = json.dumps(document)
    return Response(text, status=status, content_type="application/json")


def signed(header: Mapping[str, Any], payload: bytes, key: Key) -> str:
    """A JWS that puts into the header whatever it is told to."""
    alg = jws.JWSRegistry.algorithms[header["alg"]]
    content = f"{b64(json.dumps(header).encode())}.{b64(payload)}"
    return f"{content}.{b64(alg.sign(content.encode(), key))}"


def signed_with_public_key(header: Mapping[str, Any], payload: bytes, key: Key) -> str:
    """HS256, the secret being the public key that everybody knows."""
    content = f"{b64(json.dumps({**header, 'alg': 'HS256'}).encode())}.{b64(payload)}"
    secret = key.as_pem(private=False)
    return f"{content}.{b64(hmac.digest(secret, content.encode(), 'sha256'))}"


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _fits(asked: Mapping[str, str], form: Mapping[str, str]) -> bool:
    """redirect_uri and code_verifier are those of the authorization request."""
    verifier = form.get("code_verifier", "").encode()
    return (
        form.get("grant_type") == "authorization_code"
        and form.get("redirect_uri") == asked["redirect_uri"]
        and b64(hashlib.sha256(verifier).digest()) == asked["code_challenge"]
    )
