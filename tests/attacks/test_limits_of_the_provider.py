"""Nobody guesses without end at the provider, fills it, or locks others out."""

from collections.abc import Callable
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table
from sqlalchemy import func
from sqlalchemy import select
from werkzeug.test import TestResponse

from oauthapp.callers.provider.interaction_store import INTERACTION_TTL
from oauthapp.database import reading
from oauthapp.recorder.call import Call
from oauthapp.schema.provider import interactions
from oauthapp.schema.provider import provider_sessions
from oauthapp.schema.provider import pushed_requests
from oauthapp.settings import ProviderLimits
from tests.attacks.house import Clock
from tests.attacks.provider_house import SECRETS
from tests.attacks.provider_house import Browser
from tests.attacks.provider_house import Provider
from tests.attacks.provider_house import basic
from tests.attacks.provider_house import opened
from tests.attacks.provider_house import question

HERE, ELSEWHERE = "203.0.113.7", "198.51.100.1"
LATER = "temporarily_unavailable"


@pytest.fixture
def calls() -> list[Call]:
    """What the recorder heard."""
    return []


@pytest.fixture
def limited(
    tmp_path: Path, clock: Clock, calls: list[Call]
) -> Iterator[Callable[..., Provider]]:
    """Makes a provider; keywords are limits."""
    with ExitStack() as stack:

        def made(**limits: Any) -> Provider:
            making = opened(
                tmp_path,
                clock,
                listener=calls.extend,
                limits=ProviderLimits(**limits),
                registration="open",
                repositories=["demo"],
            )
            stack.callback(lambda: next(making, None))
            return next(making)

        yield made


def browser_at(provider: Provider, address: str) -> Browser:
    client = provider.app.test_client()
    client.environ_base["REMOTE_ADDR"] = address
    browser = Browser(client)
    browser.authorize()
    return browser


def tried(browser: Browser, username: str, password: str) -> TestResponse:
    browser.log_in(username, password)
    assert browser.page is not None
    return browser.page


def rows(provider: Provider, table: Table) -> int:
    with reading(provider.services.database) as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_guessing_a_password_ends_after_ten_tries_a_minute(
    limited, calls: list[Call], clock: Clock
) -> None:
    browser = browser_at(limited(), HERE)
    answers = [tried(browser, "alice", f"guess {n}") for n in range(11)]

    assert [one.status_code for one in answers] == [403] * 10 + [429]
    assert answers[-1].headers["Retry-After"] == "60"
    assert "Try again in 60 seconds" in answers[-1].text
    assert (calls[-1].verdict, calls[-1].reason) == (
        "refused",
        "too_many_wrong_passwords",
    )
    # The right one would tell that it is right, so it is refused as well.
    assert tried(browser, "alice", "wonderland").status_code == 429
    clock.now += 60
    assert tried(browser, "alice", "wonderland").status_code == 200


def test_a_stranger_cannot_lock_a_user_out(limited) -> None:
    provider = limited()
    stranger, owner = browser_at(provider, HERE), browser_at(provider, ELSEWHERE)
    for number in range(12):
        tried(stranger, "alice", f"guess {number}")

    assert tried(owner, "alice", "wonderland").status_code == 200


def test_who_shares_the_address_may_still_sign_in(limited) -> None:
    provider = limited()
    browser = browser_at(provider, HERE)
    for number in range(12):
        tried(browser, "alice", f"guess {number}")

    assert tried(browser, "bob", "builder").status_code == 200


def test_one_password_cannot_be_tried_on_every_user(limited) -> None:
    browser = browser_at(limited(wrong_passwords_of_address="5/minute"), HERE)
    answers = [tried(browser, f"user {n}", "password").status_code for n in range(6)]

    assert answers == [403] * 5 + [429]


def test_signing_in_rightly_is_not_counted(limited) -> None:
    provider = limited(wrong_passwords="1/day", wrong_passwords_of_address="1/day")
    answers = {
        tried(browser_at(provider, HERE), "alice", "wonderland").status_code
        for _ in range(5)
    }

    assert answers <= {200, 303}


ENDPOINTS = [
    *("/token", "/revoke", "/introspect", "/par", "/jobs", "/checkout/sessions"),
    f"/repos/demo/statuses/{'0' * 40}",
]


