"""A security event token is believed or refused, whatever is in it."""

from dataclasses import replace
from typing import Any

import pytest

from oauthapp.callbacks.security_event.verify import CHECKS
from oauthapp.callbacks.security_event.verify import Evidence
from oauthapp.callbacks.security_event.verify import SecurityEvent
from oauthapp.callbacks.security_event.verify import believe

NOW = 1_700_000_000.0
EVENT = "https://schemas.openid.net/secevent/risc/event-type/account-disabled"
CLAIMS: dict[str, Any] = {
    "iss": "https://op.example",
    "aud": "us",
    "iat": int(NOW),
    "jti": "one",
    "events": {EVENT: {}, "another": {}},
}
GOOD = Evidence(
    header={"typ": "secevent+jwt"},
    claims=CLAIMS,
    body=b"a.b.c",
    issuer="https://op.example",
    client_id="us",
    now=NOW,
)
#: Ways to break each check.
SPOILED: dict[str, list[Evidence]] = {
    "says_what_it_is": [
        replace(GOOD, header=header)
        for header in (
            {},
            {"typ": None},
            {"typ": "JWT"},
            {"typ": "x/secevent+jwt"},
            {"typ": "secevent+jwt "},
        )
    ],
} | {
    check: [replace(GOOD, claims={**CLAIMS, name: value}) for value in values]
    for check, name, values in (
        ("issued_by_the_provider", "iss", ["https://evil.example", None]),
        ("meant_for_us_alone", "aud", ["them", ["us", "them"], [], None]),
        ("not_issued_in_future", "iat", [NOW + 61, -1, -0.5, True, "now", None]),
        ("has_an_id", "jti", [None, "", 7, "j" * 256, "one\0"]),
        (
            "tells_of_an_event",
            "events",
            [
                {EVENT: None},
                {EVENT: {}, "another": None},
                {},
                [EVENT],
                None,
                {"": {}},
                {"e" * 256: {}},
                {EVENT: {}, "a\0": {}},
            ],
        ),
    )
}
LIES = [(check, lie) for check, lies in SPOILED.items() for lie in range(len(lies))]


def test_a_good_security_event_is_believed() -> None:
    event = believe(GOOD)

    assert (event.id, event.timestamp, event.body) == ("one", int(NOW), b"a.b.c")
    assert event.event_type == EVENT


@pytest.mark.parametrize(
    "truth",
    [
        {"aud": ["us"]},
        {"iat": NOW + 60},
        {"iat": 0},
        {"jti": "j"},
        {"jti": "j" * 255},
        {"events": {"e": {}}},
        {"events": {"e" * 255: {"subject": {}}}},
    ],
    ids=str,
)
def test_what_the_rules_allow_is_believed(truth: dict[str, Any]) -> None:
    assert believe(replace(GOOD, claims={**CLAIMS, **truth}))


def test_the_type_may_be_spelled_as_a_whole_media_type() -> None:
    assert believe(replace(GOOD, header={"typ": "Application/SecEvent+JWT"}))


@pytest.mark.parametrize("seal", [object(), None])
def test_nobody_else_makes_a_security_event(seal: object) -> None:
    with pytest.raises(TypeError, match="^only believe"):
        SecurityEvent(id="one", timestamp=1, event_type=EVENT, body=b"", seal=seal)


@pytest.mark.parametrize(("check", "lie"), LIES)
def test_each_check_refuses_what_is_spoiled(check: str, lie: int) -> None:
    (refusal,) = (one for holds, one in CHECKS if holds.__name__ == check)
    with pytest.raises(refusal):
        believe(SPOILED[check][lie])


@pytest.mark.parametrize("check", SPOILED)
def test_a_check_that_is_off_lets_the_lie_through(check: str) -> None:
    assert believe(SPOILED[check][0], {f"event_token.{check}"})


def test_every_check_has_its_lies() -> None:
    assert [holds.__name__ for holds, _refusal in CHECKS] == list(SPOILED)
