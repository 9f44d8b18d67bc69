"""`python -m bench.fuzz http --inputs N --wire M --seed S`: the API, and HTTP itself.

Needs schemathesis, which the extra `test` brings.
"""

import argparse
import json
import time
import warnings
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck
from hypothesis import Phase
from hypothesis import given
from hypothesis import seed
from hypothesis import settings
from schemathesis.core.failures import FailureGroup

from bench.fuzz import api
from bench.fuzz.parties import Parties
from bench.fuzz.parties import both_parties
from bench.fuzz.wire import fuzz_wire
from oauthapp.openapi.document import Party

#: Seconds of processor time for one answer.
PATIENCE = 2.0


class Tally:
    """What came of the requests of one operation."""

    def __init__(self) -> None:
        self.statuses: Counter[int] = Counter()
        self.slowest = 0.0
        #: What was wrong, and the first request that showed it.
        self.bugs: dict[str, str] = {}

    def judge(self, case: Any, parties: Parties, party: Party) -> None:
        began = time.process_time()
        try:
            self.statuses[api.judge(case, parties, party)] += 1
        except (Exception, FailureGroup) as error:  # all that the checks may raise
            first = getattr(error, "exceptions", [error])[0]
            self.bugs.setdefault(f"{type(first).__name__}: {first}", repr(case))
        took = time.process_time() - began
        self.slowest = max(self.slowest, took)
        if took > PATIENCE:
            self.bugs.setdefault(f"took {took:.1f} s", repr(case))


def try_operation(
    operation: Any, parties: Parties, party: Party, *, inputs: int, start: int
) -> Tally:
    """`inputs` requests of one operation; fewer where there are no more of it."""
    tally = Tally()

    @seed(start)
    @settings(
        max_examples=inputs,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate,),
    )
    @given(api.cases(operation, parties))
    def each(case: Any) -> None:
        tally.judge(case, parties, party)

    each()
    return tally


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.fuzz http")
    parser.add_argument("--inputs", type=int, default=100, help="for each operation")
    parser.add_argument("--wire", type=int, default=5_000, help="raw requests a party")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", help="write what came of it to this file")
    asked = parser.parse_args(arguments)
    warnings.simplefilter("ignore")
    told: list[dict[str, Any]] = []
    with both_parties() as parties:
        for party in ("app", "provider"):
            for one in api.operations(parties, party):
                tally = try_operation(
                    one, parties, party, inputs=asked.inputs, start=asked.seed
                )
                told.append(_told(f"{party} {one.label}", tally))
    for party in ("app", "provider"):
        told.append(fuzz_wire(party, inputs=asked.wire, seed=asked.seed))
        print(json.dumps(told[-1]), flush=True)
    if asked.json:
        Path(asked.json).write_text(json.dumps(told, indent=2) + "\n")
    print(f"{sum(one['inputs'] for one in told)} requests")
    return 1 if any(one["bugs"] for one in told) else 0


def _told(name: str, tally: Tally) -> dict[str, Any]:
    told = {
        "what": name,
        "inputs": tally.statuses.total() + len(tally.bugs),
        "statuses": dict(sorted(tally.statuses.items())),
        "slowest": round(tally.slowest, 2),
        "bugs": tally.bugs,
    }
    print(json.dumps(told), flush=True)
    return told
