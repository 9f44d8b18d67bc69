"""While something starts nothing is thrown away, and afterwards it is as before."""

import gc
import subprocess
import sys

from oauthapp.starting import keeping_all

KEEPING = keeping_all.__module__


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


def alone(*lines: str) -> str:
    """What a process says that nobody has prepared."""
    script = "\n".join(["import gc", f"from {KEEPING} import keeping_all", *lines])
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True
    )
    return done.stdout.strip() or done.stderr


def test_what_was_made_meanwhile_is_old_afterwards() -> None:
    made = "with keeping_all(): made = [[] for _ in range(10)]"
    look = "print(any(one is young for one in made for young in gc.get_objects(0)))"

    assert alone(made, look) == "False"
    assert alone(made.partition(": ")[2], look) == "True"


def test_what_somebody_froze_stays_frozen() -> None:
    look = "print(gc.get_freeze_count() > 0)"

    assert alone("gc.freeze()", "with keeping_all(): pass", look) == "True"
    assert alone("with keeping_all(): pass", look) == "False"
