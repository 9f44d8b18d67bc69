"""Every fault of the table happens on a running demo, and ends as the table says.

Those that are about time have a file of their own.
"""

import pytest

from oauthapp.callbacks.webhook.misbehaving import RECEIVED
from oauthapp.callers.provider.misbehaving.answers import ANSWERS
from oauthapp.callers.provider.misbehaving.answers import CODES
from oauthapp.callers.provider.misbehaving.endpoints import DISCOVERY
from oauthapp.callers.provider.misbehaving.endpoints import KEYS
from oauthapp.callers.provider.misbehaving.endpoints import TOKENS
from oauthapp.callers.provider.misbehaving.endpoints import USERINFO
from oauthapp.callers.provider.misbehaving.id_token import ID_TOKENS
from oauthapp.callers.provider.misbehaving.logout_token import LOGOUT_TOKENS
from oauthapp.callers.provider.misbehaving.logout_token import REPLAYED
from oauthapp.callers.sender.misbehaving import PARCELS
from oauthapp.demo import Demo
from oauthapp.demo import stage_of
from oauthapp.faults import AREAS
from oauthapp.faults import FAULTS
from oauthapp.faults import Culprit
from oauthapp.playing.browser_faults import PLAYED
from oauthapp.playing.perform import perform
from tests.playing.test_slow_faults import SLOW

#: What a login and a logout have to do with; others have tests of their own.
KINDS, SCENARIOS = ("redirect", "webhook"), ("login", "logout")
OURS = {
    name: one
    for name, one in FAULTS.items()
    if one.kind in KINDS and set(one.scenarios) & set(SCENARIOS)
}
#: The tables in which each culprit's faults are done.
TABLES = {
    "browser": (PLAYED,),
    "provider": (
        *(ANSWERS, CODES, ID_TOKENS, TOKENS, USERINFO, DISCOVERY, KEYS),
        *(LOGOUT_TOKENS, (REPLAYED,)),
    ),
    "sender": (PARCELS,),
    "receiver": (RECEIVED,),
}


@pytest.mark.parametrize(
    ("scenario", "fault"),
    [
        (each, name)
        for name in OURS
        for each in SCENARIOS
        if each in OURS[name].scenarios and name not in SLOW
    ],
)
def test_it_ends_as_the_table_says(demo: Demo, scenario: str, fault: str) -> None:
    done = perform(stage_of(demo), demo.recorder, scenario, fault)

    assert done.performance.problem == ""
    assert done.performance.outcome == FAULTS[fault].outcome


def test_after_all_of_them_a_login_goes_well(demo: Demo) -> None:
    done = perform(stage_of(demo), demo.recorder, "login", "")

    assert done.as_documented


@pytest.mark.parametrize("culprit", list(TABLES))
def test_each_fault_is_done_at_one_place(culprit: Culprit) -> None:
    done = [name for table in TABLES[culprit] for name in table]

    assert sorted(done) == sorted(
        name
        for name, one in FAULTS.items()
        if one.culprit == culprit and (name in OURS or name.startswith("push_"))
    )


def test_no_two_faults_have_the_same_name() -> None:
    assert len(FAULTS) == sum(len(area) for area in AREAS)


@pytest.mark.parametrize("name", list(FAULTS))
def test_a_fault_says_what_goes_wrong_and_what_is_to_be_done(name: str) -> None:
    fault = FAULTS[name]

    assert fault.says.endswith(".")
    assert fault.rule.endswith(".")
    assert fault.outcome
