"""Does a test fail whatever is spoilt in the code that decides who gets in?

    python bench/mutate.py            # every file below
    python bench/mutate.py verify     # only those whose path has `verify` in it

Each mutant runs in a fork of a process that has already imported every library, in a
copy of the checkout: first the tests of its own module, then, if they all pass, the
wider set. One that passes them all has survived. It must be explained, as a mutant
that changes nothing anybody could notice, in `equivalent_mutants.toml`, or the exit
code is 1: then a test is missing.
"""

import os
import shutil
import signal
import sys
import time
import tomllib
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from mutants import Mutant
from mutants import mutants

CHECKOUT = Path(__file__).parent.parent
EXPLAINED = Path(__file__).parent / "equivalent_mutants.toml"
REDIRECT = "oauthapp/callbacks/redirect/"
TESTS = "tests/callbacks/redirect/"
WEBHOOK = "oauthapp/callbacks/webhook/"
WEBHOOK_TESTS = [
    "tests/callbacks/webhook/test_verify.py",
    "tests/callbacks/webhook/test_schemes.py",
    "tests/callbacks/webhook/test_vectors.py",
    "tests/generated/test_webhook.py",
]

#: File → the tests of it, fastest first.
NARROW: Mapping[str, list[str]] = {
    "oauthapp/allowlist.py": ["tests/test_allowlist.py"],
    f"{REDIRECT}verify.py": [f"{TESTS}test_verify.py"],
    f"{REDIRECT}id_token_key.py": [f"{TESTS}test_id_token_key.py"],
    f"{REDIRECT}id_token.py": [f"{TESTS}test_id_token.py"],
    f"{REDIRECT}exchange.py": [f"{TESTS}test_exchange.py"],
    f"{WEBHOOK}verify.py": WEBHOOK_TESTS,
    f"{WEBHOOK}evidence.py": WEBHOOK_TESTS,
    f"{WEBHOOK}schemes.py": WEBHOOK_TESTS,
    f"{WEBHOOK}signatures.py": WEBHOOK_TESTS,
    "oauthapp/callbacks/backchannel/verify.py": [
        "tests/callbacks/backchannel/test_verify.py"
    ],
    "oauthapp/callbacks/security_event/verify.py": [
        "tests/attacks/test_e4_security_events.py"
    ],
    "oauthapp/callbacks/result/verify.py": ["tests/callbacks/result/test_verify.py"],
}
#: For whatever survives those.
WIDE = ["tests/test_allowlist.py", "tests/callbacks", "tests/generated"]
WIDE += ["tests/attacks"]
#: Seconds after which a mutant that never ends counts as killed. Far more than the
#: wider set takes: pytest ends a single test that hangs long before.
PATIENCE = 900
OPTIONS = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:cov"]
OPTIONS += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # see `prepare`

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

Key = tuple[str, str, str, str]


def main(wanted: str) -> int:
    explained = {key(one): one["why"] for one in explanations()}
    unexplained = 0
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "checkout"
        shutil.copytree(CHECKOUT, copy, ignore=shutil.ignore_patterns(".*", "dist"))
        os.chdir(copy)
        sys.path.insert(0, str(copy))
        os.environ["PYTHONPATH"] = str(copy)
        prepare()
        for file in (file for file in NARROW if wanted in file):
            unexplained += judge(file, copy / file, explained)
    return 1 if unexplained else 0


def prepare() -> None:
    """Keep the bytecode, import the libraries, and see that all is green unspoilt."""
    narrow = [test for tests in NARROW.values() for test in tests]
    passes(narrow)
    sys.dont_write_bytecode = True
    for name in LIBRARIES:
        import_module(name)
    if not passes(narrow) or not passes(WIDE):
        raise SystemExit("the tests fail already without a mutant")


def judge(file: str, path: Path, explained: Mapping[Key, str]) -> int:
    """Try every mutant of `file`: how many survived without an explanation."""
    began = time.monotonic()
    source = path.read_text()
    tried, survived, unexplained = 0, 0, 0
    for mutant in mutants(source):
        tried += 1
        path.write_text(mutant.source)
        for cached in (path.parent / "__pycache__").glob(f"{path.stem}.*"):
            cached.unlink()
        why = explained.get((file, mutant.function, mutant.was, mutant.became))
        if passes(NARROW[file]) and (why or passes(WIDE)):
            survived += 1
            unexplained += why is None
            print(told(file, mutant, why), flush=True)
    path.write_text(source)
    print(
        f"{file}: {tried} mutants, {tried - survived} killed, {survived} survived, "
        f"{unexplained} of them unexplained ({time.monotonic() - began:.0f} s)",
        flush=True,
    )
    return unexplained


def passes(tests: list[str]) -> bool:
    """Whether all of them pass, in a process of their own."""
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        failed = True
        try:
            failed = pytest.main([*OPTIONS, *tests]) != pytest.ExitCode.OK
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


def explanations() -> list[dict[str, str]]:
    return tomllib.loads(EXPLAINED.read_text()).get("mutant", [])


def key(one: Mapping[str, str]) -> Key:
    return one["file"], one["function"], one["was"], one["became"]


def told(file: str, mutant: Mutant, why: str | None) -> str:
    return (
        f"{file}:{mutant.line} in {mutant.function or 'the module'}: "
        f"{'SURVIVED' if why is None else f'survived, because {why}'}\n"
        f"    - {mutant.was}\n    + {mutant.became}"
    )


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
