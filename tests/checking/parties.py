"""Relying parties and endpoints to be checked: a careless one of each."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import requests
from flask import Flask
from flask import redirect
from flask import request
from flask import session
from flask.typing import ResponseReturnValue
from standardwebhooks import Webhook

from oauthapp.testing.listening import bound
from oauthapp.testing.listening import listening

VERIFIER = "the-same-code-verifier-for-everybody-and-ever"
CHALLENGE = "l4U_TtX5316715Tg1A_4p70QBadceh3qcuQfnt98SBo"
CLIENT = {"client_id": "careless", "client_secret": "its-secret"}


@contextmanager
def served(make: Callable[[str], Any]) -> Iterator[str]:
    """What `make` makes of its own origin, on a real socket."""
    server = bound("localhost")
    origin = f"http://localhost:{server.server_port}"
    with listening(server, make(origin)):
        yield origin


def careless(issuer: str, *, asks_with: dict[str, str]) -> Callable[[str], Flask]:
    """Believes whatever comes, and leaves its errors to the framework."""

    def make(origin: str) -> Flask:
        app = Flask("careless")
        app.secret_key = "only for tests"

        @app.get("/login")
        def login() -> Any:
            asked = {
                "client_id": CLIENT["client_id"],
                "redirect_uri": f"{origin}/callback",
                "response_type": "code",
                "scope": "openid",
                "code_challenge": CHALLENGE,
                "code_challenge_method": "S256",
                **asks_with,
            }
            return redirect(f"{issuer}/authorize?{urlencode(asked)}")

        @app.route("/callback", methods=["GET", "POST"])
        def callback() -> Any:
            if "error" in request.values:
                return "no", 403
            fields = {
                "grant_type": "authorization_code",
                "code": request.values["code"],
                "redirect_uri": f"{origin}/callback",
                "code_verifier": VERIFIER,
            }
            told = requests.post(
                f"{issuer}/token", data=fields, auth=(*CLIENT.values(),), timeout=9
            ).json()
            claims = told["id_token"].split(".")[1]
            session["sub"] = json.loads(urlsafe_b64decode(claims + "=="))["sub"]
            return redirect("/")

        @app.get("/")
        def home() -> ResponseReturnValue:
            return session["sub"] if "sub" in session else ("nobody", 401)

        @app.get("/private")
        def private() -> Any:
            return session["sub"] if "sub" in session else redirect("/login")

        @app.get("/favicon")
        def favicon() -> str:
            return "the same for everybody"

        return app

    return make


def gullible_endpoint(_origin: str) -> Flask:
    """Takes everything for the sender's."""
    app = Flask("gullible")
    app.add_url_rule("/hook", view_func=lambda: ("", 204), methods=["POST"])
    return app


def endpoint(secret: str, *, remembers: bool = True) -> Callable[[str], Flask]:
    """Verifies, and counts what took effect: with its ids, each message once."""

    def make(_origin: str) -> Flask:
        app = Flask("endpoint")
        app.config["MAX_CONTENT_LENGTH"] = 100_000
        taken: list[str] = []

        @app.post("/hook")
        def hook() -> ResponseReturnValue:
            try:
                Webhook(secret).verify(request.get_data(), dict(request.headers))
            except Exception:  # it raises what json and base64 raise, too
                return "", 400
            message_id = request.headers["webhook-id"]
            if not remembers or message_id not in taken:
                taken.append(message_id)
            return "", 204

        @app.get("/effects")
        def effects() -> str:
            return str(len(taken))

        return app

    return make
