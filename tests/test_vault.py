"""What is sealed can be opened again, whatever its size."""

import pytest

from oauthapp.vault import MOST
from oauthapp.vault import seal
from oauthapp.vault import unseal

KEY = "k" * 32


@pytest.mark.parametrize("size", [0, 1, MOST - 1, MOST])
def test_what_was_sealed_opens(size: int) -> None:
    assert unseal(seal(b"x" * size, KEY), KEY) == b"x" * size


def test_what_would_not_open_is_not_sealed() -> None:
    with pytest.raises(ValueError, match="too many"):
        seal(b"x" * (MOST + 1), KEY)
