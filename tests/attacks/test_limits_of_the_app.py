"""Nobody fills the app with logins they do not finish, nor with messages."""

import base64
import json
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from joserfc.jwk import RSAKey
from sqlalchemy import Table
from sqlalchemy import func
from sqlalchemy import select
from werkzeug.test import TestResponse

from oauthapp.app_workers import app_worker
from oauthapp.callers.sender.sign import signed_headers
from oauthapp.database import reading
from oauthapp.schema.app import app_sessions
from oauthapp.schema.app import inbox
from oauthapp.schema.app import pending_logins
from oauthapp.settings import AppLimits
from oauthapp.settings import WebhookSource
from tests.attacks.evil_browser import reason
from tests.attacks.evil_provider import EvilProvider
from tests.attacks.house import Clock
from tests.attacks.house import House
from tests.attacks.test_e4_security_events import event_token
from tests.attacks.test_e4_security_events import push

HERE, ELSEWHERE = "203.0.113.7", "198.51.100.1"
SECRET = "whsec_" + base64.b64encode(b"s" * 32).decode()
BODY = json.dumps(
    {"type": "hello", "timestamp": "2023-11-14T22:13:20Z", "data": {}}
).encode()


@pytest.fixture
def limited(open_house: Callable[..., House]) -> Callable[..., House]:
    """Makes an app; keywords are limits."""

    def made(**limits: object) -> House:
        return open_house(
            limits=AppLimits(**limits),  # type: ignore[arg-type]
            webhooks={"demo": WebhookSource(secrets=[SECRET])},
        )

    return made


def begin(house: House, address: str = HERE, **options: object) -> TestResponse:
    return house.browser().open(
        "/login/demo", environ_base={"REMOTE_ADDR": address}, **options
    )


def send(house: House, message_id: str, body: bytes = BODY) -> TestResponse:
    headers = signed_headers(
        secret=SECRET,
        message_id=message_id,
        timestamp=int(house.services.clock()),
        body=body,
    )
    return house.app.test_client().post(
        "/webhooks/demo", data=body, headers=headers, content_type="application/json"
    )


def work(house: House) -> None:
    worker = app_worker(house.services)
    while worker.run_once():
        pass


def rows(house: House, table: Table) -> int:
    with reading(house.services.database) as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_an_address_begins_so_many_logins_a_minute(limited, clock: Clock) -> None:
    house = limited(logins="3/minute")
    answers = [begin(house) for _ in range(4)]

    assert [one.status_code for one in answers] == [303, 303, 303, 429]
    assert reason(answers[-1]) == "too_many_logins"
    assert answers[-1].headers["Retry-After"] == "60"
    heard = house.calls[-1]
    assert (heard.verdict, heard.reason) == ("refused", "too_many_logins")
    assert rows(house, pending_logins) == 3

    assert begin(house, ELSEWHERE).status_code == 303
    clock.now += 60
    assert begin(house).status_code == 303


def test_the_page_says_how_long_to_wait(limited) -> None:
    house = limited(logins="1/minute")
    begin(house)
    page = begin(house, headers={"Accept": "text/html"})

    assert page.status_code == 429
    assert "the next one in 60 seconds at the earliest" in page.text


def test_an_address_cannot_be_made_up(limited) -> None:
    house = limited(logins="2/minute")
    answers = [
        begin(house, headers={"X-Forwarded-For": f"192.0.2.{number}"}).status_code
        for number in range(3)
    ]

    assert answers == [303, 303, 429]


def test_logins_that_nobody_finishes_are_bounded(limited, clock: Clock) -> None:
    house = limited(pending_logins=3)
    answers = [begin(house) for _ in range(5)]

    assert [one.status_code for one in answers] == [303] * 3 + [503] * 2
    assert reason(answers[-1]) == "logins_full"
    assert answers[-1].headers["Retry-After"] == "5"
    heard = house.calls[-1]
    assert (heard.verdict, heard.reason) == ("failed", "logins_full")
    assert rows(house, pending_logins) == 3


def test_expired_logins_make_room_before_anybody_is_refused(
    limited, clock: Clock, evil: EvilProvider
) -> None:
    house = limited(pending_logins=3)
    for _ in range(2):
        begin(house)
    clock.now += house.settings.login_ttl - 10
    young = house.browser()
    location = young.begin()
    clock.now += 11

    assert [begin(house).status_code for _ in range(3)] == [303, 303, 503]
    assert young.bring(evil.authorize(location)).status_code == 303


