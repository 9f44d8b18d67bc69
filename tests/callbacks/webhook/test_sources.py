"""Senders with a scheme and a schema of their own, at the door."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine
from sqlalchemy import select
from werkzeug.test import TestResponse

from oauthapp.callbacks.webhook.process import process
from oauthapp.callbacks.webhook.store import claim
from oauthapp.schema.app import inbox
from tests.callbacks.webhook.senders import BODY
from tests.callbacks.webhook.senders import NOW
from tests.callbacks.webhook.senders import github
from tests.callbacks.webhook.senders import slack
from tests.callbacks.webhook.senders import standard
from tests.callbacks.webhook.senders import stripe
from tests.callbacks.webhook.senders import v1a

SIGNERS = {"stripe": stripe, "github": github, "slack": slack}


@pytest.fixture
def post(app) -> Callable[..., TestResponse]:
    def send(source: str, headers, body=BODY, content_type="application/json"):
        headers = {**headers, "Content-Type": content_type}
        return app.test_client().post(f"/webhooks/{source}", data=body, headers=headers)

    return send


@pytest.fixture
def kept(engine: Engine) -> Callable[[], list]:
    def rows() -> list:
        with engine.connect() as connection:
            return list(connection.execute(select(inbox)))

    return rows


def code(answer: TestResponse) -> str:
    return answer.get_json()["error"]["code"]


@pytest.mark.parametrize(
    ("source", "id", "at", "event_type"),
    [
        ("stripe", "evt_1", NOW, "t"),
        ("github", "guid-1", None, "push"),
        ("slack", "Ev1", NOW, "t"),
    ],
)
def test_a_message_is_kept_under_its_id_with_its_type(
    post, kept, source, id, at, event_type
) -> None:
    assert post(source, SIGNERS[source]()).status_code == 204
    assert post(source, SIGNERS[source]()).status_code == 204
    (row,) = kept()
    assert (row.source, row.message_id, row.timestamp) == (source, id, at)
    assert (row.event_type, row.body) == (event_type, BODY)


def test_a_message_signed_by_a_private_key_is_kept(post, kept) -> None:
    assert post("public", standard(v1a())).status_code == 204
    assert kept()[0].event_type == "t"


@pytest.mark.parametrize("source", SIGNERS)
def test_a_wrong_signature_is_401(post, kept, source) -> None:
    answer = post(source, SIGNERS[source]("another secret of theirs"))
    assert (answer.status_code, code(answer)) == (401, "signature_mismatch")
    assert kept() == []


@pytest.mark.parametrize("source", SIGNERS)
@pytest.mark.parametrize("body", [b'{"a":1}', b'{"type":7,"id":[]}', b"{}"])
def test_any_object_will_do(post, kept, source, body) -> None:
    assert post(source, SIGNERS[source](body=body), body).status_code == 204
    (row,) = kept()
    assert row.event_type == ("push" if source == "github" else "")


def test_github_alone_names_the_type_in_a_header(post, kept) -> None:
    unnamed = github()
    del unnamed["X-GitHub-Event"]
    post("github", unnamed)
    post("stripe", stripe() | {"X-GitHub-Event": "push"})
    assert sorted(row.event_type for row in kept()) == ["", "t"]


@pytest.mark.parametrize("source", SIGNERS)
@pytest.mark.parametrize("body", [b"", b"hello", b"[]", b'"x"', b'{"a":', b"\xff"])
def test_what_is_no_object_is_422(post, kept, source, body) -> None:
    answer = post(source, SIGNERS[source](body=body), body)
    assert (answer.status_code, code(answer)) == (422, "event_malformed")
    assert answer.get_json()["error"]["expected"] == "a JSON object"
    assert kept() == []


@pytest.mark.parametrize("named", [b"\\u0000", b"t\\n", b"t" * 256])
def test_a_type_that_no_database_keeps_is_422(post, kept, named) -> None:
    body = b'{"type":"' + named + b'"}'
    answer = post("stripe", stripe(body=body), body)
    assert (answer.status_code, code(answer)) == (422, "event_malformed")
    answer = post("github", github() | {"X-GitHub-Event": "t" * 256})
    assert (answer.status_code, code(answer)) == (422, "event_malformed")
    assert kept() == []


@pytest.mark.parametrize("source", SIGNERS)
def test_a_form_is_415_however_well_it_is_signed(post, kept, source) -> None:
    body = b"payload=%7B%7D"
    form = "application/x-www-form-urlencoded"
    answer = post(source, SIGNERS[source](body=body), body, form)
    assert (answer.status_code, code(answer)) == (415, "not_json")
    assert kept() == []


def test_what_is_expected_is_said_in_the_senders_own_terms(post) -> None:
    answer = post("stripe", standard())
    assert code(answer) == "header_missing"
    assert answer.get_json()["error"]["expected"] == "Stripe-Signature"


@pytest.mark.parametrize("source", SIGNERS)
def test_a_kept_message_without_use_is_done(post, kept, engine, source) -> None:
    post(source, SIGNERS[source]())
    (one,) = claim(engine, now=NOW, limit=2)
    process(engine, [one], now=NOW)
    assert [row.status for row in kept()] == ["done"]


def test_an_unsigned_type_does_not_make_an_event_of_another_schema(
    post, kept, engine
) -> None:
    body = b'{"sid":"s1","sub":"alice"}'
    lie = github(body=body) | {"X-GitHub-Event": "session.created"}
    post("github", lie, body)
    (one,) = claim(engine, now=NOW, limit=2)
    process(engine, [one], now=NOW)
    assert [(row.status, row.reason) for row in kept()] == [("dead", "event_malformed")]
