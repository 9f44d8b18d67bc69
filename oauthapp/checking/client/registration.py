"""How a relying party is to be registered, and what it says of that itself."""

from contextlib import closing
from dataclasses import dataclass
from dataclasses import replace
from threading import Event
from urllib.parse import parse_qs
from urllib.parse import urlsplit

from oauthapp.checking.client.walk import Case
from oauthapp.checking.client.walk import Walk
from oauthapp.errors import InputUnusable
from oauthapp.provider_pages import Person

#: Seconds between two looks whether it is there.
PAUSE = 0.5


@dataclass(frozen=True, kw_only=True)
class Registration:
    """What the relying party and the provider have to agree upon."""

    #: Where a login begins.
    url: str
    #: "": what it says itself.
    client_id: str
    client_secret: str
    redirect_uri: str
    auth_method: str

    def told(self, issuer: str) -> str:
        """What the relying party has to be configured with."""
        lines = (
            ("issuer", issuer),
            ("discovery", f"{issuer}/.well-known/openid-configuration"),
            ("client_id", self.client_id or "any"),
            ("client_secret", self.client_secret or "none"),
            ("token_endpoint_auth_method", self.auth_method),
            ("redirect_uri", self.redirect_uri or "any of its own"),
            ("code_challenge_method", "S256 (PKCE)"),
        )
        said = [f"  {name:28}{value}" for name, value in lines]
        head = f"The relying party at {self.url} needs these settings:"
        return "\n".join([head, *said])


def wait_for_client(
    wanted: Registration, issuer: str, *, seconds: float
) -> Registration:
    """The registration, completed by the question that the relying party asks.

    :raises InputUnusable: when it does not lead to the provider in so many seconds.
    """
    problem = ""
    for _ in range(max(1, int(seconds / PAUSE))):
        question, problem = _asked(wanted.url, issuer)
        if question:
            return _completed(wanted, question)
        Event().wait(PAUSE)
    raise InputUnusable(
        f"{wanted.url} does not lead to {issuer} within {seconds:g} seconds: {problem}"
    )


def _asked(url: str, issuer: str) -> tuple[str, str]:
    nobody = Person(issuer=issuer, username="", password="", decision="deny")
    with closing(Walk(Case(url=url), nobody)) as walk:
        question = walk.ask()
        return question, walk.failure or walk.landed.in_words()


def _completed(wanted: Registration, question: str) -> Registration:
    asked = {name: values[0] for name, values in _query(question).items()}
    found = replace(
        wanted,
        client_id=wanted.client_id or asked.get("client_id", ""),
        redirect_uri=wanted.redirect_uri or asked.get("redirect_uri", ""),
    )
    if not (found.client_id and found.redirect_uri):
        raise InputUnusable(
            "the question does not say client_id and redirect_uri in its URL; give "
            "--client-id and --redirect-uri"
        )
    return found


def _query(url: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(url).query)
