"""Fixtures for other people's tests: a provider, and both ends of webhooks.

Nothing of ours is imported before a test asks for a fixture, so a suite that asks for
none is not slowed down.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from oauthapp.testing.clock import MovableClock
    from oauthapp.testing.config import OauthappConfig
    from oauthapp.testing.heard import Heard
    from oauthapp.testing.provider import OAuthProvider


@pytest.fixture(scope="session")
def oauthapp_config() -> "OauthappConfig":
    """What the provider is to be like; override it in your conftest.py."""
    from oauthapp.testing.config import OauthappConfig

    return OauthappConfig()


@pytest.fixture
def callback_clock() -> "MovableClock":
    """The clock of provider and sender: `callback_clock.advance(seconds)`."""
    from oauthapp.testing.clock import MovableClock

    return MovableClock()


@pytest.fixture
def _oauthapp_heard() -> "Heard":
    from oauthapp.testing.heard import Heard

    return Heard()


@pytest.fixture
def oauth_provider(
    oauthapp_config: "OauthappConfig",
    callback_clock: "MovableClock",
    _oauthapp_heard: "Heard",
) -> Iterator["OAuthProvider"]:
    """An OpenID provider on a free port, with users and nothing else."""
    from oauthapp.testing.house import running_provider

    with running_provider(oauthapp_config, callback_clock, _oauthapp_heard) as provider:
        yield provider
