"""500 tests of the fixtures; see `bench/leaks.py`."""

import gc
import logging
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
import requests
from flask import Flask
from flask import redirect

TIMES = range(100)
#: What /proc/net/tcp calls a socket that waits for connections.
LISTENING = "0A"


def left() -> dict[str, object]:
    """What a test could leave behind in this process."""
    gc.collect()
    files = _open_files()
    sockets = {one[8:-1] for one in files if one.startswith("socket:[")}
    rows = [row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return {
        "threads": sorted(one.name for one in threading.enumerate()),
        "files": sorted(files),
        "ports": [row[1] for row in rows if row[3] == LISTENING and row[9] in sockets],
        "folders": sorted(Path(tempfile.gettempdir()).glob("oauthapp-*")),
        "collects": gc.isenabled(),
        "environment": {**os.environ, "PYTEST_CURRENT_TEST": ""},
        "handlers": list(logging.root.handlers),
        "signals": [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)],
        "place": (os.getcwd(), list(sys.path)),
    }


def _open_files() -> list[str]:
    found = []
    for one in os.listdir("/proc/self/fd"):
        try:
            found.append(os.readlink(f"/proc/self/fd/{one}"))
        except FileNotFoundError:  # the listing's own
            continue
    return found


@pytest.fixture(scope="session", autouse=True)
def own_folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Other processes' folders are none of ours."""
    tempfile.tempdir = str(tmp_path_factory.mktemp("tmp"))


@pytest.fixture(scope="session", autouse=True)
def imported(own_folder: None) -> None:
    """What is imported once is no leak."""
    from oauthapp.testing import house
    from oauthapp.testing import receiver
    from oauthapp.testing import sender
    from oauthapp.testing import signing_in

    assert house and receiver and sender and signing_in


@pytest.fixture(autouse=True)
def nothing_is_left(imported: None) -> Iterator[None]:
    before = left()
    yield
    assert left() == before


@pytest.mark.parametrize("number", TIMES)
def test_a_sign_in(number, oauth_provider):
    back = "http://localhost/callback"
    client = oauth_provider.client(back)
    assert len(oauth_provider.requests) == 0
    assert len(oauth_provider._services.settings.clients) == 1
    assert len(oauth_provider._services.settings.users) == 2
    oauth_provider.add_user(f"user-{number}")
    app = Flask(__name__)
    asked = {
        "response_type": "code",
        "scope": "openid",
        "client_id": client.client_id,
        "redirect_uri": back,
        "state": "s",
        "nonce": "n",
        "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        "code_challenge_method": "S256",
    }

    @app.get("/login")
    def login():
        return redirect(f"{oauth_provider.issuer}/authorize?{urlencode(asked)}")

    @app.get("/callback")
    def callback():
        return "back"

    browser = app.test_client()
    answer = oauth_provider.sign_in(browser, "/login", as_=f"user-{number}")
    assert answer.text == "back"
    assert len(oauth_provider.requests.to("/login", method="POST")) == 1


@pytest.mark.parametrize("number", TIMES)
def test_a_clock_and_a_key(number, oauth_provider, callback_clock):
    client = oauth_provider.client("http://localhost/callback")
    token = oauth_provider.issue_tokens(client)["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    url = f"{oauth_provider.issuer}/userinfo"
    keys = requests.get(f"{oauth_provider.issuer}/jwks", timeout=5).json()["keys"]
    assert len(keys) == 1
    if number % 20 == 0:  # to make one takes a while
        oauth_provider.rotate_keys()
    assert requests.get(url, headers=headers, timeout=5).status_code == 200
    callback_clock.advance(7200)
    assert requests.get(url, headers=headers, timeout=5).status_code == 401


@pytest.mark.parametrize("number", TIMES)
def test_a_message_that_is_repeated(number, webhook_sender, webhook_receiver):
    webhook_receiver.secret = webhook_sender.secret
    assert webhook_receiver.received == () and list(webhook_sender.attempts) == []
    webhook_receiver.answers(500)
    sent = webhook_sender.send("a", {"n": number}, to=webhook_receiver.url)
    assert [one.status for one in sent.attempts] == [500, 204]


@pytest.mark.parametrize("number", TIMES)
def test_an_application_of_its_own(number, serve_app, webhook_sender):
    app = Flask(__name__)
    app.post("/github")(lambda: str(number))
    origin = serve_app(app)
    answer = webhook_sender.post({}, to=f"{origin}/github", scheme="github")
    assert answer.text == str(number)


@pytest.mark.parametrize("number", TIMES)
def test_a_fault_that_nobody_takes(number, oauth_provider, capture, webhook_sender):
    url = f"{oauth_provider.issuer}/.well-known/openid-configuration"
    assert requests.get(url, timeout=5).status_code == 200
    oauth_provider.fault("discovery_500", times=number + 1)
    answer = requests.get(url, timeout=5)
    assert answer.status_code == 500
    assert len(capture.calls) == 2
