"""How a party is looked at and reached in production; both may share it."""

import ipaddress
from typing import Literal

from oauthapp import settings_checks as checks
from oauthapp.settings.shape import Shape


class LogSettings(Shape, frozen=True, kw_only=True):
    """What is printed of calls and errors, and for whom."""

    #: A line that people read, or one that programs read.
    format: Literal["text", "json"] = "text"


class ServingSettings(Shape, frozen=True, kw_only=True):
    """What stands before the parties, and what they tell of themselves."""

    #: Addresses and networks of our own proxies, such as "10.0.0.0/8": what these say
    #: in X-Forwarded-For, -Proto and -Host is believed, and nobody else.
    trusted_proxies: list[str] = []
    #: Whether `/metrics` counts and answers.
    metrics: bool = False
    #: Who may read it: whoever brings this as bearer token; empty: this machine only.
    metrics_token: str = ""

    def __post_init__(self) -> None:
        for one in self.trusted_proxies:
            _require_network(one)
        if self.metrics_token and not self.metrics:
            raise ValueError("metrics_token: goes together with metrics = true")
        if self.metrics_token:
            checks.require_shared_secret("metrics_token", self.metrics_token)
        if not self.metrics_token.isascii():
            raise ValueError("metrics_token: write ASCII, as headers carry it")


def _require_network(text: str) -> None:
    try:
        ipaddress.ip_network(text)
    except ValueError:
        raise ValueError(
            f"trusted_proxies: {text!r} is no address and no network, such as "
            '"127.0.0.1" or "10.0.0.0/8"'
        ) from None
