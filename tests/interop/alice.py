"""What alice does in her browser at our provider, and what it tells everybody."""

import requests

from oauthapp.visitor import Visitor

ALICE = {"username": "alice", "password": "secret"}
ALLOW = ("decision", "allow")
DENY = ("decision", "deny")


def decide(visitor: Visitor, url: str, decision: tuple[str, str]) -> str:
    """Where her browser would be sent, once she signed in and made up her mind."""
    visitor.open(url)
    visitor.submit(ALICE)
    return visitor.redirect_of({}, button=decision)


def metadata_of(issuer: str) -> dict[str, str]:
    url = f"{issuer}/.well-known/openid-configuration"
    metadata: dict[str, str] = requests.get(url, timeout=5).json()
    return metadata
