"""The provider of `tests/attacks`, at which a shop has registered."""

from tests.attacks.house import clock
from tests.attacks.provider_house import provider

__all__ = ["clock", "provider"]
