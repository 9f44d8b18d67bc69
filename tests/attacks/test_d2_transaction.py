"""RULES D.2: a login is one row, taken once, by the browser that began it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func
from sqlalchemy import select

from oauthapp.database import reading
from oauthapp.schema.app import pending_logins
from tests.attacks.evil_browser import EvilBrowser
from tests.attacks.evil_browser import reason
from tests.attacks.evil_provider import DROP
from tests.attacks.evil_provider import EvilProvider
from tests.attacks.house import Clock
from tests.attacks.house import House


def open_logins(house: House) -> int:
    with reading(house.services.database) as connection:
        count = select(func.count()).select_from(pending_logins)
        return int(connection.execute(count).scalar_one())


def test_D2_a_replayed_callback_is_refused_and_no_token_call_is_made(
    browser: EvilBrowser, evil: EvilProvider
) -> None:
    brought = evil.authorize(browser.begin())
    browser.bring(brought)

    again = browser.bring(brought)

    assert (again.status_code, reason(again)) == (400, "state_unknown")
    assert len(evil.calls("/token")) == 1


def test_D2_a_used_state_does_not_carry_a_new_code(
    browser: EvilBrowser, evil: EvilProvider
) -> None:
    location = browser.begin()
    browser.bring(evil.authorize(location))

    again = browser.bring(evil.authorize(location))

    assert reason(again) == "state_unknown"
    assert len(evil.calls("/token")) == 1


def test_D2_an_error_answer_ends_the_login_too(
    browser: EvilBrowser, evil: EvilProvider, house: House
) -> None:
    location = browser.begin()
    denied = evil.authorize(location, code=DROP, error="access_denied")
    assert reason(browser.bring(denied)) == "provider_said_no"
    assert open_logins(house) == 0

    assert reason(browser.bring(evil.authorize(location))) == "state_unknown"
    assert evil.calls("/token") == []


@pytest.mark.parametrize(
    "lies",
    [
        {"iss": "https://evil.example"},
        {"iss": DROP},
        {"code": DROP},
        {"code": ""},
        {"error": "server_error"},
    ],
    ids=repr,
)
def test_D2_an_answer_that_is_refused_ends_the_login(
    browser: EvilBrowser, evil: EvilProvider, house: House, lies: dict[str, object]
) -> None:
    location = browser.begin()
    assert browser.bring(evil.authorize(location, **lies)).status_code == 400

    assert open_logins(house) == 0
    assert reason(browser.bring(evil.authorize(location))) == "state_unknown"


def test_D2_a_provider_that_failed_does_not_leave_the_login_open(
    browser: EvilBrowser, evil: EvilProvider, house: House
) -> None:
    evil.metadata["token_endpoint"] = "http://127.0.0.1:1/token"
    brought = evil.authorize(browser.begin())
    assert browser.bring(brought).status_code == 502

    assert open_logins(house) == 0
    assert reason(browser.bring(brought)) == "state_unknown"


@pytest.mark.parametrize("state", ["", DROP])
def test_D2_an_answer_without_state_is_refused(
    browser: EvilBrowser, evil: EvilProvider, state: object
) -> None:
    answer = browser.bring(evil.authorize(browser.begin(), state=state))

    assert (answer.status_code, reason(answer)) == (400, "state_missing")
    assert evil.calls("/token") == []
    assert not browser.is_signed_in()


def test_D2_a_state_with_any_one_character_altered_is_refused(
    browser: EvilBrowser, evil: EvilProvider
) -> None:
    brought = evil.authorize(browser.begin())
    state = brought["state"]

    for place in range(len(state)):
        other = "A" if state[place] != "A" else "B"
        altered = {**brought, "state": state[:place] + other + state[place + 1 :]}
        answer = browser.bring(altered)
        assert reason(answer) in ("state_forged", "state_unknown")

    assert evil.calls("/token") == []
    assert browser.bring(brought).status_code == 303  # none of them ended the login


@pytest.mark.parametrize(
    "altered",
    [
        lambda state: state + "A",
        lambda state: state + " ",
        lambda state: " " + state,
        lambda state: state + "\x00",
        lambda state: state + "=",
        lambda state: state.upper(),
        lambda state: state.split(".")[0],
        lambda state: state.replace(".", ".."),
        lambda state: "A" * len(state),
        lambda state: "A" * 20_000,
        lambda state: "ä€😀",
        lambda state: "%00%ff",
        lambda state: "' OR 1=1 --",
    ],
)
def test_D2_a_forged_state_is_refused(
    browser: EvilBrowser, evil: EvilProvider, altered: object
) -> None:
    brought = evil.authorize(browser.begin())
    state = altered(brought["state"])

    answer = browser.bring({**brought, "state": state})

    assert answer.status_code == 400
    assert reason(answer) in ("state_forged", "state_unknown")
    assert evil.calls("/token") == []


def test_D2_bytes_that_are_no_text_are_refused(browser: EvilBrowser) -> None:
    answer = browser.open("/callback/demo?state=%ff%fe&code=%80")

    assert (answer.status_code, reason(answer)) == (400, "state_forged")


def test_D2_a_login_that_took_too_long_is_refused(
    browser: EvilBrowser, evil: EvilProvider, clock: Clock, house: House
) -> None:
    brought = evil.authorize(browser.begin())
    clock.now += house.settings.login_ttl + 0.5

    assert reason(browser.bring(brought)) == "login_expired"
    assert evil.calls("/token") == []


def test_D2_a_login_at_its_last_second_is_let_in(
    browser: EvilBrowser, evil: EvilProvider, clock: Clock, house: House
) -> None:
    brought = evil.authorize(browser.begin())
    clock.now += house.settings.login_ttl

    assert browser.bring(brought).status_code == 303


def test_D2_an_attackers_login_is_not_finished_in_the_victims_browser(
    house: House, evil: EvilProvider
) -> None:
    """Login CSRF: the victim would work in the attacker's account."""
    attacker, victim = house.browser(), house.browser()
    victim.begin()
    bait = evil.authorize(attacker.begin())

    answer = victim.bring(bait)

    assert (answer.status_code, reason(answer)) == (400, "state_of_another_browser")
    assert not victim.is_signed_in()
    assert evil.calls("/token") == []


