"""A browser that goes where it is sent, and lets a test tamper with what it brings."""

from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl
from urllib.parse import urlencode
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.test import TestResponse

Parameters = Mapping[str, str] | Iterable[tuple[str, str]]


class EvilBrowser:
    """Its cookies are `client`'s; everything it opens is at `base_url`."""

    def __init__(self, app: Flask, base_url: str) -> None:
        self.client = app.test_client()
        self.base_url = base_url

    def open(self, path: str, **options: Any) -> TestResponse:
        """Ask for `path`, and stay there."""
        options.setdefault("base_url", self.base_url)
        return self.client.open(path, **options)

    def begin(self, provider: str = "demo", **query: str) -> str:
        """Start a login: the address at the provider we are sent to."""
        answer = self.open(f"/login/{provider}", query_string=query)
        assert answer.status_code == 303, answer.text
        return answer.location

    def bring(
        self, parameters: Parameters, provider: str = "demo", **options: Any
    ) -> TestResponse:
        """Open the callback with `parameters`."""
        pairs = parameters.items() if isinstance(parameters, Mapping) else parameters
        query = urlencode(list(pairs))
        return self.open(f"/callback/{provider}", query_string=query, **options)

    def is_signed_in(self) -> bool:
        return self.open("/me").status_code == 200

    def cookie(self, name: str) -> str:
        """The cookie's value, empty when there is none."""
        host = urlsplit(self.base_url).hostname or ""
        found = self.client.get_cookie(name, host)
        return found.value if found else ""


def reason(answer: TestResponse) -> str:
    """The reason code of a refusal."""
    return answer.get_json()["error"]["code"]


def asked(location: str) -> dict[str, str]:
    """The parameters of an authorization request."""
    return dict(parse_qsl(urlsplit(location).query, keep_blank_values=True))
