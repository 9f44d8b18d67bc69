"""A provider with repositories; see `tests/callers/jobs/conftest.py`."""

from tests.callers.jobs.conftest import calls
from tests.callers.jobs.conftest import clock
from tests.callers.jobs.conftest import open_provider
from tests.callers.jobs.conftest import provider
from tests.callers.receiver import receiver

__all__ = ["calls", "clock", "open_provider", "provider", "receiver"]