def test_late_answers_are_told_so_while_there_is_room(
    limited, clock: Clock, evil: EvilProvider
) -> None:
    house = limited(pending_logins=3)
    browser = house.browser()
    location = browser.begin()
    clock.now += house.settings.login_ttl + 1
    begin(house)

    assert reason(browser.bring(evil.authorize(location))) == "login_expired"


def test_parallel_logins_do_not_exceed_the_bound(limited, clock: Clock) -> None:
    """One that is kept while the store is asked may count twice, for a second."""
    house, together = limited(pending_logins=5), Barrier(8)

    def many(_: int) -> list[int]:
        together.wait()
        return [begin(house).status_code for _ in range(3)]

    with ThreadPoolExecutor(8) as pool:
        answers = sum(pool.map(many, range(8)), [])

    assert 1 <= answers.count(303) == rows(house, pending_logins) <= 5
    clock.now += 1
    while begin(house).status_code == 303:
        pass
    assert rows(house, pending_logins) == 5


def test_a_message_that_has_no_room_is_to_be_sent_again(limited, clock: Clock) -> None:
    house = limited(inbox_messages=2)
    answers = [send(house, f"m{number}") for number in range(3)]

    assert [one.status_code for one in answers] == [204, 204, 503]
    assert reason(answers[-1]) == "inbox_full"
    assert answers[-1].headers["Retry-After"] == "5"
    heard = house.calls[-1]
    assert (heard.kind, heard.verdict, heard.reason) == (
        "webhook",
        "failed",
        "inbox_full",
    )
    assert _statuses(house) == {"m0": "pending", "m1": "pending"}

    work(house)
    clock.now += 5
    assert send(house, "m2").status_code == 204
    assert _statuses(house) == {"m0": "done", "m1": "done", "m2": "pending"}


def test_bytes_that_wait_are_bounded_too(limited) -> None:
    house = limited(inbox_bytes=10**6)
    large = BODY.replace(b"{}", b'{"x": "%s"}' % (b"y" * 240_000))
    answers = [send(house, f"m{number}", large).status_code for number in range(5)]

    assert answers == [204] * 4 + [503]
    assert send(house, "small").status_code == 204


def test_a_forged_message_takes_no_room(limited) -> None:
    house = limited(inbox_messages=1)
    for number in range(3):
        forged = house.app.test_client().post(
            "/webhooks/demo",
            data=BODY,
            headers={"webhook-id": f"f{number}"},
            content_type="application/json",
        )
        assert forged.status_code == 400

    assert send(house, "m").status_code == 204


def test_processed_messages_take_no_room(limited, clock: Clock) -> None:
    house = limited(inbox_messages=1)
    for number in range(5):
        assert send(house, f"m{number}").status_code == 204
        work(house)
        clock.now += 1


def test_pushed_events_share_the_room(
    limited, evil: EvilProvider, rsa_key: RSAKey
) -> None:
    house = limited(inbox_messages=1)
    send(house, "m")
    pushed = push(house, event_token(evil, rsa_key))

    assert (pushed.status_code, reason(pushed)) == (503, "inbox_full")


def test_no_sequence_of_messages_exceeds_the_bound_and_none_is_lost(
    limited, clock: Clock
) -> None:
    house, dice = limited(inbox_messages=5), random.Random(1)
    acknowledged = set()
    for number in range(80):
        message_id = f"m{dice.randrange(number + 1)}"
        answer = send(house, message_id)
        if answer.status_code == 204:
            acknowledged.add(message_id)
        else:
            assert reason(answer) == "inbox_full"
        waiting = list(_statuses(house).values()).count("pending")
        assert waiting <= 5
        if dice.random() < 0.2:
            work(house)
        clock.now += dice.random()

    assert set(_statuses(house)) == acknowledged


def test_the_oldest_session_of_a_user_ends(
    limited, clock: Clock, evil: EvilProvider
) -> None:
    house = limited(sessions_per_user=2)
    browsers = [house.browser() for _ in range(4)]
    for browser in browsers:
        clock.now += 1
        browser.bring(evil.authorize(browser.begin()))

    assert [one.is_signed_in() for one in browsers] == [False, False, True, True]
    assert rows(house, app_sessions) == 2


def _statuses(house: House) -> dict[str, str]:
    with reading(house.services.database) as connection:
        found = connection.execute(select(inbox.c.message_id, inbox.c.status))
        return {row.message_id: row.status for row in found}
