"""Attacks by tokens that servers post, by the name of what has to stop them."""

from collections.abc import Mapping
from typing import Any

from oauthapp.callbacks.backchannel.verify import LOGOUT_EVENT
from tests.attacks.evil_provider import CLIENT_ID
from tests.attacks.evil_provider import DROP
from tests.attacks.evil_provider import SUB
from tests.attacks.evil_provider import altered
from tests.attacks.house import NOW
from tests.safeguards.scene import Attack
from tests.safeguards.scene import Scene

LOGOUT = {"alg": "RS256", "kid": "first", "typ": "logout+jwt"}
EVENT = {"alg": "RS256", "kid": "first", "typ": "secevent+jwt"}


def signs_out(scene: Scene, *, forged: bool = False, **lies: Any) -> bool:
    """Whether a logout token that lies so ends the session of somebody."""
    browser = scene.log_in()
    honest = {
        "iss": scene.evil.issuer,
        "aud": CLIENT_ID,
        "iat": int(NOW),
        "exp": int(NOW) + 120,
        "jti": "one",
        "events": {LOGOUT_EVENT: {}},
        "sub": SUB,
    }
    sign = scene.forged if forged else scene.token
    token = sign(LOGOUT, altered(honest, lies))
    scene.post("/backchannel-logout/demo", data={"logout_token": token})
    return not browser.is_signed_in()


def signing_out(**lies: Any) -> Attack:
    return lambda scene: signs_out(scene, **lies)


def overheard_logout(scene: Scene) -> bool:
    signs_out(scene, jti="overheard")
    return signs_out(scene, jti="overheard")


def is_told(
    scene: Scene, *, forged: bool = False, typ: str = "secevent+jwt", **lies: Any
) -> bool:
    """Whether an event token that lies so is kept."""
    honest = {
        "iss": scene.evil.issuer,
        "aud": CLIENT_ID,
        "iat": int(NOW),
        "jti": "one",
        "events": {"https://example.com/account-disabled": {}},
    }
    sign = scene.forged if forged else scene.token
    token = sign({**EVENT, "typ": typ}, altered(honest, lies))
    before = scene.kept()
    scene.post("/events/demo", data=token, content_type="application/secevent+jwt")
    return scene.kept() == before + 1


def telling(**lies: Any) -> Attack:
    return lambda scene: is_told(scene, **lies)


ATTACKS_ON_TOKENS: Mapping[str, Attack] = {
    "logout_token.its_signature_holds": signing_out(forged=True),
    "logout_token.issued_by_the_provider": signing_out(iss="https://evil.example"),
    "logout_token.meant_for_us_alone": signing_out(aud="another-app"),
    "logout_token.not_issued_in_future": signing_out(iat=int(NOW) + 100),
    "logout_token.not_expired": signing_out(exp=int(NOW) - 100),
    "logout_token.says_it_is_a_logout": signing_out(events=DROP),
    "logout_token.names_a_session_or_a_user": signing_out(sub=DROP),
    "logout_token.carries_no_nonce": signing_out(nonce="of-an-id-token"),
    "logout_token.it_counts_once": overheard_logout,
    "event_token.its_signature_holds": telling(forged=True),
    "event_token.says_what_it_is": telling(typ="JWT"),
    "event_token.issued_by_the_provider": telling(iss="https://evil.example"),
    "event_token.meant_for_us_alone": telling(aud="another-app"),
}
