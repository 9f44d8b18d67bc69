"""A logout token is believed or refused, whatever is in it."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oauthapp.callbacks.backchannel.refusals import LogoutRefused
from oauthapp.callbacks.backchannel.verify import CHECKS
from oauthapp.callbacks.backchannel.verify import Evidence
from oauthapp.callbacks.backchannel.verify import Logout
from oauthapp.callbacks.backchannel.verify import believe

NOW = 1_700_000_000.0
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
DROP = "(left out)"
CLAIMS: dict[str, Any] = {
    "iss": "https://op.example",
    "aud": "us",
    "iat": int(NOW),
    "exp": NOW + 120,
    "jti": "one",
    "events": {LOGOUT_EVENT: {}},
    "sub": "alice",
    "sid": "s",
}
GOOD = Evidence(claims=CLAIMS, issuer="https://op.example", client_id="us", now=NOW)
#: Ways to break each check.
SPOILED: dict[str, list[dict[str, Any]]] = {
    "issued_by_the_provider": [{"iss": "https://evil.example"}, {"iss": None}],
    "meant_for_us_alone": [{"aud": aud} for aud in ("them", ["us", "them"], [], None)],
    "not_issued_in_future": [
        {"iat": iat} for iat in (NOW + 61, "now", True, None, -1e12)
    ],
    "not_expired": [{"exp": exp} for exp in (NOW - 60, 1e12, 10**400, "soon", None)],
    "says_it_is_a_logout": [
        {"events": events} for events in ({}, LOGOUT_EVENT, {LOGOUT_EVENT: None}, None)
    ],
    "names_a_session_or_a_user": [
        {"sid": 7},
        {"sid": ""},
        {"sid": "s\0"},
        {"sub": ""},
        {"sub": "alice\0"},
        {"sub": DROP, "sid": DROP},
    ],
    "carries_no_nonce": [{"nonce": "n"}, {"nonce": None}],
    "has_an_id": [{"jti": jti} for jti in (None, "", "j" * 256, "one\0")],
}
LIES = [(check, lie) for check, lies in SPOILED.items() for lie in lies]

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


def lying(lies: dict[str, Any]) -> Evidence:
    claims = {**CLAIMS, **lies}
    return replace(GOOD, claims={k: v for k, v in claims.items() if v is not DROP})


def test_a_good_logout_token_is_believed() -> None:
    logout = believe(GOOD)

    assert (logout.jti, logout.sub, logout.sid) == ("one", "alice", "s")
    assert logout.expires_at == NOW + 180


@pytest.mark.parametrize(
    "truth",
    [
        {"aud": ["us"]},
        {"iat": NOW + 60},
        {"iat": 0},
        {"exp": NOW - 59},
        {"exp": 1e12 - 1},
        {"sub": DROP},
        {"sid": DROP},
        {"jti": "j"},
        {"jti": "j" * 255},
        {"events": {LOGOUT_EVENT: {}, "another": None}},
    ],
    ids=str,
)
def test_what_the_rules_allow_is_believed(truth: dict[str, Any]) -> None:
    assert believe(lying(truth))


@pytest.mark.parametrize("seal", [object(), None])
def test_nobody_else_makes_a_logout(seal: object) -> None:
    with pytest.raises(TypeError, match="^only believe"):
        Logout(seal, jti="j", sub="", sid="s", expires_at=0.0)


@pytest.mark.parametrize(("check", "lie"), LIES, ids=str)
def test_each_check_refuses_and_without_it_the_lie_gets_through(
    check: str, lie: dict[str, Any]
) -> None:
    (refusal,) = (one for holds, one in CHECKS if holds.__name__ == check)
    with pytest.raises(refusal):
        believe(lying(lie))

    assert believe(lying(lie), {f"logout_token.{check}"})


def test_every_check_has_its_lies() -> None:
    assert [holds.__name__ for holds, _refusal in CHECKS] == list(SPOILED)


def test_a_token_that_never_expires_is_remembered_for_a_minute() -> None:
    logout = believe(lying({"exp": None}), {"logout_token.not_expired"})

    assert logout.expires_at == NOW + 60


@given(st.dictionaries(st.sampled_from([*CLAIMS, "nonce"]), json_values))
def test_whatever_is_claimed_is_believed_or_refused(lies: dict[str, Any]) -> None:
    try:
        believe(lying(lies))
    except LogoutRefused:
        return
    assert "nonce" not in lies
    assert lies.get("iss", GOOD.issuer) == GOOD.issuer
