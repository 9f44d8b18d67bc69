"""Do these tests pass? Asked again and again, each time in a new process.

It is a fork of one that has imported every library and nothing of ours, so that each
reads our files as they are by then, and begins at once.
"""

import gc
import os
import signal
import sys
import time
from importlib import import_module

import pytest
from hypothesis import Phase
from hypothesis import is_hypothesis_test
from hypothesis import settings

#: Seconds after which a mutant that never ends counts as killed. Far more than the
#: wider set takes: pytest ends a single test that hangs long before.
PATIENCE = 900
OPTIONS = ["-x", "-q", "-W", "ignore::pytest.PytestAssertRewriteWarning"]
#: None is needed here, and to import them takes longer than most mutants live.
PLUGINS = ["anyio", "cacheprovider", "cov", "hypothesispytest"]
PLUGINS += ["xdist", "xdist.looponfail"]
OPTIONS += [part for name in PLUGINS for part in ("-p", f"no:{name}")]

#: What every fork needs; nothing of ours, which each must read anew.
LIBRARIES = [
    "authlib.integrations.requests_client",
    "authlib.oauth2.rfc6749",
    "cryptography.hazmat.primitives.asymmetric.rsa",
    "flask_wtf.csrf",
    "hypothesis.strategies",
    "joserfc.jwk",
    "joserfc.jws",
    "msgspec",
    "sqlalchemy.dialects.postgresql",
    "sqlalchemy.dialects.sqlite",
    "werkzeug.serving",
    "werkzeug.test",
]


def prepare(tests: list[str]) -> None:
    """Keep the bytecode, import the libraries, and see that `tests` are green."""
    sys.dont_write_bytecode = False
    passes(["--collect-only", *tests])
    sys.dont_write_bytecode = True
    for name in LIBRARIES:
        import_module(name)
    assert "oauthapp" not in sys.modules, "no fork would read the mutant"
    # One example is enough to kill a mutant, and the same ones every time.
    plain = [Phase.explicit, Phase.generate]
    settings.register_profile("mutants", phases=plain, database=None, derandomize=True)
    settings.load_profile("mutants")
    gc.freeze()
    insist(tests)


def insist(tests: list[str]) -> None:
    if not passes(tests, shown=True):
        raise SystemExit("the tests fail already without a mutant")


class PropertiesLast:
    """What tries many values runs only if all that is quick has passed."""

    @staticmethod
    def pytest_collection_modifyitems(items: list[pytest.Function]) -> None:
        items.sort(key=lambda item: is_hypothesis_test(item.obj))


def passes(tests: list[str], *, shown: bool = False) -> bool:
    """Whether all of them pass, in a process of their own."""
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        if not shown:
            silence = os.open(os.devnull, os.O_WRONLY)
            os.dup2(silence, 1)
            os.dup2(silence, 2)
        failed = True
        try:
            done = pytest.main([*OPTIONS, *tests], [PropertiesLast()])
            failed = done != pytest.ExitCode.OK
        finally:  # never on into the caller's code, whatever was spoilt
            os._exit(failed)
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return status == 0
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return False
