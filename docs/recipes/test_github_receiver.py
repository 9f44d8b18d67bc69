"""An endpoint for GitHub's webhooks: a signature, and no time in it."""

import hashlib
import hmac
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask import request

from oauthapp.testing.sender import WebhookSender

SECRET = "only for tests"
PUSH = {"ref": "refs/heads/main", "after": "6dcb09b5b57875f334f61aebed695e2e4193db5e"}


@pytest.fixture
def builds() -> list[str]:
    return []


@pytest.fixture
def url(builds: list[str], serve_app: Callable[[Any], str]) -> str:
    app = Flask(__name__)

    @app.post("/github")
    def github() -> Any:
        signature = hmac.new(SECRET.encode(), request.data, hashlib.sha256).hexdigest()
        given = request.headers.get("X-Hub-Signature-256", "")
        if not hmac.compare_digest(f"sha256={signature}".encode(), given.encode()):
            return "", 401
        if request.headers["X-GitHub-Event"] == "push":
            builds.append(request.json["after"])
        return "", 202

    return f"{serve_app(app)}/github"


def test_a_push_is_built(
    webhook_sender: WebhookSender, url: str, builds: list[str]
) -> None:
    answer = webhook_sender.post(
        PUSH,
        to=url,
        scheme="github",
        secret=SECRET,
        headers={"X-GitHub-Event": "push"},
    )

    assert answer.status_code == 202
    assert builds == [PUSH["after"]]


def test_somebody_else_builds_nothing(
    webhook_sender: WebhookSender, url: str, builds: list[str]
) -> None:
    answer = webhook_sender.post(PUSH, to=url, scheme="github", secret="guessed")

    assert answer.status_code == 401
    assert builds == []
