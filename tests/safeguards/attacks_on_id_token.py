"""Attacks by what a provider says of the user, by the name of what has to stop them."""

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

from tests.attacks.evil_provider import Signer
from tests.attacks.evil_provider import b64
from tests.attacks.house import NOW
from tests.safeguards.scene import Attack
from tests.safeguards.scene import Scene


def signs_in(scene: Scene, **lies: Mapping[str, Any]) -> bool:
    """Whether somebody is signed in by a provider that lies so."""
    for what, lie in lies.items():
        setattr(scene.evil, what, lie)
    return _is_signed_in(scene)


def _is_signed_in(scene: Scene) -> bool:
    browser = scene.house.browser()
    browser.bring(scene.evil.authorize(browser.begin()))
    return browser.is_signed_in()


def unsigned(scene: Scene) -> bool:
    def sign(_header: Mapping[str, Any], claims: Mapping[str, Any]) -> str:
        header = b64(json.dumps({"alg": "none"}).encode())
        return f"{header}.{b64(json.dumps(claims).encode())}."

    return _signed_by(scene, sign)


def forged(scene: Scene) -> bool:
    return _signed_by(scene, scene.forged)


def _signed_by(scene: Scene, sign: Signer) -> bool:
    scene.evil.sign = sign
    return _is_signed_in(scene)


def key_of_nobody(scene: Scene) -> bool:
    scene.evil.header = {"kid": "mine"}
    return _signed_by(scene, scene.forged)


def claiming(**claims: Any) -> Attack:
    return partial(signs_in, claims=claims)


def userinfo_of_another(scene: Scene) -> bool:
    scene.evil.about = {"sub": "mallory", "name": "Mallory"}
    browser = scene.house.browser()
    browser.bring(scene.evil.authorize(browser.begin()))
    me = browser.open("/me")
    return me.status_code == 200 and me.get_json()["claims"]["name"] == "Mallory"


ATTACKS_ON_ID_TOKEN: Mapping[str, Attack] = {
    "id_token.its_algorithm_is_pinned": unsigned,
    "id_token.its_key_is_published": key_of_nobody,
    "id_token.its_signature_holds": forged,
    "id_token.issued_by_the_provider": claiming(iss="https://evil.example"),
    "id_token.meant_for_us_alone": claiming(aud="another-app"),
    "id_token.given_to_us": claiming(azp="another-app"),
    "id_token.not_expired": claiming(exp=int(NOW) - 100),
    "id_token.not_issued_in_future": claiming(iat=int(NOW) + 100),
    "id_token.valid_by_now": claiming(nbf=int(NOW) + 100),
    "id_token.nonce_is_ours": claiming(nonce="of-another-login"),
    "id_token.access_token_belongs_to_it": claiming(at_hash="of-another-token"),
    "userinfo_is_about_the_same_user": userinfo_of_another,
}
