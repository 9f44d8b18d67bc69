"""RULES D.1: the order of the checks, and what each step does when it fails."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from werkzeug.wrappers import Response

from tests.attacks.evil_browser import EvilBrowser
from tests.attacks.evil_browser import reason
from tests.attacks.evil_provider import ACCESS_TOKEN
from tests.attacks.evil_provider import DROP
from tests.attacks.evil_provider import EvilProvider
from tests.attacks.evil_provider import as_json
from tests.attacks.house import Clock
from tests.attacks.house import House

OTHER_HOST = {"base_url": "http://127.0.0.1:5000"}


def test_D1_each_failure_hides_all_later_ones(
    house: House, evil: EvilProvider, clock: Clock
) -> None:
    """Wrong in every way at once; then one thing after another is put right."""
    browser, stranger = house.browser(), house.browser()
    stranger.begin()

    def brought(**lies: object) -> dict[str, str]:
        wrong = {"iss": DROP, "error": "access_denied", "code": DROP}
        return evil.authorize(browser.begin(), **{**wrong, **lies})

    def refused(who: EvilBrowser, pairs: object, **options: object) -> str:
        at = options.pop("provider", "other")
        return reason(who.bring(pairs, at, **options))

    late = house.settings.login_ttl + 1
    twice = [*brought().items(), ("error", "twice")]
    stateless = {"error": "access_denied"}
    assert refused(stranger, twice, **OTHER_HOST) == "host_mismatch"
    assert refused(stranger, twice) == "duplicate_parameter"
    assert refused(stranger, stateless) == "state_missing"
    assert refused(stranger, {**stateless, "state": "forged"}) == "state_forged"
    begun = brought()
    clock.now += late
    assert refused(stranger, begun) == "state_of_another_browser"
    assert refused(stranger, begun) == "state_unknown"
    begun = brought()
    clock.now += late
    assert refused(browser, begun) == "state_of_another_provider"
    begun = brought()
    clock.now += late
    assert refused(browser, begun, provider="demo") == "login_expired"
    assert refused(browser, brought(), provider="demo") == "iss_missing"
    wrong = brought(iss="https://evil.example")
    assert refused(browser, wrong, provider="demo") == "iss_mismatch"
    right = brought(iss=evil.issuer)
    assert refused(browser, right, provider="demo") == "provider_said_no"
    nothing = brought(iss=evil.issuer, error=DROP)
    assert refused(browser, nothing, provider="demo") == "code_missing"
    assert evil.calls("/token") == []
    assert not browser.is_signed_in()


def test_D1_the_calls_to_the_provider_are_made_in_order(
    browser: EvilBrowser, evil: EvilProvider
) -> None:
    browser.bring(evil.authorize(browser.begin()))

    paths = [one.path for one in evil.heard]
    assert paths == [
        "/.well-known/openid-configuration",
        "/token",
        "/jwks",
        "/userinfo",
    ]


def test_D1_a_bad_id_token_keeps_the_access_token_from_userinfo(
    browser: EvilBrowser, evil: EvilProvider
) -> None:
    evil.claims["nonce"] = "another"

    browser.bring(evil.authorize(browser.begin()))

    assert evil.calls("/userinfo") == []


def test_D1_userinfo_of_another_user_is_refused(
    browser: EvilBrowser, evil: EvilProvider
) -> None:
    evil.about["sub"] = "mallory"

    answer = browser.bring(evil.authorize(browser.begin()))

    assert (answer.status_code, reason(answer)) == (400, "userinfo_sub")
    assert not browser.is_signed_in()


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST.:5000", "evil.example", "x"])
def test_D1_a_callback_at_another_host_is_refused(
    browser: EvilBrowser, evil: EvilProvider, host: str
) -> None:
    brought = evil.authorize(browser.begin())

    answer = browser.bring(brought, headers={"Host": host})

    assert (answer.status_code, reason(answer)) == (400, "host_mismatch")
    assert evil.calls("/token") == []


@pytest.mark.parametrize(
    "path",
    [
        "/callback/demo/",
        "/callback//demo",
        "/callback/demo/x",
        "/callback/DEMO",
        "/Callback/demo",
        "/callback/",
        "/callback",
        "/callback/demo%20",
        "/callback/demo;x",
        "/callback/%2e/demo",
    ],
)
def test_D1_a_callback_at_another_path_is_refused(
    browser: EvilBrowser, evil: EvilProvider, path: str
) -> None:
    brought = evil.authorize(browser.begin())

    answer = browser.open(path, query_string=brought)

    assert answer.status_code == 404
    assert evil.calls("/token") == []
    assert not browser.is_signed_in()


@pytest.mark.parametrize("name", ["code", "state", "iss", "error", "anything"])
@pytest.mark.parametrize("first", [True, False])
def test_D1_a_second_value_of_any_parameter_is_refused(
    browser: EvilBrowser, evil: EvilProvider, name: str, first: bool
) -> None:
    pairs = list(evil.authorize(browser.begin(), anything="x").items())
    if name == "error":
        pairs.append((name, "access_denied"))
    pairs.insert(0 if first else len(pairs), (name, "second"))

    answer = browser.bring(pairs)

    assert (answer.status_code, reason(answer)) == (400, "duplicate_parameter")
    assert evil.calls("/token") == []


def test_D1_a_duplicate_hidden_by_its_spelling_is_one_all_the_same(
    browser: EvilBrowser, evil: EvilProvider
) -> None:
    brought = evil.authorize(browser.begin())
    query = "&".join(f"{name}={value}" for name, value in brought.items())

    answer = browser.open(f"/callback/demo?{query}&c%6fde=another")

    assert reason(answer) == "duplicate_parameter"


def test_D1_parameters_in_a_body_are_not_looked_at(
    browser: EvilBrowser, evil: EvilProvider
) -> None:
    brought = evil.authorize(browser.begin())

    answer = browser.open("/callback/demo", method="GET", data=brought)

    assert reason(answer) == "state_missing"


def test_D1_the_answer_is_a_303_and_never_a_page(
    browser: EvilBrowser, evil: EvilProvider
) -> None:
    answer = browser.bring(evil.authorize(browser.begin()))

    assert answer.status_code == 303
    assert urlsplit(answer.location).query == ""
    assert "code" not in answer.location


def hang(evil: EvilProvider, *, now_and_then: bytes) -> None:
    def body() -> Iterator[bytes]:
        for _ in range(100):
            evil.over.wait(0.1)
            yield now_and_then

    evil.answers["/token"] = lambda _request: Response(body())


@pytest.mark.parametrize("now_and_then", [b"", b" "], ids=["silent", "dripping"])
def test_D1_a_token_endpoint_that_hangs_is_given_up(
    house: House, browser: EvilBrowser, evil: EvilProvider, now_and_then: bytes
) -> None:
    brought = evil.authorize(browser.begin())
    house.be_impatient()
    hang(evil, now_and_then=now_and_then)

    answer = browser.bring(brought)

    assert (answer.status_code, reason(answer)) == (504, "provider_timed_out")
    assert not browser.is_signed_in()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_D1_a_redirect_of_the_token_endpoint_is_not_followed(
    browser: EvilBrowser, evil: EvilProvider, other: EvilProvider, status: int
) -> None:
    evil.answers["/token"] = lambda _request: Response(
        status=status, headers={"Location": f"{other.issuer}/token"}
    )

    answer = browser.bring(evil.authorize(browser.begin()))

    assert (answer.status_code, reason(answer)) == (502, "provider_failed")
    assert other.heard == []


@pytest.mark.parametrize("status", [301, 307])
def test_D1_a_redirect_of_userinfo_does_not_get_the_access_token(
    browser: EvilBrowser, evil: EvilProvider, other: EvilProvider, status: int
) -> None:
    evil.answers["/userinfo"] = lambda _request: Response(
        status=status, headers={"Location": f"{other.issuer}/{ACCESS_TOKEN}"}
    )

    assert browser.bring(evil.authorize(browser.begin())).status_code == 502
    assert other.heard == []


@pytest.mark.parametrize("path", ["/token", "/jwks", "/userinfo"])
def test_D1_a_provider_that_fails_is_a_502_with_a_way_back(
    browser: EvilBrowser, evil: EvilProvider, path: str
) -> None:
    evil.answers[path] = lambda _request: as_json({"error": "x"}, status=503)

    answer = browser.bring(
        evil.authorize(browser.begin()), headers={"Accept": "text/html"}
    )

    assert answer.status_code == 502
    assert 'href="/"' in answer.text
    assert not browser.is_signed_in()


def test_D1_a_provider_that_is_down_is_a_502(
    house: House, evil: EvilProvider, browser: EvilBrowser
) -> None:
    evil.metadata["token_endpoint"] = "http://127.0.0.1:1/token"

    answer = browser.bring(evil.authorize(browser.begin()))

    assert (answer.status_code, reason(answer)) == (502, "provider_failed")


def test_D1_the_next_login_works_after_every_kind_of_failure(
    browser: EvilBrowser, evil: EvilProvider
) -> None:
    evil.answers["/token"] = lambda _request: Response("<html>")
    assert browser.bring(evil.authorize(browser.begin())).status_code == 502

    del evil.answers["/token"]
    assert browser.bring(evil.authorize(browser.begin())).status_code == 303


def test_D1_a_new_session_id_is_given_at_login_and_the_old_session_is_gone(
    browser: EvilBrowser, house: House, evil: EvilProvider
) -> None:
    browser.bring(evil.authorize(browser.begin()))
    before = browser.cookie("oauthapp_app")
    browser.bring(evil.authorize(browser.begin()))
    after = browser.cookie("oauthapp_app")
    assert before != after

    thief = house.browser()
    thief.client.set_cookie("oauthapp_app", before, domain="localhost")
    assert not thief.is_signed_in()
    assert browser.is_signed_in()


def test_D1_a_session_id_planted_before_the_login_is_not_taken_over(
    house: House, evil: EvilProvider
) -> None:
    """Session fixation: the attacker knows the cookie that the victim signs in with."""
    attacker, victim = house.browser(), house.browser()
    attacker.bring(evil.authorize(attacker.begin()))
    planted = attacker.cookie("oauthapp_app")
    victim.client.set_cookie("oauthapp_app", planted, domain="localhost")

    victim.bring(evil.authorize(victim.begin()))

    assert victim.is_signed_in()
    assert not attacker.is_signed_in()
