"""Django views with Authlib, signed in at by Django's own test client.

In a project of yours the settings and URLs are there already.
"""

import django
import pytest
from authlib.integrations.django_client import OAuth
from django.conf import settings
from django.http import HttpRequest
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from oauthapp.testing.provider import OAuthProvider

CALLBACK = "http://testserver/callback"

settings.configure(
    ALLOWED_HOSTS=["testserver"],
    MIDDLEWARE=["django.contrib.sessions.middleware.SessionMiddleware"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="only for tests",
    SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
)
django.setup()
oauth = OAuth()


def begin(request: HttpRequest) -> HttpResponse:
    return oauth.login.authorize_redirect(request, CALLBACK)


def callback(request: HttpRequest) -> HttpResponse:
    token = oauth.login.authorize_access_token(request)
    request.session["user"] = token["userinfo"]["sub"]
    return HttpResponse(f"hello, {request.session['user']}")


urlpatterns = [path("login", begin), path("callback", callback)]


@pytest.fixture(autouse=True)
def registered(oauth_provider: OAuthProvider) -> None:
    client = oauth_provider.client(CALLBACK)
    oauth.register(
        "login",
        overwrite=True,
        client_id=client.client_id,
        client_secret=client.client_secret,
        server_metadata_url=oauth_provider.discovery_url,
        client_kwargs={"scope": "openid email", "code_challenge_method": "S256"},
    )


def test_alice_signs_in(oauth_provider: OAuthProvider) -> None:
    answer = oauth_provider.sign_in(Client(), "/login")

    assert answer.content == b"hello, alice"
