"""What the fixtures are to be like; a test suite overrides `oauthapp_config`."""

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from typing import Literal

from oauthapp.settings import User
from oauthapp.settings.examples import example_users


@dataclass(frozen=True, kw_only=True)
class OauthappConfig:
    """The provider of a test run."""

    #: Who can sign in, unless a test adds more.
    users: Sequence[User] = field(default_factory=example_users)
    #: What tokens are signed with.
    signing_alg: Literal["RS256", "ES256"] = "RS256"
    #: Name or address the provider is reached by: another one than your app's, or a
    #: browser takes both for one site.
    host: str = "127.0.0.1"
    #: 0 takes a free one.
    port: int = 0
    #: Seconds an authorization code, an access token and a session live.
    code_ttl: int = 60
    access_token_ttl: int = 3600
    session_ttl: int = 8 * 3600
