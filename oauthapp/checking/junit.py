"""A report as JUnit XML, which every CI shows."""

from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from xml.etree.ElementTree import SubElement

from oauthapp.checking.printable import printable
from oauthapp.checking.result import Report
from oauthapp.checking.result import Result


def as_junit(report: Report) -> str:
    """A finding is a failure; what says nothing is skipped; a note is printed."""
    skipped = len(report.of("unclear")) + len(report.of("not reached"))
    suite = Element(
        "testsuite",
        name=printable(f"{report.kind} {report.url}"),
        tests=str(len(report.results)),
        failures=str(len(report.findings)),
        errors="0",
        skipped=str(skipped),
    )
    for one in report.results:
        _add(suite, report.kind, one)
    ElementTree.indent(suite)
    return ElementTree.tostring(suite, encoding="unicode", xml_declaration=True)


def _add(suite: Element, kind: str, one: Result) -> None:
    case = SubElement(suite, "testcase", classname=kind, name=one.name)
    did = printable(one.did)
    if one.verdict == "finding":
        failure = SubElement(case, "failure", message=did)
        failure.text = printable(f"{one.says}\n{one.rule}\ncorrect: {one.correct}")
    elif one.verdict in ("unclear", "not reached"):
        SubElement(case, "skipped", message=f"{one.verdict}: {did}")
    elif one.verdict == "note":
        SubElement(case, "system-out").text = did