@pytest.mark.parametrize("path", ENDPOINTS)
def test_guessing_a_client_secret_ends_after_ten_tries_a_minute(
    limited, calls: list[Call], clock: Clock, path: str
) -> None:
    provider = limited()

    def ask(secret: str, address: str = HERE, who: str = "web") -> TestResponse:
        return provider.machine().post(
            path,
            data={"grant_type": "refresh_token", "token": "x"},
            headers=basic(who, secret),
            environ_base={"REMOTE_ADDR": address},
        )

    answers = [ask(f"guess {number}") for number in range(11)]
    assert [one.status_code for one in answers] == [401] * 10 + [429]
    last = answers[-1]
    assert (last.get_json()["error"], last.headers["Retry-After"]) == (LATER, "60")
    assert last.headers["Cache-Control"] == "no-store"
    assert calls[-1].reason == "too_many_wrong_secrets"

    assert ask(SECRETS["web"]).status_code == 429
    assert ask(SECRETS["web"], ELSEWHERE).status_code != 429
    assert ask(SECRETS["api"], who="api").status_code != 429
    clock.now += 60
    assert ask(SECRETS["web"]).status_code != 429


def test_secrets_of_many_clients_cannot_be_guessed_from_one_address(limited) -> None:
    provider = limited(wrong_secrets_of_address="5/minute")
    answers = [
        provider.machine().post("/token", data=_guess(n), headers=basic(f"c{n}", "x"))
        for n in range(6)
    ]

    assert [one.status_code for one in answers] == [401] * 5 + [429]


def _guess(number: int) -> dict[str, str]:
    return {"grant_type": "client_credentials", "scope": str(number)}


def test_clients_that_prove_who_they_are_are_not_counted(limited) -> None:
    provider = limited(wrong_secrets="1/day", wrong_secrets_of_address="1/day")
    answers = [
        provider.post("/token", "api", grant_type="client_credentials")
        for _ in range(5)
    ]

    assert {one.status_code for one in answers} == {200}


def test_an_address_registers_twenty_clients_a_minute(
    limited, calls: list[Call], clock: Clock
) -> None:
    provider = limited()

    def register(address: str = HERE) -> TestResponse:
        return provider.machine().post(
            "/register",
            json={"redirect_uris": ["https://rp.example/cb"]},
            environ_base={"REMOTE_ADDR": address},
        )

    answers = [register() for _ in range(21)]
    assert [one.status_code for one in answers] == [201] * 20 + [429]
    assert answers[-1].get_json()["error"] == LATER
    assert answers[-1].headers["Retry-After"] == "60"
    assert calls[-1].reason == "too_many_registrations"
    assert register(ELSEWHERE).status_code == 201
    clock.now += 60
    assert register().status_code == 201


def test_sign_in_pages_that_are_left_open_are_bounded_and_expire(
    limited, calls: list[Call], clock: Clock
) -> None:
    provider = limited(waiting_requests=3)
    answers = [_asked(provider) for _ in range(5)]

    assert [one.status_code for one in answers] == [303] * 3 + [503] * 2
    assert answers[-1].headers["Retry-After"] == "5"
    assert (calls[-1].verdict, calls[-1].reason) == ("failed", "requests_full")
    assert rows(provider, interactions) == 3
    clock.now += INTERACTION_TTL + 1
    assert _asked(provider).status_code == 303


def _asked(provider: Provider) -> TestResponse:
    return provider.machine().get("/authorize", query_string=question())


def test_pushed_requests_are_bounded_and_expire(
    limited, calls: list[Call], clock: Clock
) -> None:
    provider = limited(pushed_requests=3)
    answers = [provider.post("/par", **question()) for _ in range(5)]

    assert [one.status_code for one in answers] == [201] * 3 + [503] * 2
    assert answers[-1].get_json()["error"] == LATER
    assert answers[-1].headers["Retry-After"] == "5"
    assert (calls[-1].verdict, calls[-1].reason) == ("failed", "pushed_full")
    assert rows(provider, pushed_requests) == 3
    clock.now += 61
    assert provider.post("/par", **question()).status_code == 201


def test_the_oldest_session_of_a_user_ends_and_no_other_users(
    limited, clock: Clock
) -> None:
    provider = limited(sessions_per_user=2)
    bob = browser_at(provider, HERE)
    tried(bob, "bob", "builder")
    browsers = []
    for _ in range(4):
        clock.now += 1
        browsers.append(browser_at(provider, HERE))
        tried(browsers[-1], "alice", "wonderland")

    assert rows(provider, provider_sessions) == 3
    signed_in = [_is_signed_in(one) for one in [*browsers, bob]]
    assert signed_in == [False, False, True, True, True]


def test_signing_in_again_in_one_browser_ends_no_other_session(
    limited, clock: Clock
) -> None:
    provider = limited(sessions_per_user=2)
    one, other = browser_at(provider, HERE), browser_at(provider, HERE)
    for browser in (one, other, other, other):
        clock.now += 1
        browser.authorize(prompt="login")
        tried(browser, "alice", "wonderland")

    assert _is_signed_in(one) and _is_signed_in(other)


def _is_signed_in(browser: Browser) -> bool:
    return "nobody in this browser" not in browser.client.get("/").text