def test_D2_a_stolen_callback_address_is_worth_nothing_without_the_cookie(
    house: House, evil: EvilProvider
) -> None:
    victim, thief = house.browser(), house.browser()
    stolen = evil.authorize(victim.begin())

    assert reason(thief.bring(stolen)) == "state_of_another_browser"
    assert not thief.is_signed_in()


def test_D2_another_browsers_code_with_ones_own_state_is_refused(
    house: House, evil: EvilProvider
) -> None:
    """Code injection: the nonce and PKCE tie a code to the login it was made for."""
    victim, attacker = house.browser(), house.browser()
    stolen = evil.authorize(victim.begin())["code"]
    own = evil.authorize(attacker.begin())

    answer = attacker.bring({**own, "code": stolen})

    assert (answer.status_code, reason(answer)) == (400, "code_refused")
    assert not attacker.is_signed_in()


def test_D2_another_tabs_code_is_refused(
    browser: EvilBrowser, evil: EvilProvider
) -> None:
    one, two = (evil.authorize(browser.begin()) for _ in range(2))

    answer = browser.bring({**one, "code": two["code"]})

    assert reason(answer) == "code_refused"
    assert not browser.is_signed_in()


@pytest.mark.parametrize(
    "spoil", [lambda value: value + "x", lambda value: "", str.lower]
)
def test_D2_a_login_cookie_that_was_altered_is_nobodys(
    browser: EvilBrowser, evil: EvilProvider, spoil: object
) -> None:
    brought = evil.authorize(browser.begin())
    value = spoil(browser.cookie("oauthapp_login"))
    browser.client.set_cookie("oauthapp_login", value, domain="localhost")

    assert reason(browser.bring(brought)) == "state_of_another_browser"
    assert evil.calls("/token") == []


def test_D2_forty_open_logins_in_one_browser_can_each_be_finished(
    browser: EvilBrowser, evil: EvilProvider, house: House
) -> None:
    locations = [browser.begin(next=f"/me?tab={tab}") for tab in range(40)]
    assert len(browser.cookie("oauthapp_login")) < 200
    assert len(browser.cookie("oauthapp_app")) < 400

    for tab, location in reversed(list(enumerate(locations))):
        answer = browser.bring(evil.authorize(location))
        assert answer.location == f"{house.settings.base_url}/me?tab={tab}"
    assert open_logins(house) == 0


def test_D2_of_six_parallel_callbacks_one_makes_the_token_call(
    house: House, evil: EvilProvider
) -> None:
    browser = house.browser()
    brought = evil.authorize(browser.begin())
    cookie = browser.cookie("oauthapp_login")
    at_once = Barrier(6)

    def deliver(_number: int) -> int:
        twin = house.browser()
        twin.client.set_cookie("oauthapp_login", cookie, domain="localhost")
        at_once.wait(5)
        return twin.bring(brought).status_code

    with ThreadPoolExecutor(6) as pool:
        statuses = sorted(pool.map(deliver, range(6)))

    assert statuses == [303, 400, 400, 400, 400, 400]
    assert len(evil.calls("/token")) == 1


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_D2_looking_at_the_callback_does_not_end_the_login(
    browser: EvilBrowser, evil: EvilProvider, method: str
) -> None:
    """A link preview asks with HEAD before the user comes with GET."""
    brought = evil.authorize(browser.begin())

    answer = browser.open("/callback/demo", method=method, query_string=brought)

    assert answer.status_code == (405 if method == "HEAD" else 200)
    assert "GET" in answer.headers["Allow"]
    assert evil.calls("/token") == []
    assert browser.bring(brought).status_code == 303


def test_D2_a_state_of_another_app_is_forged(
    browser: EvilBrowser, evil: EvilProvider, house: House
) -> None:
    from itsdangerous import Signer

    stranger = Signer("another-secret-key-of-another-app!!", salt="oauthapp.state")

    answer = browser.bring({"state": stranger.sign("x" * 43).decode(), "code": "c"})

    assert reason(answer) == "state_forged"


def test_D2_the_login_cookie_does_not_pass_for_a_state(
    browser: EvilBrowser, evil: EvilProvider
) -> None:
    browser.begin()

    answer = browser.bring({"state": browser.cookie("oauthapp_login"), "code": "c"})

    assert reason(answer) == "state_forged"


def test_D2_logins_that_nobody_came_back_from_are_cleared_away(
    browser: EvilBrowser, house: House, clock: Clock
) -> None:
    for _ in range(3):
        browser.begin()
    clock.now += 2 * 86400
    browser.begin()

    assert open_logins(house) == 1
