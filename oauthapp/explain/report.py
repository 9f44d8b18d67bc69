"""What was found, as text for people, as JSON, and as annotations of a workflow."""

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from typing import Final

from oauthapp.explain.answers import answers
from oauthapp.explain.document import read_document
from oauthapp.explain.find import find
from oauthapp.explain.finding import Answer
from oauthapp.explain.finding import Finding
from oauthapp.kinds import BY_KIND
from oauthapp.kinds import QUESTIONS


@dataclass(frozen=True, kw_only=True)
class Report:
    """What one document leaves open."""

    file: str
    version: str
    findings: tuple[Finding, ...]
    #: References that lead to other files; those were not read.
    elsewhere: tuple[str, ...]

    @property
    def open(self) -> int:
        return sum(bool(one.open) for one in self.findings)


def explain(raw: bytes, *, file: str) -> Report:
    """Every callback URL in an OpenAPI document, and the questions left open.

    :raises InputUnusable: when it cannot be read.
    """
    document = read_document(raw)
    subjects = find(document)
    return Report(
        file=file,
        version=document.version,
        findings=tuple(
            Finding(
                subject=one,
                line=document.line(one.pointer),
                answers=answers(one),
            )
            for one in subjects
        ),
        elsewhere=tuple(document.elsewhere),
    )


def as_text(report: Report) -> str:
    """For people: a paragraph for each URL, what is open marked."""
    lines = [f"{report.file}: {_summary(report)}"]
    for finding in report.findings:
        lines += ["", *_paragraph(finding)]
    if report.elsewhere:
        lines += ["", f"not read: {len(report.elsewhere)} references to other files"]
    return "\n".join(map(printable, lines))


def as_json(report: Report) -> dict[str, object]:
    """For programs."""
    return {
        "file": report.file,
        "openapi": report.version,
        "open": report.open,
        "findings": [_finding(one) for one in report.findings],
        "not_read": list(report.elsewhere),
    }


def as_github(report: Report) -> str:
    """Workflow commands: one warning a URL, shown at its line in the changed file."""
    lines = [printable(f"{report.file}: {_summary(report)}")]
    for one in filter(lambda one: one.open, report.findings):
        file = "" if report.file == "-" else f"file={_property(report.file)},"
        open = [f"{QUESTIONS[answer.question]} {answer.advice}" for answer in one.open]
        text = "\n".join([f"{_title(one)} leaves open:", *open])
        lines.append(f"::warning {file}line={one.line}::{_data(text)}")
    return "\n".join(lines)


FORMATS: Final[Mapping[str, Callable[[Report], Any]]] = {
    "text": as_text,
    "json": as_json,
    "github": as_github,
}


def printable(text: str) -> str:
    """`text` without what a terminal would obey."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def _summary(report: Report) -> str:
    if not report.findings:
        return "no callback URLs found"
    return f"callback URLs: {len(report.findings)}, with open questions: {report.open}"


def _title(one: Finding) -> str:
    return (
        f"{one.subject.name} ({BY_KIND[one.subject.kind].name}) of {one.subject.where}"
    )


def _paragraph(one: Finding) -> Iterator[str]:
    yield f"line {one.line}: {_title(one)}"
    yield f"  {BY_KIND[one.subject.kind].name}, since {one.subject.because}"
    width = max(map(len, QUESTIONS.values()))
    for answer in one.answers:
        yield f"  {QUESTIONS[answer.question]:{width}}  {_said(answer)}"
    yield f"  {one.subject.pointer}"


def _said(answer: Answer) -> str:
    if answer.evidence is None:
        return f"OPEN  {answer.advice}"
    return f"said  {' '.join(answer.evidence.text.split())}"


def _finding(one: Finding) -> dict[str, object]:
    return {
        "kind": one.subject.kind,
        "kind_name": BY_KIND[one.subject.kind].name,
        "because": one.subject.because,
        "name": one.subject.name,
        "where": one.subject.where,
        "pointer": one.subject.pointer,
        "line": one.line,
        "open": [answer.question for answer in one.open],
        "answers": {answer.question: _answer(answer) for answer in one.answers},
    }


def _answer(answer: Answer) -> dict[str, object]:
    if answer.evidence is None:
        return {"said": False, "advice": answer.advice}
    words, pointer = answer.evidence.text, answer.evidence.pointer
    return {"said": True, "words": words, "pointer": pointer}


def _data(text: str) -> str:
    """As a workflow command carries it: what is not escaped ends it."""
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return printable(escaped)


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
