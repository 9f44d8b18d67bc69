"""The provider in process: two clients, two users and a clock that stands still."""

import base64
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import replace
from pathlib import Path
from typing import Any
from typing import cast
from urllib.parse import parse_qsl
from urllib.parse import urlencode
from urllib.parse import urlsplit

import msgspec
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from oauthapp.app import create_provider
from oauthapp.database import open_database
from oauthapp.recorder.call import Listener
from oauthapp.recorder.store import Recorder
from oauthapp.schema.recorder import recorder_tables
from oauthapp.services import ProviderServices
from oauthapp.settings import Client
from oauthapp.settings import Endpoint
from oauthapp.settings import ProviderSettings
from oauthapp.settings import User
from oauthapp.vault import MOST
from oauthapp.visitor import forms_in
from tests.attacks.house import Clock

ISSUER = "http://127.0.0.1:5001"
REDIRECT_URI = "http://localhost:5000/callback/demo"
LOGOUT_URI = "http://localhost:5000/"
RETURN_URL = "http://localhost:5000/orders/return"
VERIFIER = "v" * 43
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest())
    .rstrip(b"=")
    .decode()
)
ENDPOINT = Endpoint(
    url="http://localhost:5000/webhooks/demo",
    secret="whsec_" + base64.b64encode(b"s" * 32).decode(),
)
CLIENTS = [
    Client(
        client_id="web",
        client_secret="s3cret",
        client_name="The web app",
        redirect_uris=[REDIRECT_URI, "http://localhost:5000/callback/two?x=1"],
        post_logout_redirect_uris=[LOGOUT_URI],
        checkout_return_uris=[RETURN_URL],
    ),
    Client(
        client_id="post",
        client_secret="p%st +:ü",
        redirect_uris=["https://other.example/cb"],
        token_endpoint_auth_method="client_secret_post",
        checkout_return_uris=["https://other.example/paid?shop=1"],
    ),
    Client(
        client_id="odd:id",
        client_secret="p%st +:ü",
        redirect_uris=["http://127.0.0.1:9000/cb"],  # a web client, all the same
        post_logout_redirect_uris=["http://127.0.0.1:9000/out"],
    ),
    Client(
        client_id="api",
        client_secret="api-s3cret",
        grant_types=["client_credentials"],
        scope="openid read write",
    ),
    Client(
        client_id="jwt",
        client_secret="jwt-s3cret",
        redirect_uris=["http://localhost:5000/callback/jwt"],
        grant_types=["authorization_code", "refresh_token", "client_credentials"],
        scope="openid email offline_access read",
        access_token_format="jwt",
        audience="https://api.example",
    ),
    Client(
        client_id="native",
        redirect_uris=["http://127.0.0.1/cb", "http://[::1]/cb", "com.example.app:/cb"],
        post_logout_redirect_uris=["http://127.0.0.1/out"],
        token_endpoint_auth_method="none",
        native=True,
    ),
]
SECRETS = {one.client_id: one.client_secret for one in CLIENTS}
#: A scope that brings a refresh token.
OFFLINE = "openid email offline_access"
USERS = [
    User(
        sub="alice",
        password="wonderland",
        claims={"name": "Alice", "email": "alice@example.com", "phone_number": "1"},
    ),
    User(sub="bob", password="builder"),
]


@dataclass(frozen=True, kw_only=True)
class Provider:
    """The provider, and what a test does with it."""

    app: Flask
    services: ProviderServices

    def browser(self) -> "Browser":
        return Browser(self.app.test_client())

    def machine(self) -> FlaskClient:
        return self.app.test_client()

    def code(self, **parameters: str) -> str:
        """A code for alice, who signs in and agrees."""
        return self.browser().sign_in(**parameters)["code"]

    def redeem(self, code: str, **changes: str | None) -> TestResponse:
        """The web client exchanges a code, honestly but for `changes`."""
        form: dict[str, str | None] = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": REDIRECT_URI,
            "code_verifier": VERIFIER,
            **changes,
        }
        sent = {name: value for name, value in form.items() if value is not None}
        return self.machine().post("/token", data=sent, headers=basic("web", "s3cret"))

    def tokens(self, **parameters: str) -> dict[str, Any]:
        """The web client's tokens for alice."""
        answered: dict[str, Any] = self.redeem(self.code(**parameters)).get_json()
        return answered

    def post(self, path: str, by: str = "web", /, **form: str) -> TestResponse:
        """A client calls an endpoint, authenticated as it registered."""
        if by == "native":
            return self.machine().post(path, data={"client_id": by, **form})
        headers = basic(by, SECRETS[by])
        return self.machine().post(path, data=form, headers=headers)

    def refresh(
        self, refresh_token: str, by: str = "web", /, **form: str
    ) -> TestResponse:
        """A client changes its refresh token for new tokens."""
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token, **form}
        return self.post("/token", by, **form)

    def without(self, sub: str) -> None:
        """Take a user out of the settings, as a restart with others would."""
        settings = self.services.settings
        users = [user for user in settings.users if user.sub != sub]
        self.app.extensions["oauthapp"] = replace(
            self.services, settings=msgspec.structs.replace(settings, users=users)
        )

    def userinfo(self, access_token: str) -> TestResponse:
        headers = {"Authorization": f"Bearer {access_token}"}
        return self.machine().get("/userinfo", headers=headers)


