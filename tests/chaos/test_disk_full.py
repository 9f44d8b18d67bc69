"""The disk is full: 503 meanwhile, nothing that was acknowledged is lost, and then on.

The database, the recorder's and the log are all on it, as on a small machine.
"""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bench.invariants import Promised
from bench.invariants import broken_messages
from bench.ledger import Ledger
from bench.wire import Answer
from bench.wire import Wire
from oauthapp.recorder.store import Recorder
from tests.chaos.replica import Replica
from tests.chaos.replica import message
from tests.chaos.replica import running_replica
from tests.chaos.settled import until


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small one of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("only root may mount a small disk, and not in every container")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def replica(disk: Path) -> Iterator[Replica]:
    urls = (f"sqlite:///{disk}/app.sqlite", f"sqlite:///{disk}/recorder.sqlite")
    with running_replica(*urls, works=True) as one:
        yield one


def test_a_full_disk_is_told_and_survived(replica: Replica, disk: Path) -> None:
    ledger = Ledger(replica.services.database)
    acknowledged: set[str] = set()
    with closing(Wire(replica.port)) as wire:
        before = post(wire, "before", acknowledged)
        with (disk / "filler").open("wb") as filler:
            fill(filler.fileno())
        full = [post(wire, f"full_{number}", acknowledged) for number in range(50)]
        (disk / "filler").unlink()
        until(lambda: post(wire, "after", acknowledged).status == 204)
        app = replica.services.database
        promised = Promised(acknowledged=acknowledged)

        until(lambda: not broken_messages(app, ledger, promised))

    assert before.status == 204
    assert {one.status for one in full} <= {204, 503}
    told = [one for one in full if one.status == 503]
    assert told and all(b"\r\nRetry-After: 5" in one.head for one in told)
    recorded_again(replica.services.recorder)


def post(wire: Wire, message_id: str, acknowledged: set[str]) -> Answer:
    answer = wire.ask(message(message_id, now=time.time()).raw)
    if answer.status == 204:
        acknowledged.add(message_id)
    return answer


def fill(descriptor: int) -> None:
    """Take all the room there is, to the last byte."""
    for size in (65536, 512, 1):
        while True:
            try:
                os.write(descriptor, b"x" * size)
            except OSError:
                break


def recorded_again(recorder: Recorder) -> None:
    """What came after the room was back is recorded."""
    newest = recorder.latest(party="app", method="POST", path="/webhooks/demo")
    assert newest is not None and newest.status == 204
