"""Attacks that come by the browser, by the name of what has to stop them."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from tests.attacks.evil_provider import DROP
from tests.safeguards.scene import Attack
from tests.safeguards.scene import Scene


def another_port(scene: Scene) -> bool:
    """A port that is not ours; cookies do not tell it from ours."""
    browser = scene.house.browser()
    brought = scene.evil.authorize(browser.begin())
    answer = browser.bring(brought, headers={"Host": "localhost:4999"})
    return answer.status_code == 303


def two_codes(scene: Scene) -> bool:
    browser = scene.house.browser()
    brought = scene.evil.authorize(browser.begin())
    return browser.bring([*brought.items(), ("code", "x")]).status_code == 303


def no_state(scene: Scene) -> bool:
    browser = scene.house.browser()
    browser.bring(scene.evil.authorize(browser.begin(), state=DROP))
    return browser.is_signed_in()


def altered_state(scene: Scene) -> bool:
    browser = scene.house.browser()
    browser.bring(scene.evil.authorize(browser.begin(), state="invented"))
    return browser.is_signed_in()


def state_used_before(scene: Scene) -> bool:
    browser = scene.house.browser()
    location = browser.begin()
    assert browser.bring(scene.evil.authorize(location)).status_code == 303
    return browser.bring(scene.evil.authorize(location)).status_code == 303


def login_csrf(scene: Scene) -> bool:
    """The victim ends up in the attacker's account."""
    attacker, victim = scene.house.browser(), scene.house.browser()
    scene.evil.claims = scene.evil.about = {"sub": "mallory"}
    victim.bring(scene.evil.authorize(attacker.begin()))
    me = victim.open("/me")
    return me.status_code == 200 and me.get_json()["sub"] == "mallory"


def mix_up_by_redirect_uri(scene: Scene) -> bool:
    """An answer at the honest provider's address is redeemed at the hostile one."""
    browser = scene.house.browser()
    brought = scene.other.authorize(browser.begin("other"))
    browser.bring({**brought, "iss": scene.evil.issuer}, "demo")
    return len(scene.other.calls("/token")) == 1


def late_answer(scene: Scene) -> bool:
    browser = scene.house.browser()
    brought = scene.evil.authorize(browser.begin())
    scene.clock.now += scene.house.settings.login_ttl + 1
    browser.bring(brought)
    return browser.is_signed_in()


def nameless_answer(scene: Scene) -> bool:
    browser = scene.house.browser()
    browser.bring(scene.evil.authorize(browser.begin(), iss=DROP))
    return browser.is_signed_in()


def mix_up(scene: Scene) -> bool:
    """An answer that the honest provider made is redeemed at the hostile one."""
    browser = scene.house.browser()
    brought = scene.other.authorize(browser.begin("other"), iss=scene.evil.issuer)
    browser.bring(brought, "other")
    return len(scene.other.calls("/token")) == 1


def open_redirect(scene: Scene) -> bool:
    browser = scene.house.browser()
    location = browser.begin(next="@evil.example/sign-in")
    answer = browser.bring(scene.evil.authorize(location))
    return urlsplit(answer.location).hostname == "evil.example"


def session_fixation(scene: Scene) -> bool:
    """The attacker's cookie, left in the victim's browser, becomes the victim's."""
    attacker, victim = scene.log_in(sub="mallory"), scene.house.browser()
    cookie = "oauthapp_app"
    victim.client.set_cookie(cookie, attacker.cookie(cookie), domain="localhost")
    answer = victim.bring(scene.evil.authorize(victim.begin()))
    assert answer.status_code == 303
    me = attacker.open("/me")
    return me.status_code == 200 and me.get_json()["sub"] == "alice"


ATTACKS_ON_ANSWER: Mapping[str, Attack] = {
    "it_came_to_our_host": another_port,
    "no_parameter_came_twice": two_codes,
    "state_came": no_state,
    "state_is_signed_by_us": altered_state,
    "each_state_counts_once": state_used_before,
    "state_is_this_browsers": login_csrf,
    "state_is_for_this_provider": mix_up_by_redirect_uri,
    "login_is_recent": late_answer,
    "issuer_is_named_where_promised": nameless_answer,
    "issuer_is_the_one_we_asked": mix_up,
    "next_is_a_path_of_ours": open_redirect,
    "session_id_is_new": session_fixation,
}
