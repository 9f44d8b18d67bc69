"""What one check found, and all of them together."""

from collections.abc import Sequence
from dataclasses import asdict
from dataclasses import dataclass
from typing import Literal
from typing import get_args

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
        from oauthapp.checking.text import in_words

        return in_words(self)
