"""`oauthapp run`: a scenario played through, with a fault in it or without."""

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from oauthapp.faults import FAULTS
from oauthapp.scenarios import SCENARIOS

if TYPE_CHECKING:
    from oauthapp.demo import Demo
    from oauthapp.playing.perform import Performed

#: The pauses between attempts are this many times shorter: days become seconds.
CLOCK_FACTOR = 100_000


@click.command()
@click.argument("scenario", type=click.Choice(list(SCENARIOS)), required=False)
@click.option("--fault", type=click.Choice(list(FAULTS)), help="What is to go wrong.")
@click.option("--all", "everything", is_flag=True, help="Each scenario, each fault.")
@click.option("--list", "show", is_flag=True, help="Scenarios and their faults.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--markdown", is_flag=True, help="With --all: print a Markdown table.")
def run(
    scenario: str | None,
    fault: str | None,
    everything: bool,
    show: bool,
    as_json: bool,
    markdown: bool,
) -> None:
    """Play SCENARIO on two fresh parties, and tell what became of its callbacks.

    Exit code 0 when it went as documented, 1 when it did not.
    """
    if show:
        click.echo(_list())
        return
    if everything:
        _run_all(as_json=as_json, markdown=markdown)
        return
    if scenario is None:
        raise click.UsageError("name a SCENARIO, or say --all or --list")
    if fault and scenario not in FAULTS[fault].scenarios:
        fitting = " or ".join(FAULTS[fault].scenarios)
        raise click.UsageError(f"{fault} is a fault of {fitting}")
    with _fresh_demo() as demo:
        done = _perform(demo, scenario, fault or "")
    click.echo(_json([done]) if as_json else _in_words(done))
    sys.exit(0 if done.as_documented else 1)


def _run_all(*, as_json: bool, markdown: bool) -> None:
    from oauthapp.playing import report

    all_done = []
    with _fresh_demo() as demo:
        for scenario, fault in report.everything():
            done = _perform(demo, scenario, fault)
            all_done.append(done)
            if not (as_json or markdown):
                click.echo(report.line(done))
    if as_json:
        click.echo(_json(all_done))
    elif markdown:
        click.echo(report.markdown(all_done))
    sys.exit(0 if all(done.as_documented for done in all_done) else 1)


def _list() -> str:
    lines = []
    for scenario in SCENARIOS.values():
        lines.append(f"{scenario.name:28}  {scenario.says}")
        for fault in FAULTS.values():
            if scenario.name in fault.scenarios:
                lines.append(f"  --fault {fault.name:18}  {fault.says}")
    return "\n".join(lines)


@contextmanager
def _fresh_demo() -> Iterator["Demo"]:
    from oauthapp.demo import running_demo

    with (
        tempfile.TemporaryDirectory() as folder,
        running_demo(
            Path(folder), app_port=0, provider_port=0, clock_factor=CLOCK_FACTOR
        ) as demo,
    ):
        yield demo


def _perform(demo: "Demo", scenario: str, fault: str) -> "Performed":
    from oauthapp.demo import stage_of
    from oauthapp.playing.perform import perform

    return perform(stage_of(demo), demo.recorder, scenario, fault)


def _json(done: "list[Performed]") -> str:
    from oauthapp.playing import report

    told = [report.as_data(one) for one in done]
    return json.dumps(told[0] if len(told) == 1 else told, indent=2)


def _in_words(done: "Performed") -> str:
    from oauthapp.playing import report

    return report.in_words(done)
