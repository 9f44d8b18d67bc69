"""A callback within one process is heard like a call."""

import pytest

from oauthapp.database import open_database
from oauthapp.errors import CallFailed
from oauthapp.recorder.call import Call
from oauthapp.recorder.call import share
from oauthapp.recorder.signal import recorded_signal
from oauthapp.recorder.store import Recorder
from oauthapp.recorder.timeline import tell
from oauthapp.schema.recorder import recorder_tables


@pytest.fixture
def heard() -> list[Call]:
    return []


@pytest.fixture
def recorder(tmp_path, heard):
    engine = open_database(f"sqlite:///{tmp_path}/recorder.sqlite", recorder_tables)
    yield Recorder(engine, "key", lambda: 100.0, listener=heard.extend)
    engine.dispose()


def test_a_signal_is_a_call_of_its_own_kind(recorder, heard) -> None:
    with recorded_signal(recorder, "provider", "job_finished", ("job", "job_1")):
        share("commit", "c1")

    (call,) = heard
    assert (call.method, call.url, call.kind) == (
        "SIGNAL",
        "signal:job_finished",
        "in-process",
    )
    assert (call.verdict, call.reason, call.status) == ("accepted", "", None)
    assert sorted(link.partition(":")[0] for link in call.links) == ["commit", "job"]


def test_what_a_receiver_raises_is_heard_and_raised(recorder, heard) -> None:
    with pytest.raises(CallFailed):
        with recorded_signal(recorder, "provider", "job_finished"):
            raise CallFailed

    assert (heard[0].verdict, heard[0].reason) == ("failed", "call_failed")


def test_an_exception_nobody_expected_is_heard_too(recorder, heard) -> None:
    with pytest.raises(KeyError):
        with recorded_signal(recorder, "provider", "job_finished"):
            raise KeyError

    assert (heard[0].verdict, heard[0].reason) == ("failed", "exception")


def test_a_party_sends_a_signal_to_itself(recorder, heard) -> None:
    with recorded_signal(recorder, "provider", "job_finished"):
        pass

    (step,) = tell(heard).steps
    assert (step.caller, step.callee) == ("provider", "provider")
    assert step.looks_like.who == "code"
