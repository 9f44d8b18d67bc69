"""Does a test fail whatever is spoilt in the code that decides who gets in?

    python -m bench.mutate            # every file below
    python -m bench.mutate verify     # only those whose path has `verify` in it

Each mutant runs in a process of its own, in a copy of the checkout: first the tests of
its module, and in the end, if it passed them all (doubtful), the wider set. One that
passes that, too, has survived. It must be explained, as a mutant that changes nothing
anybody could notice, in `equivalent_mutants.toml`, or the exit code is 1: then a test
is missing.
"""

import os
import shutil
import sys
import time
import tomllib
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.forks import insist
from bench.forks import passes
from bench.forks import prepare
from bench.mutants import Mutant
from bench.mutants import mutants

CHECKOUT = Path(__file__).parent.parent
EXPLAINED = Path(__file__).parent / "equivalent_mutants.toml"
REDIRECT = "oauthapp/callbacks/redirect/"
TESTS = "tests/callbacks/redirect/"
WEBHOOK = "oauthapp/callbacks/webhook/"
WEBHOOK_TESTS = [
    "tests/callbacks/webhook/test_schemes.py",
    "tests/callbacks/webhook/test_verify.py",
    "tests/callbacks/webhook/test_refusals.py",
    "tests/callbacks/webhook/test_vectors.py",
    "tests/generated/test_webhook.py",
]

#: File → the tests of it, those first that notice most.
NARROW: Mapping[str, list[str]] = {
    "oauthapp/allowlist.py": ["tests/test_allowlist.py"],
    f"{REDIRECT}verify.py": [f"{TESTS}test_verify.py"],
    f"{REDIRECT}id_token_key.py": [f"{TESTS}test_id_token_key.py"],
    f"{REDIRECT}id_token.py": [f"{TESTS}test_id_token.py"],
    f"{REDIRECT}exchange.py": [
        f"{TESTS}test_exchange.py",
        "tests/safeguards/test_attacks.py",
    ],
    f"{WEBHOOK}verify.py": WEBHOOK_TESTS,
    f"{WEBHOOK}evidence.py": WEBHOOK_TESTS,
    f"{WEBHOOK}schemes.py": WEBHOOK_TESTS,
    f"{WEBHOOK}signatures.py": WEBHOOK_TESTS,
    "oauthapp/callbacks/backchannel/verify.py": [
        "tests/callbacks/backchannel/test_verify.py"
    ],
    "oauthapp/callbacks/security_event/verify.py": [
        "tests/callbacks/security_event/test_verify.py"
    ],
    "oauthapp/callbacks/result/verify.py": ["tests/callbacks/result/test_verify.py"],
}
#: For whatever survives those.
WIDE = ["tests/test_allowlist.py", "tests/callbacks", "tests/generated"]
WIDE += ["tests/attacks", "tests/safeguards"]
Key = tuple[str, str, str, str]


def main(wanted: str) -> int:
    files = [file for file in NARROW if wanted in file]
    if not files:
        raise SystemExit(f"none of the files has {wanted!r} in its path")
    explained = {key(one): one["why"] for one in explanations()}
    unexplained = 0
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "checkout"
        shutil.copytree(CHECKOUT, copy, ignore=shutil.ignore_patterns(".*", "dist"))
        os.chdir(copy)
        sys.path.insert(0, str(copy))
        os.environ["PYTHONPATH"] = str(copy)
        prepare([test for file in files for test in NARROW[file]])
        for file in files:
            unexplained += judge(file, copy / file, explained)
    return 1 if unexplained else 0


def judge(file: str, path: Path, explained: Mapping[Key, str]) -> int:
    """Try every mutant of `file`: how many survived without an explanation."""
    began = time.monotonic()
    source = path.read_text()
    tried, expected, doubtful = 0, 0, []
    for mutant in mutants(source):
        tried += 1
        write(path, mutant.source)
        # One by one: to collect them all takes longer than most mutants live.
        if not all(passes([tests]) for tests in NARROW[file]):
            continue
        why = explained.get((file, mutant.function, mutant.was, mutant.became))
        if why is None:
            doubtful.append(mutant)
        expected += why is not None
        print(told(file, mutant, why), flush=True)
    write(path, source)
    unexplained = survivors(path, doubtful)
    write(path, source)
    survived = expected + unexplained
    print(
        f"{file}: {tried} mutants, {tried - survived} killed, {survived} survived, "
        f"{unexplained} of them unexplained ({time.monotonic() - began:.0f} s)",
        flush=True,
    )
    return unexplained


def survivors(path: Path, doubtful: list[Mutant]) -> int:
    """How many of those that outlived their own tests outlive the wider set, too."""
    if doubtful:
        insist(WIDE)
    survived = 0
    for mutant in doubtful:
        write(path, mutant.source)
        alive = passes(WIDE)
        survived += alive
        print(f"{path.name}:{mutant.line}: {'SURVIVED' if alive else 'killed late'}")
    return survived


def write(path: Path, source: str) -> None:
    path.write_text(source)
    for cached in (path.parent / "__pycache__").glob(f"{path.stem}.*"):
        cached.unlink()


def explanations() -> list[dict[str, str]]:
    return tomllib.loads(EXPLAINED.read_text()).get("mutant", [])


def key(one: Mapping[str, str]) -> Key:
    return one["file"], one["function"], one["was"], one["became"]


def told(file: str, mutant: Mutant, why: str | None) -> str:
    return (
        f"{file}:{mutant.line} in {mutant.function or 'the module'}: "
        f"{'doubtful' if why is None else f'survived, because {why}'}\n"
        f"    - {mutant.was}\n    + {mutant.became}"
    )


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
