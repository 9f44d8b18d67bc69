"""Fixtures for other people's tests: a provider, and both ends of webhooks.

Nothing of ours is imported before a test asks for a fixture, so a suite that asks for
none is not slowed down.
"""

from collections.abc import Callable
from collections.abc import Generator
from collections.abc import Iterator
from typing import TYPE_CHECKING
from typing import Any

import pytest

if TYPE_CHECKING:
    from oauthapp.clock import MovableClock
    from oauthapp.testing.capture import Capture
    from oauthapp.testing.config import OauthappConfig
    from oauthapp.testing.house import House
    from oauthapp.testing.provider import OAuthProvider
    from oauthapp.testing.receiver import WebhookReceiver
    from oauthapp.testing.sender import WebhookSender


@pytest.fixture(scope="session")
def oauthapp_config() -> "OauthappConfig":
    """What the provider is to be like; override it in your conftest.py."""
    from oauthapp.starting import keeping_all

    with keeping_all():
        from oauthapp.testing.config import OauthappConfig
    return OauthappConfig()


@pytest.fixture
def callback_clock() -> "MovableClock":
    """The clock of provider and sender: `callback_clock.advance(seconds)`."""
    from oauthapp.clock import MovableClock

    return MovableClock()


@pytest.fixture
def _oauthapp_house(
    oauthapp_config: "OauthappConfig", callback_clock: "MovableClock"
) -> Iterator["House"]:
    from oauthapp.starting import keeping_all

    with keeping_all():
        from oauthapp.testing.house import open_house

    with open_house(oauthapp_config, callback_clock) as house:
        yield house


@pytest.fixture
def oauth_provider(_oauthapp_house: "House") -> "OAuthProvider":
    """An OpenID provider on a free port, with users and nothing else."""
    from oauthapp.starting import keeping_all

    with keeping_all():
        return _oauthapp_house.provider()


@pytest.fixture
def webhook_sender(_oauthapp_house: "House") -> "WebhookSender":
    """Sends signed messages to your endpoint, and misbehaves as told."""
    from oauthapp.testing.sender import WebhookSender

    return WebhookSender(_oauthapp_house.services(), _oauthapp_house.clock)


@pytest.fixture
def webhook_receiver(_oauthapp_house: "House") -> "WebhookReceiver":
    """An endpoint for your sender: it verifies, records and answers as told."""
    from oauthapp.testing.receiver import receiver_in

    return receiver_in(_oauthapp_house)


@pytest.fixture
def serve_app(_oauthapp_house: "House") -> Callable[[Any], str]:
    """Your WSGI application on a free port: `origin = serve_app(app)`."""
    return _oauthapp_house.serve


@pytest.fixture
def capture(_oauthapp_house: "House") -> "Capture":
    """What provider, sender and your application heard, in order."""
    return _oauthapp_house.capture()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show with a failed test what was exchanged, and why calls were refused."""
    report = yield
    used: dict[str, Any] = getattr(item, "funcargs", {})
    house = used.get("_oauthapp_house")
    if report.when == "call" and report.failed and house is not None:
        capture = house.capture()
        report.sections.append(("oauthapp: the exchange", str(capture)))
        if failures := capture.failures():
            report.sections.append(("oauthapp: refused or failed", failures))
    return report
