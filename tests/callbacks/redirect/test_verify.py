"""One good piece of evidence, and every way to spoil it."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from oauthapp.callbacks.redirect import refusals
from oauthapp.callbacks.redirect import verify
from oauthapp.callbacks.redirect.refusals import AnswerRefused
from oauthapp.callbacks.redirect.verify import AuthorizationResponse
from oauthapp.callbacks.redirect.verify import Evidence
from oauthapp.callbacks.redirect.verify import PendingLogin
from oauthapp.callbacks.redirect.verify import believe

NOW = 1_700_000_000.0
ISSUER = "https://op.example"
PENDING = PendingLogin(
    provider="demo",
    issuer=ISSUER,
    redirect_uri="http://localhost:5000/callback/demo",
    nonce="the-nonce",
    code_verifier="the-verifier",
    browser_hash="hash-of-the-cookie",
    next="/here",
    created_at=NOW - 10,
)
GOOD = Evidence(
    parameters=(("code", "the-code"), ("state", "the-state"), ("iss", ISSUER)),
    host="localhost:5000",
    our_host="localhost:5000",
    provider="demo",
    issuer=ISSUER,
    iss_promised=True,
    state_signed=True,
    pending=PENDING,
    browser_hash="hash-of-the-cookie",
    now=NOW,
    login_ttl=600,
)


def came(*pairs: tuple[str, str], without: str = "") -> tuple[tuple[str, str], ...]:
    """The good parameters, `pairs` in place of those of the same name."""
    left_out = {without, *(name for name, _value in pairs)}
    return (*(one for one in GOOD.parameters if one[0] not in left_out), *pairs)


#: Row of CHECKS → what violates that row, and no other one that could help.
SPOILT: dict[str, dict[str, Any]] = {
    "it_came_to_our_host": {"host": "127.0.0.1:5000"},
    "no_parameter_came_twice": {"parameters": (*GOOD.parameters, ("code", "other"))},
    "state_came": {"parameters": came(without="state")},
    "state_is_signed_by_us": {"state_signed": False},
    "state_was_pending": {"pending": None},
    "state_is_this_browsers": {"browser_hash": "hash-of-another-cookie"},
    "state_is_for_this_provider": {"pending": replace(PENDING, provider="other")},
    "login_is_recent": {"now": PENDING.created_at + 600.001},
    "issuer_is_named_where_promised": {"parameters": came(without="iss")},
    "issuer_is_the_one_we_asked": {"parameters": came(("iss", "https://evil.example"))},
    "provider_said_yes": {"parameters": came(("error", "access_denied"))},
    "code_came": {"parameters": came(without="code")},
}
ROWS = [(check.__name__, refusal) for check, refusal in verify.CHECKS]


def believed(spoilt: dict[str, Any]) -> AuthorizationResponse:
    return believe(replace(GOOD, **spoilt))


def test_the_answer_to_our_question_is_believed() -> None:
    answer = believe(GOOD)

    assert answer.code == "the-code"
    assert answer.pending is PENDING


@pytest.mark.parametrize(("check", "refusal"), ROWS)
def test_each_check_refuses_for_its_own_reason(
    check: str, refusal: type[AnswerRefused]
) -> None:
    with pytest.raises(refusal) as refused:
        believed(SPOILT[check])

    assert type(refused.value) is refusal


@pytest.mark.parametrize("check", ["login_is_recent", "issuer_is_the_one_we_asked"])
def test_a_check_that_is_off_lets_the_lie_through(check: str) -> None:
    assert believe(replace(GOOD, **SPOILT[check]), {check}).code == "the-code"


def test_a_state_that_did_not_come_is_the_matter_of_its_own_check_alone() -> None:
    silent = replace(GOOD, parameters=came(without="state"), state_signed=False)
    assert believe(silent, {"state_came"}).code == "the-code"


@pytest.mark.parametrize(
    ("first", "second"), list(zip(ROWS, ROWS[1:], strict=False)), ids=str
)
def test_of_two_violations_the_earlier_check_is_the_reason(
    first: tuple[str, type[AnswerRefused]], second: tuple[str, type[AnswerRefused]]
) -> None:
    both = {**SPOILT[second[0]], **SPOILT[first[0]]}
    if "parameters" in SPOILT[first[0]] and "parameters" in SPOILT[second[0]]:
        both["parameters"] = BOTH[first[0]]

    with pytest.raises(AnswerRefused) as refused:
        believed(both)

    assert type(refused.value) is first[1]


#: Parameters that violate this row and the next one.
BOTH = {
    "no_parameter_came_twice": (("code", "one"), ("code", "two")),
    "issuer_is_named_where_promised": came(without="iss"),
    "issuer_is_the_one_we_asked": came(
        ("iss", "https://evil.example"), ("error", "access_denied")
    ),
    "provider_said_yes": came(("error", "access_denied"), without="code"),
}


def test_everything_wrong_at_once_is_refused_for_the_first_check() -> None:
    spoilt = {name: value for one in SPOILT.values() for name, value in one.items()}

    with pytest.raises(refusals.HostMismatch):
        believed(spoilt)


@pytest.mark.parametrize("name", ["code", "state", "iss", "error", "session_state"])
@pytest.mark.parametrize("second", ["", "the same", "another"])
def test_no_parameter_may_come_twice(name: str, second: str) -> None:
    first = dict(GOOD.parameters).get(name, "one")
    value = first if second == "the same" else second
    rest = [pair for pair in GOOD.parameters if pair[0] != name]
    pairs = (*rest, (name, first), (name, value))

    with pytest.raises(refusals.DuplicateParameter) as refused:
        believed({"parameters": pairs})

    assert refused.value.arrived == name


def test_an_unknown_parameter_is_ignored() -> None:
    assert believed({"parameters": (*GOOD.parameters, ("session_state", "x"))})


@pytest.mark.parametrize("created_at", [NOW, NOW - 600])
def test_a_login_lives_exactly_as_long_as_it_may(created_at: float) -> None:
    assert believed({"pending": replace(PENDING, created_at=created_at)})


@pytest.mark.parametrize("created_at", [NOW + 0.001, NOW - 600.001, NOW + 86400])
def test_a_login_from_the_future_or_too_long_ago_is_refused(created_at: float) -> None:
    with pytest.raises(refusals.LoginExpired):
        believed({"pending": replace(PENDING, created_at=created_at)})


def test_a_browser_without_our_cookie_is_another_browser() -> None:
    with pytest.raises(refusals.StateOfAnotherBrowser):
        believed({"browser_hash": ""})


@pytest.mark.parametrize(
    "changed", [{"provider": "other"}, {"issuer": "https://evil.example"}]
)
def test_a_login_begun_at_another_provider_is_refused(changed: dict[str, str]) -> None:
    with pytest.raises(refusals.StateOfAnotherProvider):
        believed({"pending": replace(PENDING, **changed)})


def test_without_a_promise_iss_may_be_missing_but_not_wrong() -> None:
    assert believed({"iss_promised": False, "parameters": came(without="iss")})
    with pytest.raises(refusals.IssMismatch):
        believed({"iss_promised": False, "parameters": came(("iss", ISSUER + "/"))})


@pytest.mark.parametrize(
    "iss", [ISSUER + "/", ISSUER.upper(), " " + ISSUER, ISSUER + "%00", "x"]
)
def test_iss_is_compared_character_by_character(iss: str) -> None:
    with pytest.raises(refusals.IssMismatch):
        believed({"parameters": came(("iss", iss))})


def test_an_empty_iss_is_a_missing_one_where_it_is_promised() -> None:
    with pytest.raises(refusals.IssMissing):
        believed({"parameters": came(("iss", ""))})


def test_an_empty_iss_is_a_wrong_one_where_it_is_not_promised() -> None:
    with pytest.raises(refusals.IssMismatch):
        believed({"iss_promised": False, "parameters": came(("iss", ""))})


@pytest.mark.parametrize("error", ["access_denied", ""])
def test_an_error_beside_a_code_is_an_error(error: str) -> None:
    with pytest.raises(refusals.ProviderSaidNo):
        believed({"parameters": (*GOOD.parameters, ("error", error))})


def test_an_error_answer_of_another_issuer_is_a_mix_up_first() -> None:
    pairs = came(("error", "access_denied"), ("iss", "https://evil.example"))

    with pytest.raises(refusals.IssMismatch):
        believed({"parameters": pairs})


def test_an_empty_code_is_no_code() -> None:
    with pytest.raises(refusals.CodeMissing):
        believed({"parameters": came(("code", ""))})


def test_what_the_provider_said_is_passed_on_cut_to_size() -> None:
    pairs = came(("error", "e" * 500), ("error_description", "d" * 500))

    with pytest.raises(refusals.ProviderSaidNo) as refused:
        believed({"parameters": pairs})

    assert refused.value.arrived == "e" * 200 + ": " + "d" * 200


def test_what_the_provider_said_is_not_shown_for_a_state_that_is_not_ours() -> None:
    pairs = came(("error", "anything"), ("error_description", "a stranger likes"))

    with pytest.raises(refusals.StateForged) as refused:
        believed({"state_signed": False, "parameters": pairs})

    assert refused.value.arrived == ""


def test_a_strangers_host_is_shown_cut_to_size() -> None:
    with pytest.raises(refusals.HostMismatch) as refused:
        believed({"host": "h" * 500})

    assert refused.value.arrived == "h" * 200


def test_a_wrong_issuer_is_shown_cut_to_size() -> None:
    with pytest.raises(refusals.IssMismatch) as refused:
        believed({"parameters": came(("iss", "i" * 500))})

    assert refused.value.arrived == "i" * 200


def test_five_of_the_names_that_came_twice_are_shown_cut_to_size() -> None:
    names = [letter * 50 for letter in "abcdef"]

    with pytest.raises(refusals.DuplicateParameter) as refused:
        believed({"parameters": tuple((name, "") for name in names * 2)})

    assert refused.value.arrived == ", ".join(name[:40] for name in names[:5])


@pytest.mark.parametrize(
    ("check", "arrived", "expected"),
    [
        ("it_came_to_our_host", "127.0.0.1:5000", "localhost:5000"),
        ("no_parameter_came_twice", "code", refusals.DuplicateParameter.expected),
        ("state_came", "", refusals.StateMissing.expected),
        ("state_is_for_this_provider", "an answer at demo", "an answer at other"),
        ("login_is_recent", "after 600 s", "within 600 s"),
        ("issuer_is_named_where_promised", "no iss", f"iss={ISSUER}"),
        ("issuer_is_the_one_we_asked", "https://evil.example", f"iss={ISSUER}"),
        ("provider_said_yes", "access_denied", refusals.ProviderSaidNo.expected),
    ],
)
def test_a_refusal_shows_both_sides(check: str, arrived: str, expected: str) -> None:
    with pytest.raises(AnswerRefused) as refused:
        believed(SPOILT[check])

    assert (refused.value.arrived, refused.value.expected) == (arrived, expected)


def test_every_check_has_a_case_in_this_order() -> None:
    assert list(SPOILT) == [check for check, _refusal in ROWS]


@pytest.mark.parametrize("check", SPOILT)
def test_no_refusal_shows_a_code_state_nonce_or_verifier(check: str) -> None:
    with pytest.raises(AnswerRefused) as refused:
        believed(SPOILT[check])

    told = str(refused.value.explain())
    for secret in ("the-code", "the-state", "the-nonce", "the-verifier", "hash-of"):
        assert secret not in told


@pytest.mark.parametrize("seal", [object(), None, True, "seal"])
def test_nobody_but_believe_makes_a_checked_answer(seal: object) -> None:
    with pytest.raises(TypeError, match="^only believe"):
        AuthorizationResponse(seal, code="x", pending=PENDING)


def test_each_check_has_an_answer_even_where_no_login_was_pending() -> None:
    nothing = replace(GOOD, pending=None, parameters=(), browser_hash="")

    for check, _refusal in verify.CHECKS:
        assert check(nothing) in (True, False)


# --- properties ----------------------------------------------------------------------

NAMES = st.sampled_from(["code", "state", "iss", "error", "Code", "x"]) | st.text()
VALUES = st.sampled_from(["the-code", "the-state", ISSUER, ""]) | st.text()
EVIDENCE = st.builds(
    Evidence,
    parameters=st.lists(st.tuples(NAMES, VALUES), max_size=5).map(tuple)
    | st.just(GOOD.parameters),
    host=st.sampled_from(["localhost:5000", "localhost", ""]),
    our_host=st.just("localhost:5000"),
    provider=st.sampled_from(["demo", "other"]),
    issuer=st.sampled_from([ISSUER, "https://evil.example"]),
    iss_promised=st.booleans(),
    state_signed=st.booleans(),
    pending=st.none() | st.just(PENDING),
    browser_hash=st.sampled_from(["hash-of-the-cookie", ""]) | st.text(),
    now=st.sampled_from([NOW, NOW - 11]) | st.floats(NOW - 700, NOW + 700),
    login_ttl=st.just(600),
)


def plainly_good(seen: Evidence) -> bool:
    """The same judgement, made without looking at how `verify` makes it."""
    by_name: dict[str, list[str]] = {}
    for name, value in seen.parameters:
        by_name.setdefault(name, []).append(value)
    login = seen.pending
    return bool(
        seen.host == "localhost:5000"
        and all(len(values) == 1 for values in by_name.values())
        and by_name.get("state", [""])[0]
        and by_name.get("code", [""])[0]
        and "error" not in by_name
        and by_name.get("iss", [None if seen.iss_promised else ISSUER]) == [ISSUER]
        and seen.state_signed
        and login
        and (seen.provider, seen.issuer) == ("demo", ISSUER)
        and seen.browser_hash == "hash-of-the-cookie"
        and NOW - 10 <= seen.now <= NOW + 590
    )


@given(EVIDENCE)
@settings(max_examples=400, derandomize=True, deadline=None)
def test_whatever_comes_is_refused_unless_a_plain_check_accepts_it(
    seen: Evidence,
) -> None:
    try:
        believe(seen)
    except AnswerRefused:
        assert not plainly_good(seen)
    else:
        assert plainly_good(seen)


@given(st.lists(st.tuples(st.text(), st.text()), max_size=6).map(tuple))
@settings(max_examples=200, derandomize=True, deadline=None)
def test_no_parameters_make_it_raise_anything_but_a_refusal(
    parameters: tuple[tuple[str, str], ...],
) -> None:
    with pytest.raises(AnswerRefused):
        believed({"parameters": parameters})
