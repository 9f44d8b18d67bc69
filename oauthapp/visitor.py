"""A person without a browser: opens pages, follows redirects, fills in forms.

It says in its User-Agent that it plays the browser, and otherwise behaves like one:
cookies by host, 303 followed, forms sent with the fields the page gave them.
"""

from collections.abc import Callable
from collections.abc import Mapping
from http.cookiejar import Cookie
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urljoin
from urllib.parse import urlsplit
from urllib.request import Request

import requests

from oauthapp.forms import Form
from oauthapp.forms import forms_in
from oauthapp.settings_checks import LOOPBACK_HOSTS

#: What a browser sends with every navigation (W3C Fetch Metadata).
BROWSER_HEADERS = {
    "User-Agent": "Mozilla/5.0 (oauthapp, playing the browser)",
    "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Dest": "document",
}
#: Redirects in a row after which a page is going round in circles.
MOST_REDIRECTS = 10
#: Seconds to wait for one answer.
PATIENCE = 10


class LostVisitor(Exception):
    """The page is not the one the visitor expected."""


class _LocalCookies(DefaultCookiePolicy):
    """Secure cookies are kept and sent by plain http, too, as browsers do locally."""

    def return_ok_secure(self, cookie: Cookie, request: Request) -> bool:
        local = urlsplit(request.get_full_url()).hostname in LOOPBACK_HOSTS
        return local or super().return_ok_secure(cookie, request)


class Visitor:
    """Walks through pages; `page` is the one being looked at."""

    def __init__(self, *, patience: float = PATIENCE) -> None:
        """:param patience: seconds to wait for one answer."""
        self._patience = patience
        self._http = requests.Session()
        self._http.trust_env = False
        self._http.headers.update(BROWSER_HEADERS)
        self._http.cookies.set_policy(_LocalCookies())
        self.page: requests.Response | None = None
        #: Method and address of every request, in order.
        self.visited: list[tuple[str, str]] = []
        #: Sees each address that a redirect names: it may go to another instead, or,
        #: by None, nowhere.
        self.on_the_way: Callable[[str], str | None] = lambda url: url

    def open(self, url: str, *, host: str | None = None) -> requests.Response:
        """Go to `url` and on to wherever it leads.

        :param host: what the first request says in `Host`, where that is not so.
        """
        return self._follow(self._step("GET", url, host=host))

    def post(self, url: str, fields: Mapping[str, str]) -> requests.Response:
        """Send a form that no page need have shown, and go on from there."""
        return self._follow(self._step("POST", url, fields))

    def open_json(self, url: str) -> dict[str, Any]:
        """The JSON object at `url`, asked for as a script on the page would."""
        answer = self._http.get(
            url, headers={"Accept": "application/json"}, timeout=self._patience
        )
        found: dict[str, Any] = answer.json()
        return found

    def submit(
        self, values: Mapping[str, str], *, button: tuple[str, str] | None = None
    ) -> requests.Response:
        """Fill in and send the form on the page that has these fields and button.

        :raises LostVisitor: when the page has no such form.
        """
        return self._follow(self._send(values, button))

    def redirect_of(
        self, values: Mapping[str, str], *, button: tuple[str, str] | None = None
    ) -> str:
        """The same, but stop before the redirect that it leads to: its address."""
        return self._send(values, button).headers["Location"]

    def leave(self, url: str, origin: str) -> tuple[str, dict[str, str] | None] | None:
        """Go to `url` and on, as long as that is at `origin`.

        :returns: the address elsewhere that it leads to, None at a page to be read.
        """
        return self._follow_within(self._step("GET", url), origin)

    def leave_by_form(
        self,
        values: Mapping[str, str],
        origin: str,
        *,
        button: tuple[str, str] | None = None,
    ) -> tuple[str, dict[str, str] | None] | None:
        """The same, by the form on the page that has these fields and button.

        :raises LostVisitor: when the page has no such form.
        """
        return self._follow_within(self._send(values, button), origin)

    def asked_for(self, name: str) -> bool:
        """Whether the page has a form with this field."""
        page = self.page
        forms = forms_in(page.text, page.url) if page is not None else []
        return any(name in form.fields for form in forms)

    def forget_cookie(self, name: str) -> None:
        """Lose the cookie of this name, whoever set it."""
        for cookie in [one for one in self._http.cookies if one.name == name]:
            self._http.cookies.clear(cookie.domain, cookie.path, cookie.name)

    def sees(self, button: tuple[str, str]) -> bool:
        """Whether the page has a form with this button."""
        page = self.page
        forms = forms_in(page.text, page.url) if page is not None else []
        return any(button in form.buttons for form in forms)

    def close(self) -> None:
        """Forget the cookies and close the connections."""
        self._http.close()

    def _send(
        self, values: Mapping[str, str], button: tuple[str, str] | None
    ) -> requests.Response:
        form = self._form_with(values, button)
        data = {**form.fields, **values, **dict([button] if button else [])}
        return self._step("POST", form.action, data)

    def _step(
        self,
        method: str,
        url: str,
        data: Mapping[str, str] | None = None,
        *,
        host: str | None = None,
    ) -> requests.Response:
        self.visited.append((method, url))
        return self._http.request(
            method,
            url,
            data=data,
            headers={"Host": host},
            allow_redirects=False,
            timeout=self._patience,
        )

    def _follow(self, answer: requests.Response) -> requests.Response:
        for _ in range(MOST_REDIRECTS):
            if not answer.is_redirect:
                self.page = answer
                return answer
            url = self.on_the_way(urljoin(answer.url, answer.headers["Location"]))
            if url is None:
                self.page = answer
                return answer
            answer = self._step("GET", url)
        raise LostVisitor(f"more than {MOST_REDIRECTS} redirects")

    def _follow_within(
        self, answer: requests.Response, origin: str
    ) -> tuple[str, dict[str, str] | None] | None:
        for _ in range(MOST_REDIRECTS):
            if not answer.is_redirect:
                self.page = answer
                return None
            url = urljoin(answer.url, answer.headers["Location"])
            if not url.startswith(f"{origin}/"):
                return url, None
            answer = self._step("GET", url)
        raise LostVisitor(f"more than {MOST_REDIRECTS} redirects")

    def _form_with(
        self, values: Mapping[str, str], button: tuple[str, str] | None
    ) -> Form:
        if self.page is None:
            raise LostVisitor("no page is open")
        for form in forms_in(self.page.text, self.page.url):
            has_fields = all(name in form.fields for name in values)
            if has_fields and (button is None or button in form.buttons):
                return form
        raise LostVisitor(f"no form with {sorted(values)} {button or ''} on this page")
