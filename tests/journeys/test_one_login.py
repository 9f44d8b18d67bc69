"""One login through both kinds of callback, and each kind spoiled by one character."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from datetime import datetime
from typing import Protocol
from urllib.parse import parse_qs
from urllib.parse import urlsplit

import pytest
import requests
from sqlalchemy import create_engine
from sqlalchemy import func
from sqlalchemy import select
from standardwebhooks import Webhook

from oauthapp.demo import Demo
from oauthapp.demo import log_in
from oauthapp.playing.arrivals import Arrivals
from oauthapp.schema.app import announced_sessions
from oauthapp.schema.app import inbox
from oauthapp.visitor import Visitor


class House(Protocol):
    demo: Demo
    arrivals: Arrivals
    folder: object
    signing_secret: str


def test_the_login_arrives_twice_and_both_name_the_same_session(house: House) -> None:
    log_in(house.demo)

    redirect = house.arrivals.wait_for("/callback/demo", seconds=10)
    webhook = house.arrivals.wait_for("/webhooks/demo", seconds=10)

    assert redirect is not None and webhook is not None
    assert (redirect.method, redirect.status) == ("GET", 303)
    assert (webhook.method, webhook.status) == ("POST", 204)
    sids = [
        {link for link in call.links if link.startswith("sid:")}
        for call in (redirect, webhook)
    ]
    assert sids[0] == sids[1] != set()


def test_me_tells_who_is_signed_in(house: House, visitor: Visitor) -> None:
    sign_in(house, visitor)

    me = visitor.open_json(f"{house.demo.app_url}/me")

    assert me["sub"] == "alice"
    assert me["provider"] == "demo"
    assert me["claims"]["email"] == "alice@example.com"


def test_nobody_is_signed_in_before_a_login(house: House) -> None:
    answer = requests.get(f"{house.demo.app_url}/me", timeout=5)

    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "not_signed_in"


@pytest.mark.parametrize("place", [0, 20, -2])  # the last has bits that say nothing
def test_one_altered_character_of_state_signs_nobody_in(
    house: House, visitor: Visitor, place: int
) -> None:
    url = callback_url(house, visitor)
    state = parse_qs(urlsplit(url).query)["state"][0]

    answer = visitor.open(url.replace(state, altered(state, place)))

    assert answer.status_code == 400
    assert "state_forged" in answer.text
    assert visitor.open(f"{house.demo.app_url}/me").status_code == 401


def test_one_altered_character_of_redirect_uri_redirects_nowhere(house: House) -> None:
    begun = requests.get(
        f"{house.demo.app_url}/login/demo", allow_redirects=False, timeout=5
    )
    url = begun.headers["Location"].replace("callback%2Fdemo", "callback%2Fdemp")

    answer = requests.get(
        url, allow_redirects=False, timeout=5, headers={"Accept": "text/html"}
    )

    assert answer.status_code == 400
    assert "Location" not in answer.headers
    assert "redirect_uri_unknown" in answer.text
    assert 'href="http' not in answer.text


def test_one_altered_character_of_a_webhook_stores_nothing(house: House) -> None:
    body, headers = signed(house, "msg_1")

    answer = post(house, body.replace("sid_1", "sid_2"), headers)

    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "signature_mismatch"
    assert count(house, inbox) == 0


def test_the_same_webhook_twice_is_accepted_twice_and_has_one_effect(
    house: House,
) -> None:
    body, headers = signed(house, "msg_1")

    answers = [post(house, body, headers).status_code for _ in range(2)]
    log_in(house.demo)  # its own webhook is processed after the two above
    house.arrivals.wait_for("/webhooks/demo", seconds=10)

    assert answers == [204, 204]
    assert count(house, inbox.select().where(inbox.c.message_id == "msg_1")) == 1
    wait_until_done(house)
    assert count(house, announced_sessions) == count(house, inbox)


@pytest.mark.parametrize("path", ["/login/other", "/callback/other", "/callback/demo/"])
def test_an_unknown_provider_is_not_found(house: House, path: str) -> None:
    answer = requests.get(f"{house.demo.app_url}{path}", timeout=5)

    assert answer.status_code == 404


def test_an_unknown_webhook_source_is_not_found(house: House) -> None:
    answer = requests.post(f"{house.demo.app_url}/webhooks/other", json={}, timeout=5)

    assert answer.status_code == 404


def sign_in(house: House, visitor: Visitor) -> None:
    user = house.demo.users[0]
    visitor.open(f"{house.demo.app_url}/login/demo")
    visitor.submit({"username": user.sub, "password": user.password})
    visitor.submit({}, button=("decision", "allow"))


def callback_url(house: House, visitor: Visitor) -> str:
    """The address that a finished login is about to open."""
    user = house.demo.users[0]
    visitor.open(f"{house.demo.app_url}/login/demo")
    visitor.submit({"username": user.sub, "password": user.password})
    return visitor.redirect_of({}, button=("decision", "allow"))


def altered(text: str, place: int) -> str:
    letters = list(text)
    letters[place] = "A" if letters[place] != "A" else "B"
    return "".join(letters)


def signed(house: House, message_id: str) -> tuple[str, dict[str, str]]:
    """A message as the reference library of Standard Webhooks signs it."""
    now = datetime.now(UTC)
    data = {"sub": "alice", "sid": "sid_1", "client_id": "c", "auth_time": 1}
    body = json.dumps(
        {"type": "session.created", "timestamp": now.isoformat(), "data": data}
    )
    signature = Webhook(house.signing_secret).sign(message_id, now, body)
    return body, {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature,
    }


def post(house: House, body: str, headers: dict[str, str]) -> requests.Response:
    url = f"{house.demo.app_url}/webhooks/demo"
    return requests.post(url, data=body, headers=headers, timeout=5)


@contextmanager
def database(house: House) -> Iterator[object]:
    engine = create_engine(f"sqlite:///{house.folder}/app.sqlite")
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def count(house: House, rows: object) -> int:
    selected = rows.subquery() if hasattr(rows, "subquery") else rows
    with database(house) as connection:
        return connection.execute(select(func.count()).select_from(selected)).scalar()


def wait_until_done(house: House) -> None:
    """Until the worker has settled every kept message."""
    left = inbox.select().where(inbox.c.status == "pending")
    for _ in range(1000):
        if count(house, left) == 0:
            return
    raise AssertionError("messages are left in the inbox")
