"""Attacks by messages that servers post, by the name of what has to stop them."""

import json
from collections.abc import Mapping

from oauthapp.app_workers import app_worker
from tests.attacks.house import NOW
from tests.callbacks.webhook.senders import OTHER_SYMMETRIC
from tests.callbacks.webhook.senders import SYMMETRIC
from tests.callbacks.webhook.senders import v1
from tests.safeguards.scene import Attack
from tests.safeguards.scene import Scene

AT = str(int(NOW))
BODY = b'{"type":"t","timestamp":"now","data":{}}'


def comes_in(
    scene: Scene,
    *,
    id: str = "msg_1",
    at: str = AT,
    body: bytes = BODY,
    signature: str = "",
    content_type: str = "application/json",
) -> bool:
    """Whether the app keeps this message."""
    before = scene.kept()
    headers = {
        "webhook-id": id,
        "webhook-timestamp": at,
        "webhook-signature": signature or v1(SYMMETRIC, id=id, at=at, body=body),
    }
    scene.post("/webhooks/demo", data=body, headers=headers, content_type=content_type)
    return scene.kept() == before + 1


def as_text(scene: Scene) -> bool:
    return comes_in(scene, content_type="text/plain")


def large(scene: Scene) -> bool:
    event = {"type": "t", "timestamp": "now", "data": {"much": "x" * 300_000}}
    return comes_in(scene, body=json.dumps(event).encode())


def old_message_with_a_new_id(scene: Scene) -> bool:
    """The very bytes that were signed long ago, with the dots in other places."""
    long_ago = str(int(NOW) - 10_000)
    overheard = v1(SYMMETRIC, id="msg_1", at=long_ago, body=AT.encode() + b"." + BODY)
    return comes_in(scene, id=f"msg_1.{long_ago}", at=AT, signature=overheard)


def forged(scene: Scene) -> bool:
    mine = v1(OTHER_SYMMETRIC, id="msg_1", at=AT, body=BODY)
    return comes_in(scene, signature=mine)


def old(scene: Scene) -> bool:
    return comes_in(scene, at=str(int(NOW) - 301))


def ahead(scene: Scene) -> bool:
    return comes_in(scene, at=str(int(NOW) + 301))


def sent_twice(scene: Scene) -> bool:
    """The second one is worked on, too."""
    comes_in(scene)
    worker = app_worker(scene.house.services)
    worker.run_once()
    kept = comes_in(scene)
    worker.run_once()
    return kept


ATTACKS_ON_MESSAGE: Mapping[str, Attack] = {
    "it_says_it_is_json": as_text,
    "the_body_is_not_too_large": large,
    "message_id_is_well_formed": old_message_with_a_new_id,
    "a_signature_is_theirs": forged,
    "signed_not_long_ago": old,
    "signed_not_in_the_future": ahead,
    "each_message_counts_once": sent_twice,
}
