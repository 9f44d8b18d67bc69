"""RULES B.5 at the provider: the `claims` parameter (OIDC Core §5.5)."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from tests.attacks.house import Clock
from tests.attacks.provider_house import Provider
from tests.attacks.provider_house import answered
from tests.attacks.provider_house import opened
from tests.attacks.provider_house import question


def id_token(provider: Provider, tokens: dict[str, Any]) -> dict[str, Any]:
    keys = KeySet.import_key_set(provider.machine().get("/jwks").get_json())
    return jwt.decode(tokens["id_token"], keys, ["ES256"]).claims


def told(provider: Provider, asked: Any, scope: str = "openid") -> tuple[set[str], Any]:
    """What the id_token says beyond its own claims, and what userinfo says."""
    tokens = provider.tokens(claims=json.dumps(asked), scope=scope)
    own = set("iss sub aud iat exp auth_time sid nonce at_hash".split())
    names = set(id_token(provider, tokens)) - own
    return names, provider.userinfo(tokens["access_token"]).get_json()


@pytest.mark.parametrize(
    ("asked", "in_id_token", "at_userinfo"),
    [
        ({}, set(), {"sub"}),
        ({"id_token": {"email": None}}, {"email"}, {"sub"}),
        ({"userinfo": {"email": None}}, set(), {"sub", "email"}),
        ({"userinfo": {"email": {"essential": True}}}, set(), {"sub", "email"}),
        ({"id_token": {"birthdate": None}}, set(), {"sub"}),  # she has none
        ({"id_token": {"name": {"value": "Alice"}}}, {"name"}, {"sub"}),
        ({"id_token": {"name": {"value": "Bob"}}}, set(), {"sub"}),
        ({"id_token": {"name": {"values": ["Bob", "Alice"]}}}, {"name"}, {"sub"}),
        ({"id_token": {"name": {"values": ["Bob"]}}}, set(), {"sub"}),
        ({"id_token": {"auth_time": {"essential": True}}}, set(), {"sub"}),
        ({"id_token": {"a b": None, "": None, "é": None}}, set(), {"sub"}),
        ({"else": {"name": None}}, set(), {"sub"}),
    ],
    ids=lambda one: str(sorted(one)) if isinstance(one, set) else str(one),
)
def test_B5_a_claim_is_told_where_it_was_asked_for(
    provider: Provider, asked: Any, in_id_token: set[str], at_userinfo: set[str]
) -> None:
    names, userinfo = told(provider, asked)

    assert names == in_id_token
    assert set(userinfo) == at_userinfo


def test_B5_what_is_asked_for_comes_besides_what_the_scope_opens(
    provider: Provider,
) -> None:
    asked = {"userinfo": {"phone_number": None}}
    _names, userinfo = told(provider, asked, scope="openid email")

    assert userinfo["email"] == "alice@example.com"
    assert userinfo["phone_number"] == "1"


def test_B5_no_claim_of_the_protocol_can_be_had_changed(provider: Provider) -> None:
    claims = {"id_token": {"iss": None, "aud": {"value": "evil"}, "exp": None}}
    tokens = provider.tokens(claims=json.dumps(claims), scope="openid")

    assert id_token(provider, tokens)["aud"] == "web"


def test_B5_the_user_agrees_to_each_claim_that_no_scope_opens(
    provider: Provider,
) -> None:
    browser = provider.browser()
    browser.sign_in(scope="openid email")
    wanted = json.dumps({"id_token": {"email": None}, "userinfo": {"name": None}})
    silent = answered(browser.authorize(scope="openid email", prompt="none"))
    refused = browser.authorize(scope="openid email", prompt="none", claims=wanted)
    page = browser.authorize(scope="openid email", claims=wanted)

    assert "code" in silent
    assert answered(refused)["error"] == "consent_required"
    assert "See name of your account" in page.text
    assert "See email of" not in page.text  # the scope opens it anyway
    assert "code" in answered(browser.submit(decision="allow"))
    # It is remembered like a scope.
    again = browser.authorize(scope="openid email", prompt="none", claims=wanted)
    assert "code" in answered(again)


def test_B5_a_client_that_wants_one_user_gets_no_other(
    provider: Provider, clock: Clock
) -> None:
    def wanting(sub: str) -> str:
        return json.dumps({"id_token": {"sub": {"value": sub}}})

    browser = provider.browser()
    browser.sign_in()
    hers = answered(browser.authorize(prompt="none", claims=wanting("alice")))
    his = answered(browser.authorize(prompt="none", claims=wanting("bob")))

    assert "code" in hers
    assert his["error"] == "login_required"
    clock.now += 1
    browser.authorize(claims=wanting("bob"))
    browser.log_in("bob", "builder")
    assert "code" in answered(browser.submit(decision="allow"))


def test_B5_a_hint_and_a_wanted_user_that_differ_fit_nobody(provider: Provider) -> None:
    browser = provider.browser()
    tokens = provider.redeem(browser.sign_in()["code"]).get_json()
    wanted = json.dumps({"id_token": {"sub": {"value": "bob"}}})
    asked = {"prompt": "none", "id_token_hint": tokens["id_token"]}

    assert "code" in answered(browser.authorize(**asked))
    said = answered(browser.authorize(**asked, claims=wanted))
    assert said["error"] == "login_required"


def test_B5_a_class_of_login_that_we_cannot_promise_is_said(provider: Provider) -> None:
    asked = {"id_token": {"acr": {"essential": True, "values": ["phr"]}}}
    essential = answered(provider.browser().authorize(claims=json.dumps(asked)))
    voluntary = provider.browser().authorize(acr_values="phr phrh")

    assert essential["error"] == "unmet_authentication_requirements"
    assert voluntary.request.path == "/login"


@pytest.fixture
def with_groups(tmp_path: Path, clock: Clock) -> Iterator[Provider]:
    yield from opened(tmp_path, clock, scopes={"groups": ["groups", "name"]})


def test_B5_a_scope_of_your_own_opens_its_claims(with_groups: Provider) -> None:
    metadata = with_groups.machine().get("/.well-known/openid-configuration").get_json()

    assert "groups" in metadata["scopes_supported"]
    assert "groups" in metadata["claims_supported"]
    # The client may not have it: its own settings say which scopes it may ask for.
    assert "name" not in with_groups.tokens(scope="openid groups")["scope"]


def test_B5_no_depth_is_just_right_to_be_accepted_first_and_fail_later(
    provider: Provider,
) -> None:
    """The parser of a page that is called from further down gives up sooner."""
    browser = provider.browser()
    browser.sign_in()
    for depth in (*range(100, 900, 100), *range(900, 1000)):
        wish = f'{{"userinfo": {{"x": {{"value": {"[" * depth}{"]" * depth}}}}}}}'
        answer = browser.client.post("/authorize", data=question(claims=wish))
        assert answer.status_code == 303, depth
