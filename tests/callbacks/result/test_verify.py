"""Is this the result of a job that we asked for?"""

import json
from dataclasses import replace
from datetime import UTC
from datetime import datetime

import pytest
from standardwebhooks import Webhook

from oauthapp.callbacks.result import refusals
from oauthapp.callbacks.result.verify import CHECKS
from oauthapp.callbacks.result.verify import Evidence
from oauthapp.callbacks.result.verify import PendingExport
from oauthapp.callbacks.result.verify import Result
from oauthapp.callbacks.result.verify import believe
from oauthapp.callbacks.result.verify import read_told
from oauthapp.callbacks.webhook import verify as signature
from oauthapp.callbacks.webhook.evidence import Evidence as Signed
from tests.callbacks.result.conftest import GOOD as DATA
from tests.callbacks.result.conftest import SECRET

NOW = 1_700_000_000


def message(
    id: str = "msg_1", type: str = "job.finished", **data: object
) -> signature.Message:
    event = {"type": type, "timestamp": "", "data": {**DATA, **data}}
    body = json.dumps(event)
    at = datetime.fromtimestamp(NOW, UTC)
    headers = {
        "webhook-id": id,
        "webhook-timestamp": str(NOW),
        "webhook-signature": Webhook(SECRET).sign(id, at, body),
    }
    return signature.believe(
        Signed(secrets=[SECRET], headers=headers, body=body.encode(), now=NOW)
    )


PENDING = PendingExport(
    export_id="export-1", provider="demo", job_id="job_1", callback_message=None
)
GOOD = Evidence(
    message=message(), told=read_told(message()), provider="demo", pending=PENDING
)
SPOILED = {
    "nobody asked": (replace(GOOD, pending=None), refusals.JobNotAsked),
    "another provider": (replace(GOOD, provider="two"), refusals.JobOfAnother),
    "another job": (
        replace(GOOD, pending=replace(PENDING, job_id="job_2")),
        refusals.JobMismatch,
    ),
    "a second one": (
        replace(GOOD, pending=replace(PENDING, callback_message="msg_0")),
        refusals.ResultTwice,
    ),
}


def test_the_good_one_is_believed() -> None:
    result = believe(GOOD)

    assert (result.export_id, result.job_id) == ("export-1", "job_1")
    assert (result.message_id, result.result) == ("msg_1", {"rows": 3})


def test_the_same_message_again_is_believed() -> None:
    again = replace(GOOD, pending=replace(PENDING, callback_message="msg_1"))

    assert believe(again).message_id == "msg_1"


def test_a_job_whose_id_we_were_not_told_yet_is_believed() -> None:
    assert believe(replace(GOOD, pending=replace(PENDING, job_id=None)))


@pytest.mark.parametrize("name", SPOILED)
def test_a_spoiled_one_is_refused(name) -> None:
    evidence, refusal = SPOILED[name]

    with pytest.raises(refusal) as refused:
        believe(evidence)
    assert refused.value.arrived == f"job 'job_1', reference {DATA['reference']!r}"


def test_each_check_can_be_off() -> None:
    off = {holds.__name__ for holds, _refusal in CHECKS}
    for evidence, _refusal in SPOILED.values():
        assert believe(evidence, off)


def test_a_message_of_another_type_is_no_result() -> None:
    with pytest.raises(refusals.NotAResult) as refused:
        read_told(message(type="t" * 99))
    assert refused.value.arrived == f"type '{'t' * 80}'"


@pytest.mark.parametrize("at", [0, 0.5, 32_503_680_000])
def test_a_moment_that_a_page_can_show_is_told(at: float) -> None:
    assert read_told(message(finished_at=at)).finished_at == at


@pytest.mark.parametrize("at", [-1, -0.5, 32_503_680_001, 1e300, "now", None])
def test_no_other_moment_is(at: object) -> None:
    with pytest.raises(refusals.NotAResult) as refused:
        read_told(message(finished_at=at))
    assert refused.value.arrived.endswith("at `$.finished_at`")


def test_every_check_has_its_case() -> None:
    assert {refusal for _, refusal in CHECKS} == {one for _, one in SPOILED.values()}


def test_nobody_else_makes_a_result() -> None:
    good = {"export_id": "export-1", "job_id": "job_1", "message_id": "msg_1"}
    for seal in (object(), None):
        with pytest.raises(TypeError, match="^a Result is made by"):
            Result(**good, result={}, finished_at=0.0, seal=seal)
