"""A relying party made of a client library from npm, and the person signing in."""

from collections.abc import Callable
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from oauthapp.settings import Client
from oauthapp.visitor import Visitor
from tests.interop.node_tools import Library

ALICE = {"username": "alice", "password": "secret"}
#: Each character that is no letter is to be encoded on its way (RFC 6749 §2.3.1).
SECRET = "s: %/+"
#: How a client may prove who it is, with the secret it needs for that.
METHODS = {"client_secret_basic": SECRET, "client_secret_post": SECRET, "none": ""}

PartyWith = Callable[..., "Party"]


@dataclass(frozen=True, kw_only=True)
class Party:
    """The library, the site whose visitors it signs in, and where they do that."""

    library: Library
    visitor: Visitor
    site: str
    issuer: str

    @property
    def redirect_uri(self) -> str:
        return f"{self.site}/callback"

    def ask(self, do: str, **told: object) -> Any:
        """What the library makes of it; see the scripts in `node/`."""
        return self.library.ask(do, **told)

    def authorization_url(self, *, pushed: bool = False, **parameters: object) -> str:
        """Where the library would send the visitor."""
        asked = {
            "redirect_uri": self.redirect_uri,
            "scope": "openid profile offline_access",
            **parameters,
        }
        url: str = self.ask("authorize", pushed=pushed, parameters=asked)
        return url

    def decide(self, url: str, decision: str = "allow") -> str:
        """Sign in as alice and decide; where that leads to."""
        self.visitor.open(url)
        self.visitor.submit(ALICE)
        return self.visitor.submit({}, button=("decision", decision)).url

    def sign_in(self, **asked: Any) -> dict[str, Any]:
        """The tokens, with the `claims` that the library found in the id_token."""
        callback = self.decide(self.authorization_url(**asked))
        tokens: dict[str, Any] = self.ask("finish", callback=callback)
        return tokens

    def userinfo(self, tokens: dict[str, Any]) -> dict[str, Any]:
        """Who the tokens say it is; the library compares `sub`."""
        access_token = tokens["access_token"]
        found: dict[str, Any] = self.ask(
            "userinfo", access_token=access_token, sub="alice"
        )
        return found


def client_at(site: str, **changes: Any) -> Client:
    """How the site is registered at our provider."""
    described: dict[str, Any] = {
        "client_id": "theirs",
        "client_secret": SECRET,
        "redirect_uris": [f"{site}/callback"],
        "post_logout_redirect_uris": [f"{site}/goodbye"],
    }
    return Client(**described | changes)


def credentials(client: Client) -> dict[str, str]:
    """What the library is to know of its client."""
    told = {
        "client_id": client.client_id,
        "token_endpoint_auth_method": client.token_endpoint_auth_method,
    }
    return told | (
        {"client_secret": client.client_secret} if client.client_secret else {}
    )


def empty_page(
    _environ: object, start_response: Callable[..., object]
) -> Iterable[bytes]:
    """Every page of the site."""
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b""]
