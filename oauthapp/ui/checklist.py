"""What does each safeguard do here? What recorded calls show of it. Pure."""

from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from oauthapp.faults import Fault
from oauthapp.recorder.proof_store import Proof
from oauthapp.safeguards import GROUPS
from oauthapp.safeguards import Group
from oauthapp.safeguards import Safeguard
from oauthapp.safeguards import faults_that_try

Mark = Literal["pass", "fail", "not checked"]

#: What each mark means.
MARKS: Mapping[Mark, str] = {
    "pass": "held",
    "fail": "let through",
    "not checked": "not checked yet",
}


@dataclass(frozen=True, kw_only=True)
class Checked:
    """One safeguard, and the newest call that shows whether it holds."""

    safeguard: Safeguard
    mark: Mark
    proof: Proof | None
    is_off: bool
    tried_by: Sequence[Fault]

    @property
    def says(self) -> str:
        """The mark in words."""
        return MARKS[self.mark]


@dataclass(frozen=True, kw_only=True)
class Section:
    """What was found of one group."""

    group: Group
    rows: Sequence[Checked]


def checklist(proofs: Mapping[str, Proof], off: Collection[str]) -> Sequence[Section]:
    """Every safeguard of every group."""
    sections = []
    for group in GROUPS:
        rows = [_checked(one, proofs, off) for one in group.safeguards]
        sections.append(Section(group=group, rows=rows))
    return sections


def count(sections: Sequence[Section]) -> Mapping[Mark, int]:
    """How many have each mark."""
    marks = [row.mark for section in sections for row in section.rows]
    return {mark: marks.count(mark) for mark in MARKS}


def _checked(
    safeguard: Safeguard, proofs: Mapping[str, Proof], off: Collection[str]
) -> Checked:
    shown = [(_shows(safeguard, one), one) for one in proofs.values()]
    told = [(one.number, mark, one) for mark, one in shown if mark]
    _number, mark, proof = max(told, key=lambda one: one[0], default=(0, None, None))
    return Checked(
        safeguard=safeguard,
        mark=mark or "not checked",
        proof=proof,
        is_off=safeguard.name in off,
        tried_by=faults_that_try(safeguard),
    )


def _shows(safeguard: Safeguard, proof: Proof) -> Mark | None:
    """What this call says of the safeguard, if anything."""
    became = {f"{proof.verdict} {code}" for code in proof.reason.split()}
    if not safeguard.always_on and safeguard.let_through in became:
        return "fail"
    return "pass" if safeguard.held in became else None