class Browser:
    """A browser at the provider, which stops where it would leave it."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.page: TestResponse | None = None

    def authorize(self, **changes: str | None) -> TestResponse:
        """Ask as the web client asks, but for `changes`; on to where that leads."""
        return self.follow(
            self.client.get(f"/authorize?{urlencode(question(**changes))}")
        )

    def submit(self, **values: str) -> TestResponse:
        """Send the page's form with these values."""
        assert self.page is not None
        (form,) = forms_in(self.page.text, self.page.request.url)
        parts = urlsplit(form.action)
        path = f"{parts.path}?{parts.query}"
        return self.follow(self.client.post(path, data={**form.fields, **values}))

    def log_in(self, username: str = "alice", password: str = "wonderland") -> None:
        self.submit(username=username, password=password)

    def sign_in(self, **changes: str | None) -> dict[str, str]:
        """Ask, sign in and agree: the parameters of the answer."""
        self.authorize(**changes)
        self.log_in()
        assert self.page is not None
        remembered = self.page.status_code == 303
        return answered(self.page if remembered else self.submit(decision="allow"))

    def sign_in_again(self, **changes: str | None) -> dict[str, str]:
        """Ask as who is signed in and has agreed: the parameters of the answer."""
        return answered(self.authorize(**changes))

    def follow(self, answer: TestResponse) -> TestResponse:
        while answer.status_code == 303 and answer.location.startswith("/"):
            answer = self.client.get(answer.location)
        self.page = answer
        return answer


def question(**changes: str | None) -> dict[str, str]:
    """The web client's authorization request, honest but for `changes`."""
    asked: dict[str, str | None] = {
        "response_type": "code",
        "client_id": "web",
        "redirect_uri": REDIRECT_URI,
        "scope": "openid profile email",
        "state": "the state",
        "nonce": "the nonce",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        **changes,
    }
    return {name: value for name, value in asked.items() if value is not None}


def longest_state() -> int:
    """How many characters of state the request has room for."""
    return MOST - len(json.dumps(list(question(state="").items())))


def answered(answer: TestResponse) -> dict[str, str]:
    """The parameters that the browser is to carry to the client."""
    assert answer.status_code == 303, answer.text
    query = urlsplit(answer.location).query
    return dict(parse_qsl(query, keep_blank_values=True))


def basic(client_id: str, secret: str) -> dict[str, str]:
    joined = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
    return {"Authorization": f"Basic {joined}"}


@pytest.fixture
def provider(tmp_path: Path, clock: Clock) -> Iterator[Provider]:
    yield from opened(tmp_path, clock)


def opened(
    folder: Path,
    clock: Clock,
    *,
    listener: Listener | None = None,
    **settings: Any,
) -> Iterator[Provider]:
    recorded = open_database(f"sqlite:///{folder}/recorder.sqlite", recorder_tables)
    chosen: dict[str, Any] = {
        "issuer": ISSUER,
        "secret_key": "k" * 32,
        "database_url": f"sqlite:///{folder}/provider.sqlite",
        "users": USERS,
        "clients": CLIENTS,
        "endpoints": [ENDPOINT],
        "signing_alg": "ES256",
    }
    app = create_provider(
        ProviderSettings(**{**chosen, **settings}),
        Recorder(recorded, "key", clock, listener),
        clock=clock,
    )
    services = cast(ProviderServices, app.extensions["oauthapp"])
    yield Provider(app=app, services=services)
    services.http.close()
    services.database.dispose()
    recorded.dispose()
