"""A demo for all plays of a file."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from oauthapp import demo_settings
from oauthapp.callers.sender import deliver
from oauthapp.demo import Demo
from oauthapp.demo import running_demo


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Retries come at once: the three days of a schedule are a few seconds here.

    Who has to answer has as long as ever: a busy machine is no fault of the table.
    """
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(demo_settings, "LEAST_CALL_TIME", demo_settings.CALL_TIME)
        patched.setattr(deliver, "LEAST_TIMEOUT", deliver.TIMEOUT)
        folder: Path = tmp_path_factory.mktemp("demo")
        with running_demo(
            folder, app_port=0, provider_port=0, clock_factor=1_000_000
        ) as one:
            yield one
