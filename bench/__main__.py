"""How fast is it, beside what cannot be beaten and what people would use instead?

    python -m bench --json out.json

Everything that is compared runs in the same run, in turn; each figure is a median of
rounds, each ratio that of the ratios within a round. The exit code says whether all was
sound: each answer the right one, and each message kept once.
"""

import argparse
import json
import sys
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import asdict
from dataclasses import replace
from pathlib import Path

from bench.lines import growth
from bench.lines import imports
from bench.lines import memory
from bench.lines import pages
from bench.lines import parties
from bench.lines import providers
from bench.lines import webhook
from bench.lines.line import Line
from bench.lines.line import Sizes
from bench.lines.table import as_markdown
from bench.lines.table import as_text
from bench.lines.table import machine_text
from bench.machine import machine

WHOLE = Sizes(
    rounds=5,
    requests=2500,
    logins=40,
    imports=11,
    pages=25,
    calls=1_000_000,
    rows=(0, 100_000, 500_000),
)
QUICK = Sizes(
    rounds=3,
    requests=800,
    logins=12,
    imports=5,
    pages=15,
    calls=20_000,
    rows=(0, 20_000, 100_000),
)
#: What can be asked for by name.
PARTS: dict[str, Callable[[Sizes], Iterator[Line]]] = {
    "webhook": webhook.lines,
    "providers": providers.lines,
    "parties": parties.lines,
    "imports": imports.lines,
    "pages": pages.lines,
    "memory": memory.lines,
    "growth": growth.lines,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two minutes, not ten")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--iam-python", help="of a venv with pytest-iam in it")
    parser.add_argument("--markdown", action="store_true", help="the README's table")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    sizes = replace(
        QUICK if asked.quick else WHOLE,
        iam_python=asked.iam_python,
        databases=tuple(asked.databases),
    )
    before, lines = machine(), []
    with redirect_stdout(sys.stderr):  # what the parts say meanwhile
        for name in asked.only:
            for line in PARTS[name](sizes):
                print(as_text(line), flush=True)
                lines.append(line)
    after = machine()
    table = "\n".join((*map(as_text, lines), machine_text(before, after)))
    print(as_markdown(lines, before, after) if asked.markdown else table)
    if asked.json:
        rows = [asdict(one) for one in lines]
        told = {"before": before, "lines": rows, "after": after}
        asked.json.write_text(json.dumps(told, indent=1) + "\n")
    return 0 if all(line.sound for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
