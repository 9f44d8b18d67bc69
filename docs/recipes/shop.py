"""The application under test of most recipes: people sign in, a webhook says who paid.

Flask, Authlib and standardwebhooks, each as its own documentation shows it.
"""

import json
from typing import Any

from authlib.integrations.base_client import OAuthError
from authlib.integrations.flask_client import OAuth
from flask import Flask
from flask import redirect
from flask import request
from flask import session
from joserfc.errors import JoseError
from standardwebhooks import Webhook
from standardwebhooks import WebhookVerificationError


def create_shop(discovery_url: str) -> Flask:
    """The shop; where it is and what it knows stands in its configuration."""
    app = Flask(__name__)
    app.secret_key = "a longer one, please, where it matters"
    app.config.update(
        SHOP_ORIGIN="http://localhost",
        LOGIN_CLIENT_ID="shop",
        LOGIN_CLIENT_SECRET="only for tests",
        WEBHOOK_SECRET="",
        PAID=set(),
    )
    oauth = OAuth(app)
    oauth.register(
        "login",
        server_metadata_url=discovery_url,
        client_kwargs={"scope": "openid email", "code_challenge_method": "S256"},
    )

    @app.get("/login")
    def login() -> Any:
        return oauth.login.authorize_redirect(f"{app.config['SHOP_ORIGIN']}/callback")

    @app.get("/callback")
    def callback() -> Any:
        # Unless it is told so, Authlib believes any issuer, and a token for any client.
        claims = {
            "iss": {"value": oauth.login.load_server_metadata()["issuer"]},
            "aud": {"value": app.config["LOGIN_CLIENT_ID"]},
        }
        try:
            token = oauth.login.authorize_access_token(claims_options=claims)
        except (OAuthError, JoseError) as error:
            return f"not signed in: {error}", 403
        session["user"] = token["userinfo"]["sub"]
        return redirect("/")

    @app.get("/")
    def home() -> str:
        return str(session.get("user", "nobody"))

    @app.post("/webhooks")
    def webhooks() -> Any:
        try:
            Webhook(app.config["WEBHOOK_SECRET"]).verify(
                request.data, dict(request.headers)
            )
        except WebhookVerificationError:
            return "", 400
        app.config["PAID"].add(json.loads(request.data)["data"]["order"])
        return "", 204

    return app
