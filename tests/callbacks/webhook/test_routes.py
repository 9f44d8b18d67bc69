"""What the sender is told, and what is kept."""

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy import select
from werkzeug.test import TestResponse

from oauthapp.callbacks.webhook.process import process
from oauthapp.callbacks.webhook.store import claim
from oauthapp.recorder.call import Call
from oauthapp.schema.app import announced_sessions
from oauthapp.schema.app import inbox

Post = Callable[..., TestResponse]


@pytest.fixture
def post(app: Flask) -> Post:
    """Posts a signed message to the app."""

    def send(sent, *, source="demo", body=None, **headers) -> TestResponse:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        merged = {**sent.headers, **names}
        return app.test_client().post(
            f"/webhooks/{source}",
            data=sent.body if body is None else body,
            headers={name: value for name, value in merged.items() if value},
        )

    return send


@pytest.fixture
def kept(engine: Engine) -> Callable[[], list]:
    def rows() -> list:
        with engine.connect() as connection:
            return list(connection.execute(select(inbox)))

    return rows


def code(answer: TestResponse) -> str:
    return answer.get_json()["error"]["code"]


def test_a_message_is_kept_as_it_came_and_answered_204(post, sign, kept, clock) -> None:
    sent = sign()
    answer = post(sent)
    assert (answer.status_code, answer.data) == (204, b"")
    (row,) = kept()
    assert (row.source, row.message_id, row.body) == ("demo", "msg_1", sent.body)
    assert (row.status, row.received_at) == ("pending", clock.now)


def test_the_same_message_twice_is_204_twice_and_kept_once(
    post, sign, kept, calls
) -> None:
    sent = sign()
    assert [post(sent).status_code, post(sent).status_code] == [204, 204]
    assert len(kept()) == 1
    assert [(call.verdict, call.reason) for call in calls] == [
        ("accepted", ""),
        ("accepted", "duplicate"),
    ]


def test_eight_at_once_are_204_each_one_row_and_one_effect(
    post, sign, kept, engine, clock
) -> None:
    sent = sign()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: post(sent).status_code, range(8)))
    assert answers == [204] * 8
    assert len(kept()) == 1
    for one in claim(engine, now=clock.now, limit=10):
        process(engine, [one], now=clock.now)
    assert claim(engine, now=clock.now + 3600, limit=10) == ()
    with engine.connect() as connection:
        assert len(connection.execute(select(announced_sessions)).all()) == 1


def test_an_event_type_we_do_not_know_is_kept_too(post, sign, kept) -> None:
    assert post(sign(type="moon.rose", data={})).status_code == 204
    assert len(kept()) == 1


def test_a_kept_message_wakes_the_worker(post, sign, app) -> None:
    assert not app.extensions["oauthapp"].wake.is_set()
    post(sign())
    assert app.extensions["oauthapp"].wake.is_set()


def test_one_altered_byte_is_401_and_nothing_is_kept(post, sign, kept) -> None:
    sent = sign()
    answer = post(sent, body=sent.body.replace(b"alice", b"alicf"))
    assert (answer.status_code, code(answer)) == (401, "signature_mismatch")
    assert kept() == []


def test_another_secret_is_401(post, sign, kept) -> None:
    answer = post(sign(secret="whsec_" + "A" * 32))
    assert (answer.status_code, code(answer)) == (401, "signature_mismatch")
    assert kept() == []


@pytest.mark.parametrize(
    ("late", "reason"), [(301, "timestamp_too_old"), (-301, "timestamp_in_future")]
)
def test_a_message_of_another_time_is_401(
    post, sign, kept, clock, late, reason
) -> None:
    sent = sign()
    clock.now += late
    answer = post(sent)
    assert (answer.status_code, code(answer)) == (401, reason)
    assert kept() == []


@pytest.mark.parametrize(
    ("header", "value", "reason"),
    [
        ("webhook_id", None, "header_missing"),
        ("webhook_id", "msg.1", "message_id_malformed"),
        ("webhook_timestamp", "soon", "timestamp_malformed"),
        ("webhook_signature", "v1,???", "signature_malformed"),
    ],
)
def test_a_malformed_header_is_400(post, sign, kept, header, value, reason) -> None:
    answer = post(sign(), **{header: value})
    assert (answer.status_code, code(answer)) == (400, reason)
    assert kept() == []


def test_an_unknown_source_is_404_in_json(post, sign, kept) -> None:
    answer = post(sign(), source="nobody")
    assert (answer.status_code, code(answer)) == (404, "unknown_source")
    assert kept() == []


@pytest.mark.parametrize(
    "content_type",
    [None, "text/plain", "application/x-www-form-urlencoded", "application/jsonp"],
)
def test_anything_but_json_is_415(post, sign, kept, content_type) -> None:
    answer = post(sign(), Content_Type=content_type)
    assert (answer.status_code, code(answer)) == (415, "not_json")
    assert kept() == []


def test_a_charset_beside_the_content_type_is_fine(post, sign) -> None:
    answer = post(sign(), Content_Type="Application/JSON; charset=utf-8")
    assert answer.status_code == 204


def event_of(size: int) -> bytes:
    start, end = b'{"type":"t","timestamp":"t","data":{"x":"', b'"}}'
    return start + b"x" * (size - len(start) - len(end)) + end


