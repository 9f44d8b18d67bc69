"""The app under attack; see `tests/attacks/house.py`."""

from tests.attacks.house import addresses
from tests.attacks.house import browser
from tests.attacks.house import clock
from tests.attacks.house import ec_key
from tests.attacks.house import evil
from tests.attacks.house import house
from tests.attacks.house import open_house
from tests.attacks.house import other
from tests.attacks.house import other_rsa_key
from tests.attacks.house import rsa_key
from tests.attacks.provider_house import provider

__all__ = [
    "addresses",
    "browser",
    "clock",
    "ec_key",
    "evil",
    "house",
    "open_house",
    "other",
    "other_rsa_key",
    "provider",
    "rsa_key",
]
