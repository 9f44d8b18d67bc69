"""The one door outward: every call we make becomes a call."""

from collections.abc import Callable
from collections.abc import Iterator
from threading import Thread

import pytest
import requests
from werkzeug.serving import make_server
from werkzeug.wrappers import Request
from werkzeug.wrappers import Response

from oauthapp.recorder.call import Call
from oauthapp.recorder.call import Notes
from oauthapp.recorder.call import current_notes
from oauthapp.recorder.outbound import ANSWER_LIMIT
from oauthapp.recorder.outbound import AnswerTooLong
from oauthapp.recorder.outbound import recorded_session
from oauthapp.recorder.store import Recorder
from oauthapp.recorder.trace import caller_in


@pytest.fixture
def arrived() -> list[Request]:
    return []


@pytest.fixture
def url(arrived: list[Request]) -> Iterator[str]:
    @Request.application
    def answer(request: Request) -> Response:
        request.get_data()
        arrived.append(request)
        return ANSWERS[request.path]()

    server = make_server("127.0.0.1", 0, answer)
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


def _set_cookie() -> Response:
    answer = Response("ok")
    answer.set_cookie("sid", "secret-cookie")
    return answer


ANSWERS: dict[str, Callable[[], Response]] = {
    "/ok": lambda: Response('{"access_token": "secret"}', mimetype="application/json"),
    "/moved": lambda: Response(status=307, headers={"Location": "/ok?code=secret"}),
    "/long": lambda: Response(b"x" * (ANSWER_LIMIT + 1)),
    "/cookie": _set_cookie,
}


@pytest.fixture
def http(recorder: Recorder) -> Iterator[requests.Session]:
    with recorded_session(recorder, "app", reach="anywhere") as session:
        yield session


def test_what_we_send_becomes_a_call(
    http: requests.Session, url: str, heard: list[Call]
) -> None:
    answer = http.post(f"{url}/ok", data={"code": "secret"})

    assert answer.json() == {"access_token": "secret"}
    (call,) = heard
    assert (call.party, call.direction, call.method) == ("app", "outbound", "POST")
    assert (call.status, call.verdict) == (200, "")
    assert call.request_body.startswith("code=[code ")
    assert "[access_token " in call.answer_body


def test_the_other_party_is_told_the_id_of_the_call(
    http: requests.Session, url: str, heard: list[Call], arrived: list[Request]
) -> None:
    http.get(f"{url}/ok")

    assert caller_in(arrived[0].headers["traceparent"]) == heard[0].id


def test_a_redirect_is_not_followed(
    http: requests.Session, url: str, heard: list[Call], arrived: list[Request]
) -> None:
    assert http.post(f"{url}/moved", data={"code": "secret"}).status_code == 307

    assert [request.path for request in arrived] == ["/moved"]
    assert len(heard) == 1


def test_a_cookie_is_not_carried_into_the_next_call(
    http: requests.Session, url: str, arrived: list[Request]
) -> None:
    http.get(f"{url}/cookie")
    http.get(f"{url}/ok")

    assert "Cookie" not in arrived[1].headers


def test_an_answer_without_end_is_not_read_to_its_end(
    http: requests.Session, url: str, heard: list[Call]
) -> None:
    with pytest.raises(AnswerTooLong):
        http.get(f"{url}/long")

    assert (heard[0].status, heard[0].verdict) == (None, "failed")
    assert heard[0].reason == "AnswerTooLong"


def test_a_party_that_is_away_is_recorded_as_no_answer(
    http: requests.Session, heard: list[Call]
) -> None:
    with pytest.raises(requests.ConnectionError):
        http.get("http://127.0.0.1:1/")

    assert (heard[0].status, heard[0].verdict) == (None, "failed")
    assert heard[0].reason == "ConnectionError"


def test_a_call_belongs_to_the_request_that_occasioned_it(
    http: requests.Session, url: str, heard: list[Call]
) -> None:
    token = current_notes.set(Notes(call_id="parent", kind="webhook"))
    try:
        http.get(f"{url}/ok")
    finally:
        current_notes.reset(token)
    http.get(f"{url}/ok")

    assert [(call.parent_id, call.kind) for call in heard] == [
        ("parent", "webhook"),
        (None, "redirect"),
    ]


def test_a_signed_message_is_a_webhook(
    http: requests.Session, url: str, heard: list[Call]
) -> None:
    http.post(f"{url}/ok", json={}, headers={"webhook-id": "msg_1"})

    assert heard[0].kind == "webhook"


def test_a_logout_told_by_the_back_channel_is_one_too(
    http: requests.Session, url: str, heard: list[Call]
) -> None:
    http.post(f"{url}/ok", data={"logout_token": "x.y.z"})

    assert heard[0].kind == "webhook"
    assert "x.y.z" not in heard[0].request_body


def test_neither_proxy_nor_netrc_decides_where_secrets_go(
    http: requests.Session, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")

    assert http.get(f"{url}/ok").status_code == 200
