"""Calls are kept without their secrets and found together again."""

import logging
from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import Engine
from sqlalchemy import text

from oauthapp.recorder.call import Call
from oauthapp.recorder.store import Recorder
from tests.recorder.calls import CALLBACK
from tests.recorder.calls import CODE
from tests.recorder.calls import CONSENT
from tests.recorder.calls import GOOD
from tests.recorder.calls import LOGIN
from tests.recorder.calls import RUN
from tests.recorder.calls import STATE

OTHER = replace(
    LOGIN,
    id="other",
    at=200.0,
    answer_headers=(("Location", "http://127.0.0.1:5001/authorize?state=other"),),
)


def keep_all(recorder: Recorder) -> None:
    for one in RUN:
        recorder.keep(one)


def begun(recorder: Recorder) -> Call:
    found = recorder.latest(party="app", method="GET", path="/login/")
    assert found is not None
    return found


def test_a_run_is_found_from_its_login(recorder: Recorder) -> None:
    keep_all(recorder)

    found = recorder.run(begun(recorder))

    assert {call.id for call in found} == {one.id for one in RUN}
    assert [call.at for call in found] == sorted(one.at for one in RUN)


def test_a_call_comes_back_as_it_was_told(
    recorder: Recorder, heard: list[Call]
) -> None:
    recorder.keep(LOGIN)

    assert begun(recorder) == heard[0]


def test_two_logins_are_two_runs(recorder: Recorder) -> None:
    keep_all(recorder)
    recorder.keep(OTHER)

    assert [call.id for call in recorder.run(begun(recorder))] == ["other"]


def test_the_latest_is_the_one_kept_last(recorder: Recorder) -> None:
    assert recorder.latest(party="app", method="GET", path="/login/") is None

    recorder.keep(OTHER)
    recorder.keep(LOGIN)

    assert begun(recorder).id == "login"


def test_a_path_inside_a_query_is_no_path(recorder: Recorder) -> None:
    recorder.keep(replace(GOOD, url="http://localhost:5000/me?next=/login/demo"))

    assert recorder.latest(party="app", method="GET", path="/login/") is None


def test_what_a_party_sent_itself_is_not_its_latest_call(recorder: Recorder) -> None:
    recorder.keep(replace(LOGIN, direction="outbound"))
    recorder.keep(replace(LOGIN, id="theirs", party="provider"))

    assert recorder.latest(party="app", method="GET", path="/login/") is None


def test_no_secret_reaches_the_disk(recorder: Recorder, database: Engine) -> None:
    keep_all(recorder)

    with database.connect() as connection:
        rows = [
            *connection.execute(text("SELECT * FROM calls")).all(),
            *connection.execute(text("SELECT * FROM call_links")).all(),
        ]
    assert rows
    for secret in (STATE, CODE, "the-sid"):
        assert secret not in str(rows)


def test_a_call_is_kept_once(recorder: Recorder) -> None:
    recorder.keep(CONSENT)
    recorder.keep(CONSENT)

    found = recorder.run(consent_in(recorder))

    assert [call.id for call in found] == ["consent"]


def consent_in(recorder: Recorder) -> Call:
    found = recorder.latest(party="provider", method="POST", path="/consent")
    assert found is not None
    return found


def test_a_recorder_that_cannot_write_fails_nobody(
    recorder: Recorder,
    database: Engine,
    heard: list[Call],
    caplog: pytest.LogCaptureFixture,
) -> None:
    with database.begin() as connection:
        connection.execute(text("DROP TABLE calls"))

    with caplog.at_level(logging.ERROR):
        recorder.keep(CALLBACK)

    assert "call callback not recorded" in caplog.text
    assert CODE not in caplog.text
    assert [call.id for call in heard] == ["callback"]


def test_a_listener_that_cannot_write_costs_no_call_and_no_other_listener(
    recorder: Recorder, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[Call] = []

    def print_on_a_full_disk(_calls: Sequence[Call]) -> None:
        raise OSError(28, "No space left on device")

    recorder.listen(print_on_a_full_disk)
    recorder.listen(told.extend)

    with caplog.at_level(logging.ERROR), recorder.in_background():
        for one in RUN:
            recorder.keep(one)
            recorder.flush()

    assert {call.id for call in told} == {one.id for one in RUN}
    assert [record.message for record in caplog.records] == [
        "1 calls not told: OSError" for _one in RUN
    ]
