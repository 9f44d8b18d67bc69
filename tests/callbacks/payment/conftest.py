"""The app of `tests/attacks`, which has a shop, and a provider that can lie."""

from tests.attacks.buying import shop
from tests.attacks.house import addresses
from tests.attacks.house import clock
from tests.attacks.house import evil
from tests.attacks.house import open_house
from tests.attacks.house import other
from tests.attacks.house import other_rsa_key
from tests.attacks.house import rsa_key

__all__ = [
    "addresses",
    "clock",
    "evil",
    "open_house",
    "other",
    "other_rsa_key",
    "rsa_key",
    "shop",
]
