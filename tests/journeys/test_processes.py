"""App, provider and worker as three processes, on each database we support."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from oauthapp.configuration import load_settings
from oauthapp.demo_settings import write_demo_settings
from tests.journeys.processes import Parties
from tests.journeys.processes import calls
from tests.journeys.processes import calls_once_complete
from tests.journeys.processes import sign_in
from tests.journeys.processes import use_postgresql


@pytest.fixture(params=["sqlite", "postgresql"])
def parties(
    request: pytest.FixtureRequest, tmp_path: Path, free_ports: tuple[int, int]
) -> Iterator[Parties]:
    app_port, provider_port = free_ports
    config = write_demo_settings(
        tmp_path, app_port=app_port, provider_port=provider_port
    )
    if request.param == "postgresql":
        use_postgresql(config, request.getfixturevalue("postgresql"))
    settings = load_settings(config, {})
    assert settings.app is not None and settings.provider is not None
    user = settings.provider.users[0]
    with ExitStack() as stack:
        yield Parties(
            app_url=settings.app.base_url,
            user=user.sub,
            password=user.password,
            config=config,
            stack=stack,
        )


def test_a_login_reaches_the_app_twice_also_after_kill_9(parties: Parties) -> None:
    """While no worker runs its webhook waits: first in the outbox, then kept."""
    parties.start("provider")
    app, worker = parties.start("app"), parties.start("worker")
    sign_in(parties)
    assert calls_once_complete(parties)["complete"] is True

    worker.kill()
    worker.wait()
    sign_in(parties)  # the event waits in the provider's outbox
    assert calls(parties)["complete"] is False
    app.kill()
    app.wait()
    parties.start("app")
    parties.start("worker")

    assert calls_once_complete(parties)["complete"] is True
