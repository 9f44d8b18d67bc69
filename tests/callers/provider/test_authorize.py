"""Is this a question we answer? The pure part: client, redirect URI, table, steps."""

from dataclasses import replace
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oauthapp.callers.provider import authorize
from oauthapp.callers.provider.asked import Asked
from oauthapp.callers.provider.asked import known_client
from oauthapp.callers.provider.authorize import CHECKS
from oauthapp.callers.provider.authorize import accept
from oauthapp.callers.provider.refusals import AuthorizationError
from oauthapp.callers.provider.refusals import RequestRefused
from oauthapp.callers.provider.steps import Situation
from oauthapp.callers.provider.steps import Standing
from oauthapp.callers.provider.steps import next_step
from oauthapp.settings import Client

URI = "http://localhost:5000/callback/demo"
CLIENT = Client(client_id="web", client_secret="s", redirect_uris=[URI])
CLIENTS = {
    "web": CLIENT,
    "machine": msgspec.structs.replace(CLIENT, grant_types=["client_credentials"]),
    "pushing": msgspec.structs.replace(
        CLIENT, require_pushed_authorization_requests=True
    ),
}
PARAMETERS = {
    "response_type": "code",
    "client_id": "web",
    "redirect_uri": URI,
    "scope": "openid profile",
    "state": "s",
    "code_challenge": "A" * 43,
    "code_challenge_method": "S256",
}
GOOD = Asked(parameters=tuple(PARAMETERS.items()), client=CLIENT)
NOW = 1_700_000_000.0
ALICE = Standing(
    sub="alice", auth_time=NOW - 100, consented=frozenset(["openid", "profile"])
)

#: Ways to break each row of the table, and the error each must get.
SPOILED: list[tuple[str, list[dict[str, str | None]], str]] = [
    ("no_parameter_came_twice", [{"state ": "two"}], "invalid_request"),
    ("client_may_ask", [{"client_id": "machine"}], "unauthorized_client"),
    ("it_was_pushed_if_it_must", [{"client_id": "pushing"}], "invalid_request"),
    ("it_is_no_request_object", [{"request": "x"}], "request_not_supported"),
    ("it_is_no_request_uri", [{"request_uri": "x"}], "request_uri_not_supported"),
    ("it_registers_nobody", [{"registration": "{}"}], "registration_not_supported"),
    ("response_type_came", [{"response_type": None}], "invalid_request"),
    (
        "it_asks_for_a_code",
        [
            {"response_type": kind}
            for kind in ("token", "id_token", "code token", "Code")
        ],
        "unsupported_response_type",
    ),
    (
        "it_wants_an_answer_we_can_give",
        [{"response_mode": mode} for mode in ("fragment", "form_post ", "x")],
        "invalid_request",
    ),
    (
        "challenge_is_a_hash",
        [{"code_challenge_method": m} for m in (None, "plain", "s256", "")],
        "invalid_request",
    ),
    (
        "challenge_is_well_formed",
        [
            {"code_challenge": c}
            for c in (None, "", "A" * 42, "A" * 44, "A" * 42 + "=", "A" * 42 + "\n")
        ],
        "invalid_request",
    ),
    (
        "some_scope_may_be_given",
        [{"scope": s} for s in (None, "", "admin")],
        "invalid_scope",
    ),
    (
        "nonce_can_be_signed",
        [{"nonce": n} for n in ("\udcff", "a\0")],
        "invalid_request",
    ),
    (
        "prompt_makes_sense",
        [{"prompt": p} for p in ("none login", "never", "None")],
        "invalid_request",
    ),
    (
        "max_age_is_a_number",
        [{"max_age": a} for a in ("-1", "1.5", "x", "١", "9" * 10)],
        "invalid_request",
    ),
    (
        "claims_are_well_formed",
        [
            {"claims": text}
            for text in (
                "x",
                "[]",
                "7",
                '{"userinfo": []}',
                '{"id_token": {"name": 1}}',
                "[" * 100_000,
            )
        ],
        "invalid_request",
    ),
    (
        "any_login_will_do",
        [
            {"claims": '{"id_token": {"acr": {"essential": true, "value": "2"}}}'},
            {"claims": '{"id_token": {"acr": {"essential": true, "values": ["2"]}}}'},
        ],
        "unmet_authentication_requirements",
    ),
]
CASES = [
    pytest.param(row, lie, error, id=f"{name}-{lie}")
    for row, (name, lies, error) in enumerate(SPOILED)
    for lie in lies
]


def asked(changes: dict[str, str | None]) -> Asked:
    """GOOD with some parameters changed; a name ending in a space comes twice."""
    pairs = {**PARAMETERS, **changes}
    client = CLIENTS[pairs["client_id"] or ""]
    return replace(
        GOOD,
        client=client,
        parameters=tuple((n.strip(), v) for n, v in pairs.items() if v is not None),
    )


def test_the_cases_follow_the_table() -> None:
    assert [name for name, _lies, _error in SPOILED] == [c[0].__name__ for c in CHECKS]


def test_a_good_request_is_accepted() -> None:
    accept(GOOD)


@pytest.mark.parametrize(
    "changes",
    [
        {"response_mode": "form_post"},
        {"response_mode": "query"},
        # Without a value it is as good as left out (RFC 6749 §3.1).
        {"request": "", "request_uri": "", "registration": ""},
        {"claims": "{}"},
        {"claims": '{"id_token": {"acr": {"values": ["2"]}}, "x": 1}'},
        {"claims": '{"id_token": {"acr": {"essential": true}}, "userinfo": null}'},
    ],
    ids=str,
)
def test_what_may_be_asked_besides_is_accepted(changes: dict[str, str | None]) -> None:
    accept(asked(changes))


