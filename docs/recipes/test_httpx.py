"""httpx as the browser, at an application that runs anywhere: here, the shop."""

import httpx

from oauthapp.testing.provider import OAuthProvider


def test_two_people_in_two_browsers(oauth_provider: OAuthProvider, origin: str) -> None:
    with httpx.Client(base_url=origin) as one, httpx.Client(base_url=origin) as other:
        oauth_provider.sign_in(one, "/login", as_="alice")
        oauth_provider.sign_in(other, "/login", as_="bob")

        assert one.get("/").text == "alice"
        assert other.get("/").text == "bob"
