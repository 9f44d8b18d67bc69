"""The lines as one table: for a terminal, and as the README has it."""

from collections.abc import Sequence
from typing import Any

from bench.lines.line import Beside
from bench.lines.line import Line

HEAD = ("", "ours", "floor: ours to it", "peer: ours to it", "what limits ours")


def as_text(line: Line) -> str:
    """One line, and below it what stands beside it."""
    head = f"{line.what}{_unsound(line)}"
    rows = [f"{head:58} {_figure(line.ours, line.unit):>12}"]
    for kind, besides in (("floor", line.floors), ("peer", line.peers)):
        for one in besides:
            name = f"  {kind}: {one.name}"
            rows.append(f"{name:58} {_figure(one.value, line.unit):>12} {_ratio(one)}")
    return "\n".join(rows)


def as_markdown(lines: Sequence[Line], before: dict[str, Any], after: Any) -> str:
    """The whole table, and the machine."""
    rows = [_row(HEAD), "|---|---:|---|---|---|"]
    for line in lines:
        floors, peers = (
            "<br>".join(
                f"{one.name} {_figure(one.value, line.unit)}: {_ratio(one)}"
                for one in besides
            )
            for besides in (line.floors, line.peers)
        )
        ours = _figure(line.ours, line.unit)
        what = f"{line.what}{_unsound(line)}"
        rows.append(_row((what, ours, floors, peers, line.limit)))
    return "\n".join((*rows, "", machine_text(before, after)))


def machine_text(before: dict[str, Any], after: dict[str, Any]) -> str:
    """What the figures depend on."""
    loads = " to ".join(str(one["load"][0]) for one in (before, after))
    synced = " and ".join(str(one["fdatasync_ms"]) for one in (before, after))
    return (
        f"{before['cores']} cores, Python {before['python']}, load {loads} (our own "
        f"included), fdatasync {synced} ms."
    )


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _figure(value: float, unit: str) -> str:
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:.{digits}f}{'' if unit == '/s' else ' '}{unit}"


def _ratio(one: Beside) -> str:
    if one.ratio < 0.1:
        return f"{one.ratio:.5f}".rstrip("0")[:6]
    return f"{one.ratio:.2f}" if one.ratio < 10 else f"{one.ratio:.0f}"


def _unsound(line: Line) -> str:
    return "" if line.sound else " (NOT SOUND)"
