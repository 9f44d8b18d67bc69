"""One complete login at any provider, by a client and a browser of our own.

Authorization request with PKCE, the provider's pages, token, userinfo. What a client
would check in addition costs the provider nothing, and is left out.
"""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs
from urllib.parse import urljoin
from urllib.parse import urlsplit

import requests

from oauthapp.forms import Form
from oauthapp.forms import forms_in

CALLBACK = "http://localhost:1/callback"
CLIENT = ("bench", "bench-secret")
#: What is written into a field of this name, wherever it is asked for.
FIELDS = {
    "username": "alice",
    "password": "alice-password",
    "login": "alice",
    "sub": "alice",
}
#: Said to every question.
ALLOW = ("decision", "allow")
#: Seconds for one answer.
TIMEOUT = 20


@dataclass(frozen=True, kw_only=True)
class Login:
    """Who came in, and how many requests it took."""

    sub: str
    requests: int


@dataclass(frozen=True, kw_only=True)
class Begun:
    """What the client asks for its tokens with, and how many requests it took."""

    form: dict[str, str]
    requests: int


def discover(issuer: str) -> dict[str, Any]:
    """The provider's metadata."""
    url = f"{issuer}/.well-known/openid-configuration"
    answer = requests.get(url, timeout=TIMEOUT)
    answer.raise_for_status()
    return dict(answer.json())


def log_in(metadata: dict[str, Any]) -> Login:
    """Sign a new browser in, from the first request to the userinfo."""
    begun = begin(metadata)
    with requests.Session() as client:
        client.trust_env = False
        told = client.post(
            metadata["token_endpoint"], auth=CLIENT, timeout=TIMEOUT, data=begun.form
        )
        assert told.status_code == 200, told.text
        token = told.json()
        assert token["id_token"]
        user = client.get(
            metadata["userinfo_endpoint"],
            headers={"Authorization": f"Bearer {token['access_token']}"},
            timeout=TIMEOUT,
        )
        assert user.status_code == 200, user.text
        return Login(sub=user.json()["sub"], requests=begun.requests + 2)


def begin(metadata: dict[str, Any]) -> Begun:
    """Sign a new browser in, up to the code."""
    verifier = secrets.token_urlsafe(32)
    challenge = hashlib.sha256(verifier.encode()).digest()
    asked = {
        "response_type": "code",
        "client_id": CLIENT[0],
        "redirect_uri": CALLBACK,
        "scope": "openid profile email",
        "state": secrets.token_urlsafe(16),
        "nonce": secrets.token_urlsafe(16),
        "code_challenge": base64.urlsafe_b64encode(challenge).decode().rstrip("="),
        "code_challenge_method": "S256",
    }
    with requests.Session() as browser:
        browser.trust_env = False
        where, steps = _walk(browser, metadata["authorization_endpoint"], asked)
    came = parse_qs(urlsplit(where).query)
    assert came["state"] == [asked["state"]], where
    form = {
        "grant_type": "authorization_code",
        "code": came["code"][0],
        "redirect_uri": CALLBACK,
        "code_verifier": verifier,
    }
    return Begun(form=form, requests=steps)


def _walk(
    browser: requests.Session, url: str, asked: dict[str, str]
) -> tuple[str, int]:
    """Where the provider sends the browser in the end, and after how many requests."""
    answer = browser.get(url, params=asked, allow_redirects=False, timeout=TIMEOUT)
    for steps in range(1, 20):
        to = answer.headers.get("Location")
        if to is not None:
            to = urljoin(answer.url, to)
            if to.startswith(CALLBACK):
                return to, steps
            answer = browser.get(to, allow_redirects=False, timeout=TIMEOUT)
            continue
        assert answer.status_code == 200, answer.text
        form = next(iter(forms_in(answer.text, answer.url)))
        answer = browser.post(
            form.action, data=_filled(form), allow_redirects=False, timeout=TIMEOUT
        )
    raise AssertionError(f"no end at {answer.url}")


def _filled(form: Form) -> dict[str, str]:
    values = {name: FIELDS.get(name, value) for name, value in form.fields.items()}
    return {**values, **dict(one for one in form.buttons if one == ALLOW)}
