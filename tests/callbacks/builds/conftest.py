"""An app that builds; see `tests/callbacks/result/conftest.py`."""

from tests.callbacks.result.conftest import app
from tests.callbacks.result.conftest import calls
from tests.callbacks.result.conftest import clock
from tests.callbacks.result.conftest import issuer
from tests.callbacks.result.conftest import services
from tests.callers.receiver import receiver

__all__ = ["app", "calls", "clock", "issuer", "receiver", "services"]
