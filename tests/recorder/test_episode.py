"""Which calls belong to one run, of those that hang together?"""

from dataclasses import replace

from oauthapp.recorder.call import Call
from oauthapp.recorder.episode import episode
from oauthapp.recorder.observation import redacted
from tests.recorder.calls import APP
from tests.recorder.calls import GOOD

BASE = redacted(GOOD, b"key")


def call(name: str, at: float, *, message: str = "") -> Call:
    links = frozenset({f"message:{message}"}) if message else frozenset()
    return replace(BASE, id=name, at=at, url=f"{APP}/somewhere", links=links)


LOGIN = replace(call("login", 1.0), url=f"{APP}/login/demo")
LOGOUT = replace(call("logout", 5.0), method="POST", url=f"{APP}/logout")
FIRST_TRY = call("first-try", 2.0, message="1")
SECOND_TRY = call("second-try", 6.0, message="1")
NOTICE = call("notice", 7.0, message="2")
CALLS = (LOGIN, FIRST_TRY, LOGOUT, SECOND_TRY, NOTICE)


def ids(calls: tuple[Call, ...]) -> list[str]:
    return [one.id for one in calls]


def test_a_run_ends_where_the_next_one_begins() -> None:
    assert "notice" not in ids(episode(CALLS, LOGIN))


def test_a_message_belongs_to_the_run_that_sent_it_first() -> None:
    assert ids(episode(CALLS, LOGIN)) == ["login", "first-try", "second-try"]
    assert ids(episode(CALLS, LOGOUT)) == ["logout", "notice"]


def test_only_a_call_that_was_answered_begins_a_run() -> None:
    sent = replace(LOGOUT, direction="outbound")

    assert "notice" in ids(episode((LOGIN, sent, NOTICE), LOGIN))
