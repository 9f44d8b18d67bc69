"""`python -m bench.fuzz [target …] --inputs N --seed S --json out`

Without a target all of them, each with as many inputs as its share says. Needs
atheris: `python -m pip install -r bench/fuzz/requirements.txt`. The target `http` is
what strangers ask of both parties; it has a command line of its own, see `http.py`.
"""

import argparse
import json
import sys
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path

from bench.fuzz.run import Outcome
from bench.fuzz.run import run
from bench.fuzz.targets import TARGETS

#: Tables on a page.
_COLUMNS = ("target", "inputs", "seconds", "edges", "features", "memory")


def main() -> int:
    if sys.argv[1:2] == ["http"]:
        from bench.fuzz.http import main as http  # heavy, and needs no atheris

        return http(sys.argv[2:])
    asked = _asked()
    if find_spec("atheris") is None:
        print(
            "atheris is missing: python -m pip install -r bench/fuzz/requirements.txt "
            "(wheels are there for Linux on x86-64; the kept inputs are tried without "
            "it by python -m pytest tests/fuzz)",
            file=sys.stderr,
        )
        return 2
    outcomes = []
    print(" | ".join(_COLUMNS), flush=True)
    for name in asked.target or TARGETS:
        inputs = asked.inputs * TARGETS[name].share
        outcome = run(name, inputs=inputs, seed=asked.seed, keeping=asked.keep)
        outcomes.append(outcome)
        _tell(outcome)
    if asked.json:
        told = [{**asdict(one), "culprit": one.culprit.hex()} for one in outcomes]
        Path(asked.json).write_text(json.dumps(told, indent=2) + "\n")
    print(f"{sum(one.inputs for one in outcomes)} inputs")
    return 1 if any(one.bug for one in outcomes) else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.fuzz", description=__doc__)
    parser.add_argument("target", nargs="*", choices=[*TARGETS, []])
    parser.add_argument(
        "--inputs", type=int, default=1_000, help="times a target's share"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", help="write what came of it to this file")
    parser.add_argument(
        "--keep", action="store_true", help="keep in the corpus what reached new code"
    )
    return parser.parse_args()


def _tell(outcome: Outcome) -> None:
    print(" | ".join(str(getattr(outcome, name)) for name in _COLUMNS), flush=True)
    if outcome.bug:
        print(f"BUG in {outcome.target}, by {outcome.culprit!r}:\n{outcome.bug}")


if __name__ == "__main__":
    raise SystemExit(main())
