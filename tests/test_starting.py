"""While something starts nothing is thrown away, and afterwards it is as before."""

import gc

from oauthapp.starting import keeping_all


def test_garbage_is_looked_for_again_afterwards() -> None:
    with keeping_all():
        assert not gc.isenabled()

    assert gc.isenabled()


def test_whoever_has_turned_it_off_finds_it_off() -> None:
    gc.disable()
    try:
        with keeping_all():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