def test_256_kib_are_read_and_one_byte_more_is_413(post, sign, kept) -> None:
    limit = 256 * 1024
    assert post(sign(event_of(limit))).status_code == 204
    for size in (limit + 1, 2 * limit, 8 * limit):
        answer = post(sign(event_of(size), id="msg_2"))
        assert (answer.status_code, code(answer)) == (413, "body_too_large")
    assert len(kept()) == 1


def test_a_chunked_body_is_measured_while_it_is_read(app, sign) -> None:
    limit, answers = 256 * 1024, []
    for size in (limit, limit + 1, 3 * limit):
        sent = sign(event_of(size))
        stream = io.BytesIO(sent.body)
        answer = app.test_client().post(
            "/webhooks/demo",
            headers=sent.headers,
            input_stream=stream,
            environ_overrides={"wsgi.input_terminated": True, "CONTENT_LENGTH": ""},
        )
        answers.append((answer.status_code, stream.tell() <= limit + 1))
    assert answers == [(204, True), (413, True), (413, True)]


class Broken(io.BytesIO):
    """A body whose sender goes away in the middle of it."""

    def __init__(self, body: bytes, error: Exception | None) -> None:
        super().__init__(body)
        self.error = error

    def read(self, size: int | None = -1, /) -> bytes:
        if self.error:
            raise self.error
        return super().read(size)


@pytest.mark.parametrize("error", [None, TimeoutError(), ValueError()])
def test_a_body_that_ends_too_early_is_400(app, sign, kept, error) -> None:
    sent = sign()
    body = sent.body if error else sent.body[:-1]
    answer = app.test_client().post(
        "/webhooks/demo",
        headers=sent.headers,
        input_stream=Broken(body, error),
        environ_overrides={"CONTENT_LENGTH": str(len(sent.body))},
    )
    assert answer.status_code == 400
    assert kept() == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hello",
        b"[]",
        b'{"type":"t","timestamp":"t"}',
        b'{"type":1,"timestamp":"t","data":{}}',
        b'{"type":"t","timestamp":"t","data":[]}',
        b'{"type":"t","timestamp":"t","data":{}} trailing',
        b'{"type":"t","timestamp":"t","data":{"x":' + b"[" * 100_000,
    ],
)
def test_an_authentic_message_that_is_no_event_is_422(post, sign, kept, body) -> None:
    answer = post(sign(body))
    assert (answer.status_code, code(answer)) == (422, "event_malformed")
    assert kept() == []


def test_bytes_are_verified_before_they_are_parsed(post, sign) -> None:
    answer = post(sign(b"no event"), body=b"no event either")
    assert answer.status_code == 401


def test_while_the_store_is_away_the_answer_is_503_with_retry_after(
    post, sign, engine
) -> None:
    inbox.drop(engine)
    answer = post(sign())
    assert (answer.status_code, code(answer)) == (503, "store_unavailable")
    assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_other_methods_are_405_and_told_the_right_one(app, calls, method) -> None:
    answer = app.test_client().open("/webhooks/demo", method=method, buffered=True)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "OPTIONS, POST"
    (call,) = calls
    assert (call.kind, call.verdict) == ("webhook", "refused")


def test_a_redirect_callback_that_goes_astray_is_refused(app, kept) -> None:
    client = app.test_client()
    brought = {"code": "c", "state": "s"}
    assert client.get("/webhooks/demo", query_string=brought).status_code == 405
    assert client.post("/webhooks/demo", data=brought).status_code == 415
    assert kept() == []


def test_the_recorder_hears_a_webhook_and_what_it_is_about(
    post, sign, calls: list[Call]
) -> None:
    post(sign())
    post(sign(id="msg_2"), webhook_signature="v1,???")
    accepted, refused = calls
    assert (accepted.kind, accepted.verdict) == ("webhook", "accepted")
    names = sorted(link.split(":")[0] for link in accepted.links)
    assert names == ["message", "sid"]
    assert (refused.kind, refused.verdict) == ("webhook", "refused")
    assert refused.reason == "signature_malformed"


def test_a_session_named_in_a_long_body_is_linked_too(post, sign, calls) -> None:
    # The recorder keeps only the beginning of a long body and cannot read it.
    post(sign(data={"filler": "x" * 100_000, "sid": "s1"}))
    post(sign(id="msg_2"))
    long, short = ({one for one in c.links if "sid" in one} for c in calls)
    assert long == short != set()


@pytest.mark.parametrize("origin", ["provider.example", "127.0.0.1", "::1", ""])
def test_who_asks_whether_messages_are_wanted_is_told(app, origin: str) -> None:
    headers = {"WebHook-Request-Origin": origin} if origin else {}
    answer = app.test_client().options("/webhooks/demo", headers=headers)

    assert answer.status_code == 204
    assert answer.headers.get("WebHook-Allowed-Origin") == (origin or None)
    assert answer.headers["Allow"] == "OPTIONS, POST"


@pytest.mark.parametrize("origin", ["*", "a b", "x\t", "é.example", "x" * 254])
def test_what_is_no_host_gets_no_permission(app, origin: str) -> None:
    headers = {"WebHook-Request-Origin": origin}
    answer = app.test_client().options("/webhooks/demo", headers=headers)

    assert "WebHook-Allowed-Origin" not in answer.headers


def test_nobody_wants_messages_at_an_unknown_address(app) -> None:
    assert app.test_client().options("/webhooks/unknown").status_code == 404
