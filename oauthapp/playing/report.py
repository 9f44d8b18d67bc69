"""What was played, told to people and machines. Pure."""

from collections.abc import Iterator
from collections.abc import Sequence
from typing import Any

from oauthapp.console import printable_path
from oauthapp.faults import FAULTS
from oauthapp.playing.perform import Performed
from oauthapp.playing.plays import PLAYS
from oauthapp.recorder.story_json import as_json


def everything() -> Iterator[tuple[str, str]]:
    """Each scenario that can be played, first as it should go, then each fault."""
    for scenario in PLAYS:
        yield scenario, ""
        for fault in FAULTS.values():
            if scenario in fault.scenarios:
                yield scenario, fault.name


def as_data(done: Performed) -> dict[str, Any]:
    """What was played, what came of it and every call, for machines."""
    played = done.performance
    return {
        "scenario": played.scenario,
        "fault": played.fault or None,
        "outcome": list(played.outcome),
        "documented": list(FAULTS[played.fault].outcome) if played.fault else None,
        "as_documented": done.as_documented,
        "problem": played.problem or None,
        **as_json(done.story),
    }


def line(done: Performed) -> str:
    """One line: what was played, and what came of it."""
    played = done.performance
    mark = "ok " if done.as_documented else "NO "
    came = played.problem or ", ".join(played.outcome)
    return f"{mark} {played.scenario:8} {played.fault or '-':28} {came}"


def in_words(done: Performed) -> str:
    """The calls as a table, then what came of it and what should have."""
    lines = [
        f"{step.kind:12}  {step.caller:>8} → {step.callee:8}  {step.call.method:6} "
        f"{printable_path(step.call.url):36} {step.call.status or '---'}  "
        f"{step.verdict or '-':8}  {step.call.ms:7.1f} ms"
        + (f"  {step.reason}" if step.reason else "")
        for step in done.story.steps
    ]
    return "\n".join([*lines, "", *_ending(done)])


def _ending(done: Performed) -> Iterator[str]:
    played = done.performance
    if played.fault:
        fault = FAULTS[played.fault]
        yield f"{fault.name}: {fault.says}"
        yield f"Rule:     {fault.rule}"
        yield f"Expected: {', '.join(fault.outcome)}"
    yield f"Outcome:  {played.problem or ', '.join(played.outcome)}"
    yield "As documented." if done.as_documented else "NOT as documented."


def markdown(all_done: Sequence[Performed]) -> str:
    """The outcomes as a page, each as it was just seen."""
    wrong = sum(not done.as_documented for done in all_done)
    faults = sum(bool(done.performance.fault) for done in all_done)
    lines = [
        "# What becomes of each callback when something goes wrong",
        "",
        "Written by `oauthapp run --all --markdown` from the calls that were made: "
        f"{len(all_done)} plays, {faults} of them with a fault, "
        f"{wrong} with another outcome than documented.",
        "",
        "| Scenario | Fault | What goes wrong | What became of the callbacks | Rule |",
        "|---|---|---|---|---|",
    ]
    return "\n".join([*lines, *map(_row, all_done)])


def _row(done: Performed) -> str:
    played = done.performance
    fault = FAULTS.get(played.fault)
    cells = (
        played.scenario,
        f"`{fault.name}`" if fault else "none",
        fault.says if fault else "Nothing.",
        ", ".join(f"`{words}`" for words in played.outcome) or played.problem,
        fault.rule if fault else "",
    )
    return "| " + " | ".join(cells) + " |"
