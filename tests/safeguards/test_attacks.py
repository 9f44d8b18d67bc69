"""Each attack is stopped by the check that is there for it, and succeeds without it."""

from collections.abc import Mapping

import pytest
from flask import Flask

from oauthapp.safeguards import SAFEGUARDS
from tests.safeguards.attacks_on_answer import ATTACKS_ON_ANSWER
from tests.safeguards.attacks_on_id_token import ATTACKS_ON_ID_TOKEN
from tests.safeguards.attacks_on_message import ATTACKS_ON_MESSAGE
from tests.safeguards.attacks_on_payment import ATTACKS_ON_PAYMENT
from tests.safeguards.attacks_on_result import ATTACKS_ON_RESULT
from tests.safeguards.attacks_on_tokens import ATTACKS_ON_TOKENS
from tests.safeguards.scene import Attack
from tests.safeguards.scene import Scene

ATTACKS: Mapping[str, Attack] = {
    **ATTACKS_ON_ANSWER,
    **ATTACKS_ON_ID_TOKEN,
    **ATTACKS_ON_PAYMENT,
    **ATTACKS_ON_MESSAGE,
    **ATTACKS_ON_TOKENS,
    **ATTACKS_ON_RESULT,
}


def test_there_is_an_attack_for_each_check_that_can_be_off() -> None:
    can_be_off = [name for name, one in SAFEGUARDS.items() if not one.always_on]

    assert list(ATTACKS) == sorted(ATTACKS, key=can_be_off.index)
    assert set(ATTACKS) == set(can_be_off)


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_stopped_by_its_check_and_by_no_other(
    name: str, scene: Scene
) -> None:
    assert not ATTACKS[name](scene)
    assert what_became(scene) == SAFEGUARDS[name].held
    assert verdict(scene.house.app, name) == "pass"

    scene.house.services.weaknesses.switch(name, off=True)

    assert ATTACKS[name](scene)
    assert what_became(scene) == SAFEGUARDS[name].let_through
    assert verdict(scene.house.app, name) == "fail"

    scene.house.services.weaknesses.switch(name, off=False)

    assert verdict(scene.house.app, name) == "fail"  # until it has held again


def what_became(scene: Scene) -> str:
    """The verdict and reason of the newest call that has a reason."""
    calls = [call for call in scene.house.calls if call.reason]
    calls = [call for call in calls if call.reason not in ("not_signed_in",)]
    return f"{calls[-1].verdict} {calls[-1].reason}"


def verdict(app: Flask, name: str) -> str:
    """What the page says of the check."""
    told = app.test_client().get("/security").get_json()["checks"]
    (one,) = [check for check in told if check["name"] == name]
    return str(one["verdict"])
