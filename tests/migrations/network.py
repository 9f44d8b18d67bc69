"""Parties that reach each other without a socket, so that their addresses stay."""

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from http.cookies import SimpleCookie
from io import BytesIO
from typing import Any
from urllib.parse import urljoin
from urllib.parse import urlsplit

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from requests import PreparedRequest
from requests import Response
from requests.adapters import BaseAdapter
from werkzeug.test import Client
from werkzeug.test import TestResponse

from oauthapp.forms import forms_in

#: By host and name.
Cookies = dict[str, dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Network(BaseAdapter):
    """Every origin there is."""

    parties: Mapping[str, Flask]

    def ask(self, method: str, url: str, **options: Any) -> TestResponse:
        """One request to whoever is at that address."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        client = Client(self.parties[origin], use_cookies=False)
        return client.open(
            parts.path,
            method=method,
            query_string=parts.query,
            base_url=origin,
            **options,
        )

    def send(self, request: PreparedRequest, **_options: Any) -> Response:  # type: ignore[override]
        """What a party sends, as `requests` has it done."""
        answered = self.ask(
            str(request.method),
            str(request.url),
            headers=dict(request.headers),
            data=request.body,
        )
        found = Response()
        found.status_code = answered.status_code
        found.headers.update(answered.headers)
        found.raw = BytesIO(answered.data)
        found.url, found.request = str(request.url), request
        return found

    def close(self) -> None:
        """Nothing is open."""

    def written_down(self, cookies: Cookies) -> Cookies:
        """Cookies with what a party's session says, for the session's own name."""
        return self._changed(cookies, lambda signer, said: signer.loads(said))

    def as_cookies(self, written: Cookies) -> Cookies:
        """The same signed anew: the signature says when, and is not good for years."""
        return self._changed(written, lambda signer, said: signer.dumps(said))

    def _changed(self, cookies: Cookies, change: Callable[[Any, Any], Any]) -> Cookies:
        changed = {host: dict(jar) for host, jar in cookies.items()}
        for origin, party in self.parties.items():
            jar = changed.get(urlsplit(origin).netloc, {})
            name = party.config["SESSION_COOKIE_NAME"]
            signer = SecureCookieSessionInterface().get_signing_serializer(party)
            if name in jar:
                jar[name] = change(signer, jar[name])
        return changed


@dataclass(kw_only=True)
class Person:
    """A browser whose cookies can be written down, and somebody who fills in forms."""

    network: Network
    #: By host, as cookies are.
    cookies: Cookies = field(default_factory=dict)
    page: TestResponse | None = None

    def open(self, url: str, method: str = "GET", **options: Any) -> TestResponse:
        """One request, with the cookies of its host."""
        jar = self.cookies.setdefault(urlsplit(url).netloc, {})
        sent = "; ".join(f"{name}={value}" for name, value in jar.items())
        answer = self.network.ask(method, url, headers={"Cookie": sent}, **options)
        for line in answer.headers.getlist("Set-Cookie"):
            jar.update({name: one.value for name, one in SimpleCookie(line).items()})
        self.page = answer
        return answer

    def follow(self, url: str, *, until: str = "never") -> str:
        """Go wherever it leads: the last address, or the one that has `until` in it."""
        while until not in url:
            answer = self.open(url)
            if answer.status_code != 303:
                break
            url = urljoin(url, answer.location)
        return url

    def submit(self, url: str, **values: str) -> str:
        """Send the form of the page that was opened last: where it leads to."""
        assert self.page is not None
        (form,) = forms_in(self.page.text, url)
        answer = self.open(form.action, "POST", data={**form.fields, **values})
        assert answer.status_code == 303, answer.text
        return urljoin(url, answer.location)

    def sign_in(self, url: str, *, until: str = "never") -> str:
        """From the address of a login on, as alice, who allows what is asked."""
        url = self.follow(url, until=until)
        if "/login?" in url:
            to = self.submit(url, username="alice", password="wonderland")
            url = self.follow(to, until=until)
        if "/consent?" in url:
            url = self.follow(self.submit(url, decision="allow"), until=until)
        return url
