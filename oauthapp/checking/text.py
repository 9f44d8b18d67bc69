"""A report for people: what is to be mended first, then all else in one line each."""

from collections.abc import Iterator
from collections.abc import Sequence
from textwrap import wrap

from oauthapp.checking.result import VERDICTS
from oauthapp.checking.result import Report
from oauthapp.checking.result import Result

_TITLES = {
    "finding": "Findings",
    "note": "Notes: no rule is broken",
    "unclear": "Unclear: it cannot be told from outside",
    "not reached": "Not reached: the fault never came to bear",
    "passed": "Passed",
}


def in_words(report: Report) -> str:
    """The whole report."""
    lines = [f"{report.kind} {report.url}: {report.summary or 'nothing was checked'}"]
    lines += [f"  {remark}" for remark in report.remarks]
    for verdict in VERDICTS:
        if some := report.of(verdict):
            lines += ["", f"{_TITLES[verdict]} ({len(some)})"]
            lines += _SHAPES.get(verdict, _together)(some)
    return printable("\n".join(lines))


def _findings(some: Sequence[Result]) -> Iterator[str]:
    yield from _at_length([one for one in some if one.weight == "attack"])
    yield from _together([one for one in some if one.weight != "attack"])


def _at_length(some: Sequence[Result]) -> Iterator[str]:
    for one in some:
        yield f"  {one.name}"
        yield f"    what it is  {one.says}"
        yield f"    rule        {one.rule}"
        yield f"    correct     {one.correct}"
        yield f"    this one    {one.did}"


def _together(some: Sequence[Result]) -> Iterator[str]:
    """Those of whom the same is to be said, in one paragraph."""
    for did in dict.fromkeys(one.did for one in some):
        names = " ".join(one.name for one in some if one.did == did)
        yield f"  {did}"
        yield from wrap(names, 84, initial_indent="    ", subsequent_indent="    ")


_SHAPES = {"finding": _findings, "note": _at_length}


def printable(text: str) -> str:
    """`text` without what would steer a terminal or break XML: others wrote of it."""
    return "".join(one if one.isprintable() or one == "\n" else "�" for one in text)
