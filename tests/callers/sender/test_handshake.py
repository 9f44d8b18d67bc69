"""Nobody gets messages who did not say that they want them."""

from contextlib import suppress

import pytest
from werkzeug import Request
from werkzeug import Response

from oauthapp.callers.sender.handshake import ControlNotProven
from oauthapp.callers.sender.handshake import Way
from oauthapp.callers.sender.handshake import host_of
from oauthapp.callers.sender.handshake import prove_control
from oauthapp.recorder.call import Call


def ask(provider, url: str, way: Way) -> None:
    prove_control(
        provider.http, url, way=way, origin="provider.example", event_types="a,b"
    )


def allowing(origin: str, status: int = 200) -> Response:
    return Response(status=status, headers={"WebHook-Allowed-Origin": origin})


@pytest.mark.parametrize("allowed", ["provider.example", "*"])
def test_permission_to_us_or_to_all_is_enough(provider, receiver, allowed: str) -> None:
    receiver.answers = [allowing(allowed)]
    ask(provider, receiver.url, "options")

    ((headers, _body),) = receiver.heard
    assert headers["webhook-request-origin"] == "provider.example"


@pytest.mark.parametrize(
    "answer",
    [
        Response(status=204),
        allowing(""),
        allowing("provider.example.evil"),
        allowing("other.example"),
        allowing("provider.example", 403),
        allowing("*", 302),
    ],
)
def test_any_other_answer_is_no_permission(provider, receiver, answer) -> None:
    receiver.answers = [answer]
    with pytest.raises(ControlNotProven, match="WebHook-Allowed-Origin"):
        ask(provider, receiver.url, "options")


def echo(request: Request) -> Response:
    return Response(request.args["hub.challenge"])


def test_an_echoed_challenge_is_enough(provider, receiver) -> None:
    receiver.answer = echo
    ask(provider, f"{receiver.url}?x=1", "challenge")

    assert receiver.queries[0].startswith("x=1&hub.mode=subscribe&hub.topic=a%2Cb&")


@pytest.mark.parametrize(
    "answer",
    [
        lambda _request: Response(""),
        lambda _request: Response("hub.challenge"),
        lambda request: Response(request.args["hub.challenge"][:-1]),
        lambda request: Response(request.args["hub.challenge"] * 20),
        lambda request: Response(request.args["hub.challenge"], status=404),
        lambda request: Response(f"<p>{request.args['hub.challenge']}</p>"),
    ],
)
def test_any_other_echo_is_none(provider, receiver, answer) -> None:
    receiver.answer = answer
    with pytest.raises(ControlNotProven, match=r"hub\.challenge"):
        ask(provider, receiver.url, "challenge")


@pytest.mark.parametrize("way", ["options", "challenge"])
def test_no_answer_is_no_permission(provider, way: Way) -> None:
    with pytest.raises(ControlNotProven, match="no answer: ConnectionError"):
        ask(provider, "http://127.0.0.1:9/", way)


@pytest.mark.parametrize("way", ["options", "challenge"])
def test_the_question_belongs_to_webhooks(provider, receiver, way: Way) -> None:
    heard: list[Call] = []
    provider.recorder.listen(heard.extend)
    with suppress(ControlNotProven):
        ask(provider, receiver.url, way)

    assert [(one.direction, one.kind) for one in heard] == [("outbound", "webhook")]


def test_we_go_by_the_issuers_host() -> None:
    assert host_of("https://provider.example:8443") == "provider.example"
