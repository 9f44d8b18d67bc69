"""A push has one effect: its commit is to be built."""

import pytest

from oauthapp.callbacks.builds.store import latest
from oauthapp.callbacks.webhook.process import process
from oauthapp.callbacks.webhook.store import claim
from oauthapp.schema.app import inbox
from tests.callbacks.webhook.conftest import NOW

COMMIT = "0123456789abcdef" * 2 + "01234567"
DATA = {
    "repository": "demo",
    "commit": COMMIT,
    "statuses_url": f"http://127.0.0.1:5001/repos/demo/statuses/{COMMIT}",
}


@pytest.fixture
def push(app, sign):
    def pushed(id: str = "msg_1", **changes: object) -> int:
        one = sign(id=id, type="push", data={**DATA, **changes})
        answer = app.test_client().post(
            "/webhooks/demo", data=one.body, headers=one.headers
        )
        return answer.status_code

    return pushed


def settle(engine) -> list[tuple[str, str]]:
    process(engine, claim(engine, now=NOW, limit=9), now=NOW)
    with engine.connect() as connection:
        rows = connection.execute(inbox.select().order_by(inbox.c.message_id)).all()
    return [(row.status, row.reason) for row in rows]


def test_a_push_is_kept_to_be_built(push, engine) -> None:
    assert push() == 204
    assert settle(engine) == [("done", "")]

    (build,) = latest(engine)
    assert (build.source, build.repository, build.commit) == ("demo", "demo", COMMIT)
    assert build.statuses_url == DATA["statuses_url"]
    assert (build.status, build.state, build.message_id) == ("pending", None, "msg_1")


def test_a_redelivered_push_is_built_once(push, engine) -> None:
    assert [push(), push()] == [204, 204]
    settle(engine)
    push()

    assert settle(engine) == [("done", "")]
    assert len(latest(engine)) == 1


def test_the_same_commit_in_another_message_is_built_once(push, engine) -> None:
    push()
    push("msg_2", statuses_url="https://evil.example/")
    settle(engine)

    (build,) = latest(engine)
    assert build.statuses_url == DATA["statuses_url"]


@pytest.mark.parametrize(
    "changes",
    [
        {"commit": "main"},
        {"commit": "0" * 41},
        {"commit": None},
        {"repository": ""},
        {"repository": 1},
        {"statuses_url": ""},
        {"statuses_url": "http://127.0.0.1:5001/ü"},
        {"statuses_url": "x" * 2001},
        {"statuses_url": None},
    ],
    ids=lambda changes: ascii(changes)[:40],
)
def test_a_push_that_cannot_be_used_is_buried(push, engine, changes) -> None:
    push(**changes)

    assert settle(engine) == [("dead", "data_unusable")]
    assert latest(engine) == ()
