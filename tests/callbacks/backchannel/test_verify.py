"""A logout token is believed or refused, whatever is in it."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oauthapp.callbacks.backchannel import verify
from oauthapp.callbacks.backchannel.refusals import LogoutRefused
from oauthapp.callbacks.backchannel.verify import CHECKS
from oauthapp.callbacks.backchannel.verify import LOGOUT_EVENT
from oauthapp.callbacks.backchannel.verify import Evidence
from oauthapp.callbacks.backchannel.verify import Logout
from oauthapp.callbacks.backchannel.verify import believe

NOW = 1_700_000_000.0
CLAIMS: dict[str, Any] = {
    "iss": "https://op.example",
    "aud": "us",
    "iat": NOW,
    "exp": NOW + 120,
    "jti": "one",
    "events": {LOGOUT_EVENT: {}},
    "sub": "alice",
    "sid": "s",
}
GOOD = Evidence(claims=CLAIMS, issuer="https://op.example", client_id="us", now=NOW)
#: A way to break each check, in the order of the table.
SPOILED: list[dict[str, Any]] = [
    {"iss": "https://evil.example"},
    {"aud": "them"},
    {"iat": NOW + 61},
    {"exp": NOW - 60},
    {"events": {}},
    {"sid": 7},
    {"nonce": "n"},
    {"jti": None},
]

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


def test_a_good_logout_token_is_believed() -> None:
    logout = believe(GOOD)

    assert (logout.jti, logout.sub, logout.sid) == ("one", "alice", "s")
    assert logout.expires_at == NOW + 180


def test_nobody_else_makes_a_logout() -> None:
    with pytest.raises(TypeError, match="only believe"):
        Logout(object(), jti="j", sub="", sid="s", expires_at=0.0)


@pytest.mark.parametrize(
    ("row", "lie"),
    list(enumerate(SPOILED)),
    ids=[check[0].__name__ for check in CHECKS],
)
def test_each_check_refuses_and_without_it_the_lie_gets_through(
    row: int, lie: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = replace(GOOD, claims={**CLAIMS, **lie})
    with pytest.raises(CHECKS[row][1]):
        believe(seen)

    others = [check for number, check in enumerate(CHECKS) if number != row]
    monkeypatch.setattr(verify, "CHECKS", others)
    believe(seen)


@given(st.dictionaries(st.sampled_from([*CLAIMS, "nonce"]), json_values))
def test_whatever_is_claimed_is_believed_or_refused(lies: dict[str, Any]) -> None:
    try:
        believe(replace(GOOD, claims={**CLAIMS, **lies}))
    except LogoutRefused:
        return
    assert "nonce" not in lies
    assert lies.get("iss", GOOD.issuer) == GOOD.issuer
