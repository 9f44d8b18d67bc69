"""A relying party and the browser of its user, by hand: what is sent is seen."""

import base64
import hashlib
from dataclasses import dataclass
from dataclasses import field
from typing import Any
from urllib.parse import parse_qs
from urllib.parse import urlencode
from urllib.parse import urljoin
from urllib.parse import urlsplit

import requests

from oauthapp.forms import forms_in

CALLBACK = "http://localhost:3000/callback"
VERIFIER = "v" * 43
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest())
    .rstrip(b"=")
    .decode()
)
CLIENT = ("web", "secret")


@dataclass(frozen=True, kw_only=True)
class Party:
    """The client `web` and a browser with its cookies."""

    #: The file with the certificate to trust, or whether to look at certificates.
    verify: str | bool = True
    browser: requests.Session = field(default_factory=requests.Session)

    def close(self) -> None:
        """Close its connections."""
        self.browser.close()

    def discovered(self, issuer: str) -> dict[str, Any]:
        """The metadata, which must be of that issuer."""
        found: dict[str, Any] = self.get(
            f"{issuer}/.well-known/openid-configuration"
        ).json()
        assert found["issuer"] == issuer
        return found

    def get(self, url: str, **more: Any) -> requests.Response:
        """An answer of the provider; no redirect is followed."""
        return self.browser.get(
            url, allow_redirects=False, verify=self.verify, timeout=20, **more
        )

    def post(self, url: str, **more: Any) -> requests.Response:
        """The same by POST."""
        return self.browser.post(
            url, allow_redirects=False, verify=self.verify, timeout=20, **more
        )

    def authorize(self, issuer: str) -> requests.Response:
        """The page or the redirect that answers an authorization request."""
        query = {
            "response_type": "code",
            "client_id": CLIENT[0],
            "redirect_uri": CALLBACK,
            "scope": "openid email",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
            "state": "s",
        }
        url = f"{self.discovered(issuer)['authorization_endpoint']}?{urlencode(query)}"
        return self.follow(self.get(url), issuer)

    def follow(self, answer: requests.Response, issuer: str) -> requests.Response:
        """On to the page, or the redirect that leaves the provider."""
        while answer.is_redirect:
            there = urljoin(answer.url, answer.headers["Location"])
            if there.startswith(CALLBACK):
                return answer
            assert there.startswith(f"{issuer}/"), there
            answer = self.get(there)
        return answer

    def sign_in(self, issuer: str, password: str = "alice-password") -> dict[str, str]:
        """What the redirect to the client says, after login and consent."""
        page = self.authorize(issuer)
        fields = {"username": "alice", "password": password}
        page = self.follow(self.send(page, fields), issuer)
        return self.answer(self.send(page, {"decision": "allow"}))

    def send(self, page: requests.Response, fields: dict[str, str]) -> Any:
        """Fill in the form of the page."""
        assert page.status_code == 200, page.text
        (form,) = forms_in(page.text, page.url)
        return self.post(form.action, data={**form.fields, **fields})

    def answer(self, answer: requests.Response) -> dict[str, str]:
        """The parameters that a redirect to the client carries."""
        query = urlsplit(answer.headers["Location"]).query
        return {name: values[0] for name, values in parse_qs(query).items()}

    def redeem(self, issuer: str, code: str) -> requests.Response:
        """What the token endpoint makes of a code."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
            "code_verifier": VERIFIER,
        }
        url = self.discovered(issuer)["token_endpoint"]
        return self.post(url, data=form, auth=CLIENT)

    def userinfo(self, issuer: str, access_token: str) -> requests.Response:
        """Who the token says it is."""
        bearer = {"Authorization": f"Bearer {access_token}"}
        return self.get(self.discovered(issuer)["userinfo_endpoint"], headers=bearer)
