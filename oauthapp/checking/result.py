"""What one check found, and all of them together."""

from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import asdict
from dataclasses import dataclass
from textwrap import wrap
from typing import Literal
from typing import get_args

from oauthapp.checking.printable import printable

#: "finding": to be mended. "note": worth knowing, no rule is broken. "unclear": it
#: cannot be told from outside. "not reached": the fault never came to bear.
Verdict = Literal["finding", "note", "unclear", "not reached", "passed"]
#: Of a finding: somebody gets in who must not; or it breaks, and nobody gets in.
Weight = Literal["attack", "robustness", ""]
VERDICTS: Sequence[Verdict] = get_args(Verdict)


@dataclass(frozen=True, kw_only=True)
class Result:
    """One check."""

    name: str
    #: What was done.
    says: str
    #: What has to be done about it, and where that is written.
    rule: str
    #: What a correct one does, in short.
    correct: str
    #: What this one did.
    did: str
    verdict: Verdict
    weight: Weight = ""


@dataclass(frozen=True, kw_only=True)
class Report:
    """All checks of one run, in the order in which they were made."""

    #: The command, such as "check-client".
    kind: str
    url: str
    results: Sequence[Result]
    #: How it was told, and what cannot be seen from outside.
    remarks: Sequence[str] = ()

    def of(self, verdict: Verdict) -> Sequence[Result]:
        """The results with this verdict."""
        return [one for one in self.results if one.verdict == verdict]

    @property
    def findings(self) -> Sequence[Result]:
        """What is to be mended."""
        return self.of("finding")

    @property
    def summary(self) -> str:
        """How many of each, in one line."""
        counts = [(len(self.of(verdict)), verdict) for verdict in VERDICTS]
        attacks = sum(one.weight == "attack" for one in self.findings)
        return ", ".join(
            f"{count} {verdict}" + f" ({attacks} let in)" * (verdict == "finding")
            for count, verdict in counts
            if count
        )

    def as_json(self) -> dict[str, object]:
        return {**asdict(self), "summary": self.summary}

    def __str__(self) -> str:
        return in_words(self)


_TITLES = {
    "finding": "Findings",
    "note": "Notes: no rule is broken",
    "unclear": "Unclear: it cannot be told from outside",
    "not reached": "Not reached: the fault never came to bear",
    "passed": "Passed",
}


def in_words(report: Report) -> str:
    """For people: what is to be mended first, all else in short."""
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
