"""Faults of jobs and builds happen on a running demo, and end as the table says.

Each lasts as long as a job does, so these are one of each culprit and kind; all of
them are played by `oauthapp run --all`.
"""

import pytest

from oauthapp.callbacks.result.misbehaving import RECEIVED
from oauthapp.callers.jobs.misbehaving import AFTERWARDS
from oauthapp.callers.jobs.misbehaving import INSTEAD
from oauthapp.callers.jobs.misbehaving import RAISES
from oauthapp.callers.jobs.misbehaving import TOLD
from oauthapp.callers.jobs.misbehaving import TWICE
from oauthapp.callers.repos.routes import ELSEWHERE
from oauthapp.callers.repos.routes import STATUS_500
from oauthapp.demo import Demo
from oauthapp.demo import stage_of
from oauthapp.faults import FAULTS
from oauthapp.faults.build import BUILD_FAULTS
from oauthapp.faults.job import JOB_FAULTS
from oauthapp.playing.perform import perform


@pytest.mark.parametrize(
    ("scenario", "fault"),
    [
        ("job", "result_of_another_job"),
        ("job", "callback_refused_always"),
        ("job", "job_answer_lost"),
        ("job", "poll_500"),
        ("job", "signal_receiver_raises"),
        ("build", "push_forged"),
        ("build", "push_duplicate"),
        ("build", "statuses_url_elsewhere"),
        ("build", "status_500"),
    ],
)
def test_it_ends_as_the_table_says(demo: Demo, scenario: str, fault: str) -> None:
    done = perform(stage_of(demo), demo.recorder, scenario, fault)

    assert done.performance.problem == ""
    assert done.performance.outcome == FAULTS[fault].outcome


def test_each_fault_is_done_at_one_place() -> None:
    done = [*TOLD, *RECEIVED, *INSTEAD["POST"], *INSTEAD["GET"], *AFTERWARDS]
    done += [TWICE, RAISES, ELSEWHERE, STATUS_500]

    others = [one.name for one in BUILD_FAULTS if one.kind != "webhook"]
    assert sorted(done) == sorted([*(one.name for one in JOB_FAULTS), *others])
