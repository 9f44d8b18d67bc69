"""The table of checks covers every fault of a login, by names that there are."""

import pytest

from oauthapp.checking.client import duties
from oauthapp.checking.client.plays import PLAYED
from oauthapp.faults import FAULTS

NAMES = [check.name for check in duties.CHECKS]
OF_THE_REDIRECT = [
    name
    for name, one in FAULTS.items()
    if "login" in one.scenarios and one.kind == "redirect"
]


@pytest.mark.parametrize("name", OF_THE_REDIRECT)
def test_every_fault_of_a_login_is_checked_or_left_out_with_a_reason(name: str) -> None:
    assert (name in NAMES) != bool(duties.LEFT_OUT.get(name))


def test_whatever_is_said_of_a_check_is_said_of_one_that_there_is() -> None:
    said = {*duties._OPEN, *duties._UNLESS, *duties._COPE, *duties._ACCEPT}
    said |= duties._BY_SIGNATURE | duties._OF_IDENTITY

    assert said <= set(NAMES)
    assert set(duties.LEFT_OUT) <= set(OF_THE_REDIRECT)


def test_whatever_happens_in_the_browser_has_a_play() -> None:
    played = [one.name for one in duties.CHECKS if one.fault.culprit == "browser"]

    assert sorted(played) == sorted(PLAYED)


def test_nothing_makes_a_client_look_for_keys_before_a_key_is_new() -> None:
    rotated = NAMES.index("id_token_key_rotated")

    assert NAMES[rotated + 1] == "id_token_kid_unknown"
    assert all(
        name.startswith(("jwks_", "discovery_")) for name in NAMES[rotated + 2 :]
    )
