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


def test_what_was_made_meanwhile_is_old_afterwards() -> None:
    with keeping_all():
        made = [[] for _ in range(10)]

    assert not any(one is young for one in made for young in gc.get_objects(0))


def test_what_somebody_froze_stays_frozen() -> None:
    gc.freeze()
    try:
        with keeping_all():
            pass
        assert gc.get_freeze_count()
    finally:
        gc.unfreeze()
