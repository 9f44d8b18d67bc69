"""What is said of a relying party: each case once."""

from dataclasses import replace

import pytest

from oauthapp.checking.client.duties import CHECKS
from oauthapp.checking.client.sight import Look
from oauthapp.checking.client.verdict import Seen
from oauthapp.checking.client.verdict import result_of

CHECK = {check.name: check for check in CHECKS}
PAGE = Look(status=400, place="/callback", names_user=False)
REFUSED = Seen(judged="refused", landed=PAGE)
LET_IN = Seen(judged="let in", landed=Look(status=200, place="/", names_user=True))
CRASHED = replace(REFUSED, landed=replace(PAGE, status=500))
BLIND = replace(LET_IN, checks_signatures=False)


@pytest.mark.parametrize(
    ("name", "seen", "verdict", "weight"),
    [
        ("id_token_aud_wrong", REFUSED, "passed", ""),
        ("id_token_aud_wrong", LET_IN, "finding", "attack"),
        ("id_token_aud_wrong", CRASHED, "finding", "robustness"),
        (
            "id_token_aud_wrong",
            replace(REFUSED, failure="hung"),
            "finding",
            "robustness",
        ),
        (
            "id_token_aud_wrong",
            replace(REFUSED, recovered=False),
            "finding",
            "robustness",
        ),
        ("id_token_aud_wrong", replace(LET_IN, judged="unclear"), "unclear", ""),
        ("id_token_aud_wrong", replace(REFUSED, not_reached="why"), "not reached", ""),
        ("id_token_aud_wrong", BLIND, "finding", "attack"),
        ("id_token_jwk_injected", BLIND, "note", ""),
        ("id_token_jwk_injected", LET_IN, "finding", "attack"),
        ("id_token_at_hash_wrong", LET_IN, "note", ""),
        ("id_token_key_rotated", LET_IN, "passed", ""),
        ("id_token_key_rotated", REFUSED, "note", ""),
        (
            "id_token_key_rotated",
            replace(REFUSED, recovered=False),
            "finding",
            "robustness",
        ),
        ("jwks_empty", replace(REFUSED, recovered=False), "note", ""),
        ("state_replayed", LET_IN, "passed", ""),
        ("state_replayed", replace(LET_IN, redeemed_twice=True), "finding", "attack"),
        ("token_redirect", replace(REFUSED, called=["/elsewhere"]), "note", ""),
        ("token_slow", LET_IN, "passed", ""),
        ("token_500", replace(REFUSED, landed=replace(PAGE, status=502)), "passed", ""),
        ("userinfo_sub_wrong", LET_IN, "note", ""),
        (
            "userinfo_sub_wrong",
            replace(LET_IN, landed=replace(LET_IN.landed, names_user=False)),
            "finding",
            "attack",
        ),
    ],
)
def test_what_is_said(name: str, seen: Seen, verdict: str, weight: str) -> None:
    result = result_of(CHECK[name], seen)

    assert (result.verdict, result.weight) == (verdict, weight), result.did


def test_a_finding_says_when_it_does_no_harm() -> None:
    assert "one provider only" in result_of(CHECK["answer_iss_wrong"], LET_IN).rule
