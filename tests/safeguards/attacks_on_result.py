"""Attacks by results and by addresses to report to, by what has to stop them."""

import json
from collections.abc import Mapping
from typing import Any

from oauthapp.app_workers import app_worker
from oauthapp.app_workers import build_worker
from oauthapp.callbacks.result import store
from oauthapp.callbacks.result.store import Export
from oauthapp.database import reading
from oauthapp.database import writing
from tests.attacks.house import NOW
from tests.callbacks.webhook.senders import SYMMETRIC
from tests.callbacks.webhook.senders import v1
from tests.safeguards.scene import Attack
from tests.safeguards.scene import Scene

AT = str(int(NOW))
COMMIT = "a" * 40


def begun(scene: Scene) -> None:
    """The app has asked its provider for a job."""
    export = Export(
        export_id="export-1",
        provider="demo",
        job_id="job_1",
        created_at=NOW,
        due_at=NOW + 1000,
    )
    with writing(scene.house.services.database) as connection:
        if store.find(connection, export.export_id) is None:
            store.keep(connection, export)


def posted(scene: Scene, path: str, type: str, data: Any, *, id: str = "msg_1") -> None:
    body = json.dumps({"type": type, "timestamp": "now", "data": data}).encode()
    headers = {
        "webhook-id": id,
        "webhook-timestamp": AT,
        "webhook-signature": v1(SYMMETRIC, id=id, at=AT, body=body),
    }
    scene.post(path, data=body, headers=headers, content_type="application/json")


def is_believed(
    scene: Scene, rows: int, *, by: str = "demo", job: str = "job_1", id: str = "msg_1"
) -> bool:
    """Whether the app takes this for the result of its job."""
    begun(scene)
    data = {
        "job": job,
        "reference": "export-1",
        "status": "done",
        "result": {"rows": rows},
        "finished_at": NOW,
    }
    posted(scene, f"/results/{by}", "job.finished", data, id=id)
    with reading(scene.house.services.database) as connection:
        export = store.find(connection, "export-1")
    return export is not None and export.result == {"rows": rows}


def of_another_provider(scene: Scene) -> bool:
    return is_believed(scene, 1, by="other")


def of_another_job(scene: Scene) -> bool:
    return is_believed(scene, 1, job="job_2")


def replaced_later(scene: Scene) -> bool:
    assert is_believed(scene, 1) or scene.house.services.weaknesses.off
    return is_believed(scene, 2, id="msg_2")


def credentials_are_sent_elsewhere(scene: Scene) -> bool:
    """A push that is signed, and names an address of somebody else's."""
    path = f"/repos/demo/statuses/{COMMIT}"
    address = f"{scene.other.issuer}{path}"
    commit = COMMIT[:-1] + str(len(scene.house.calls) % 10)
    data = {"repository": "demo", "commit": commit, "statuses_url": address}
    posted(scene, "/webhooks/demo", "push", data, id=f"msg_{commit}")
    app_worker(scene.house.services).run_once()
    build_worker(scene.house.services).run_once()
    return any("Authorization" in one.headers for one in scene.other.calls(path))


ATTACKS_ON_RESULT: Mapping[str, Attack] = {
    "we_asked_this_provider": of_another_provider,
    "it_is_the_job_that_was_begun": of_another_job,
    "no_other_result_came_before": replaced_later,
    "it_is_our_providers_address": credentials_are_sent_elsewhere,
}