def test_a_pushed_request_is_accepted_of_who_must_push() -> None:
    accept(replace(asked({"client_id": "pushing"}), pushed=True))


def test_offline_access_is_for_clients_that_can_refresh() -> None:
    both = asked({"scope": "openid offline_access"})
    never = msgspec.structs.replace(CLIENT, grant_types=["authorization_code"])

    assert both.granted_scope() == "openid offline_access"
    assert replace(both, client=never).granted_scope() == "openid"


@pytest.mark.parametrize(("row", "lie", "error"), CASES)
def test_each_check_refuses_and_without_it_the_lie_gets_through(
    row: int, lie: dict[str, str | None], error: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(AuthorizationError) as caught:
        accept(asked(lie))
    assert caught.value.error == error

    others = [check for number, check in enumerate(CHECKS) if number != row]
    if lie == {"response_type": None}:  # the next row refuses it under another name
        others = [
            check for check in others if check[0].__name__ != "it_asks_for_a_code"
        ]
    if "claims" in lie and error == "invalid_request":  # what the next row reads
        others = others[:-1]
    monkeypatch.setattr(authorize, "CHECKS", others)
    accept(asked(lie))


@pytest.mark.parametrize(
    ("scope", "granted"),
    [
        ("openid openid", "openid"),
        ("email openid email", "email openid"),
        ("openid admin  profile", "openid profile"),
    ],
)
def test_each_scope_is_granted_once_in_the_order_asked(
    scope: str, granted: str
) -> None:
    assert asked({"scope": scope}).granted_scope() == granted


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"client_id": "nobody", "redirect_uri": URI},
        {"client_id": "", "redirect_uri": URI},
        {"client_id": "web"},
        {"client_id": "web", "redirect_uri": ""},
        {"client_id": "web", "redirect_uri": URI + "/"},
        {"client_id": "web", "client_id ": "web", "redirect_uri": URI},
        {"client_id": "web", "redirect_uri": URI, "redirect_uri ": URI},
    ],
    ids=str,
)
def test_without_a_known_client_and_its_uri_nobody_is_answered(
    parameters: dict[str, str],
) -> None:
    pairs = tuple((name.strip(), value) for name, value in parameters.items())
    with pytest.raises(RequestRefused):
        known_client(pairs, CLIENTS.get)


@given(st.lists(st.tuples(st.sampled_from([*PARAMETERS, "prompt", "x"]), st.text())))
def test_whatever_is_asked_is_accepted_or_refused_by_the_book(
    more: list[tuple[str, str]],
) -> None:
    parameters = (*PARAMETERS.items(), *more)
    try:
        client = known_client(parameters, CLIENTS.get)
        accept(Asked(parameters=parameters, client=client))
    except (RequestRefused, AuthorizationError):
        return
    assert len({name for name, _value in parameters}) == len(parameters)


def step(changes: dict[str, str | None], who: Standing | None, **more: Any) -> str:
    known = {"wanted_sub": None, "began": NOW - 10, "now": NOW, **more}
    question = asked(changes)
    to_agree = frozenset(question.granted_scope().split())
    return next_step(
        Situation(asked=question, to_agree=to_agree, standing=who, **known)
    )


FRESH = replace(ALICE, auth_time=NOW - 5)
STRANGER = replace(ALICE, consented=frozenset(["openid"]))


@pytest.mark.parametrize(
    ("changes", "who", "expected"),
    [
        ({}, None, "login"),
        ({}, ALICE, "grant"),
        ({}, STRANGER, "consent"),
        ({"scope": "openid"}, STRANGER, "grant"),
        ({"prompt": "none"}, ALICE, "grant"),
        ({"prompt": "none"}, None, "login_required"),
        ({"prompt": "none"}, STRANGER, "consent_required"),
        ({"prompt": "login"}, ALICE, "login"),
        ({"prompt": "login"}, FRESH, "grant"),
        ({"prompt": "select_account"}, ALICE, "login"),
        ({"prompt": "consent"}, ALICE, "consent"),
        ({"prompt": "login consent"}, FRESH, "consent"),
        ({"max_age": "100"}, ALICE, "grant"),
        ({"max_age": "99"}, ALICE, "login"),
        ({"max_age": "0"}, FRESH, "grant"),
        ({"max_age": "99", "prompt": "none"}, ALICE, "login_required"),
    ],
    ids=lambda one: "user" if isinstance(one, Standing) else str(one),
)
def test_what_has_to_happen_first(
    changes: dict[str, str | None], who: Standing | None, expected: str
) -> None:
    try:
        found = step(changes, who)
    except AuthorizationError as error:
        found = error.error
    assert found == expected


@pytest.mark.parametrize(
    ("who", "prompt", "expected"),
    [
        (ALICE, None, "login"),
        (ALICE, "none", "login_required"),
        (FRESH, None, "login_required"),
    ],
)
def test_a_hint_at_somebody_else_never_signs_this_one_in(
    who: Standing, prompt: str | None, expected: str
) -> None:
    try:
        found = step({"prompt": prompt}, who, wanted_sub="bob")
    except AuthorizationError as error:
        found = error.error
    assert found == expected
    assert step({}, ALICE, wanted_sub="alice") == "grant"
