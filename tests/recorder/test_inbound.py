"""Every request a party answers becomes a call."""

from collections.abc import Iterable
from wsgiref.types import StartResponse

import pytest
from werkzeug.test import Client
from werkzeug.test import create_environ
from werkzeug.wrappers import Request
from werkzeug.wrappers import Response

from oauthapp.recorder.call import Call
from oauthapp.recorder.call import current_notes
from oauthapp.recorder.call import note
from oauthapp.recorder.call import share
from oauthapp.recorder.inbound import BODY_LIMIT
from oauthapp.recorder.inbound import RecordInbound
from oauthapp.recorder.store import Recorder

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@Request.application
def app(request: Request) -> Response:
    """Answers by path what a test needs."""
    if request.path == "/crash":
        note(kind="webhook")
        raise ZeroDivisionError
    if request.path == "/note":
        note(kind="webhook", verdict="refused", reason="because")
        share("sid", "the-sid")
    size = len(request.get_data())
    return Response(f'{{"size": {size}}}', mimetype="application/json")


@pytest.fixture
def client(recorder: Recorder) -> Client:
    ignore = ("/", "/static")
    return Client(RecordInbound(app, recorder, "app", ignore=ignore))


def test_a_request_becomes_a_call(client: Client, heard: list[Call]) -> None:
    client.get("/x?code=secret", headers={"X-One": "1"})

    (call,) = heard
    assert (call.party, call.direction, call.method) == ("app", "inbound", "GET")
    assert call.url.startswith("http://localhost/x?code=[code ")
    assert ("X-One", "1") in call.request_headers
    assert ("Content-Type", "application/json") in call.answer_headers
    assert (call.status, call.answer_body) == (200, '{"size": 0}')
    assert (call.kind, call.verdict, call.caller_id) == ("redirect", "", None)


@pytest.mark.parametrize(
    ("length", "pieces", "at_which"),
    [
        ("3", [b"abc"], 1),
        ("3", [b"ab", b"c"], 2),
        ("3", [b"abc", b""], 1),
        ("3", [b"abc", b"d"], 1),
        ("4", [b"abc"], None),
        ("0", [b""], 1),
        ("0", [], None),
        ("x", [b"abc"], None),
        (None, [b"abc"], None),
    ],
)
def test_a_call_is_kept_once_and_before_its_caller_has_the_whole_answer(
    recorder: Recorder,
    heard: list[Call],
    length: str | None,
    pieces: list[bytes],
    at_which: int | None,
) -> None:
    def answering(_environ: object, start_response: StartResponse) -> Iterable[bytes]:
        headers = [] if length is None else [("content-length", length)]
        start_response("200 OK", headers)
        return pieces

    def start(_status: str, _headers: object) -> None:
        pass

    recorded = RecordInbound(answering, recorder, "app", ignore=())
    kept_after = []
    for number, _ in enumerate(recorded(create_environ("/x"), start), start=1):
        kept_after += [number] * (len(heard) - len(kept_after))

    assert kept_after == ([] if at_which is None else [at_which])
    assert len(heard) == 1


@pytest.mark.parametrize("path", ["/", "/static", "/static/style.css"])
def test_our_own_pages_are_not_recorded(
    client: Client, heard: list[Call], path: str
) -> None:
    client.get(path)

    assert heard == []


@pytest.mark.parametrize("path", ["/statics", "/x/static"])
def test_a_path_that_only_looks_like_our_own_is_recorded(
    client: Client, heard: list[Call], path: str
) -> None:
    client.get(path)

    assert len(heard) == 1


def test_what_the_handler_says_goes_along(client: Client, heard: list[Call]) -> None:
    client.get("/note")

    (call,) = heard
    assert (call.kind, call.verdict, call.reason) == ("webhook", "refused", "because")
    assert [link.partition(":")[0] for link in call.links] == ["sid"]


def test_a_request_that_crashed_is_recorded_too(
    client: Client, heard: list[Call]
) -> None:
    with pytest.raises(ZeroDivisionError):
        client.get("/crash")

    assert (heard[0].status, heard[0].kind) == (None, "webhook")
    assert current_notes.get() is None


def test_notes_end_with_their_request(client: Client, heard: list[Call]) -> None:
    client.get("/note")
    client.get("/x")

    assert [call.verdict for call in heard] == ["refused", ""]


def test_the_app_reads_the_whole_body_and_the_recorder_its_beginning(
    client: Client, heard: list[Call]
) -> None:
    answer = client.post("/x", data=b"a=" + b"b" * BODY_LIMIT * 2, headers=FORM)

    assert answer.json == {"size": BODY_LIMIT * 2 + 2}
    assert len(heard[0].request_body) == BODY_LIMIT


def test_the_call_it_answers_is_named(client: Client, heard: list[Call]) -> None:
    span = "00f067aa0ba902b7"
    client.get("/x", headers={"traceparent": f"00-{'ab' * 16}-{span}-01"})

    assert heard[0].caller_id == span


def test_an_answer_the_client_hangs_up_on_is_recorded_as_far_as_it_went(
    recorder: Recorder, heard: list[Call]
) -> None:
    closed = []

    def endless(environ: object, start_response: object) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "application/json")])  # type: ignore[operator]
        try:
            while True:
                yield b"x"
        finally:
            closed.append(True)

    recorded = RecordInbound(endless, recorder, "app", ignore=())
    body = recorded(create_environ("/x"), lambda *_: None)
    next(iter(body))
    body.close()  # type: ignore[attr-defined]

    assert closed == [True]
    assert heard[0].status == 200
