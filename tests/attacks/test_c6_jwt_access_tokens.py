"""RULES C.6 at the provider: access tokens an API can read (RFC 9068), and a client's
own (RFC 6749 §4.4)."""

from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from tests.attacks.house import NOW
from tests.attacks.provider_house import ISSUER
from tests.attacks.provider_house import VERIFIER
from tests.attacks.provider_house import Provider

URI = "http://localhost:5000/callback/jwt"


def tokens(provider: Provider, scope: str = "openid email") -> dict[str, Any]:
    code = provider.code(client_id="jwt", redirect_uri=URI, scope=scope)
    form = {"grant_type": "authorization_code", "redirect_uri": URI}
    answer = provider.post("/token", "jwt", code=code, code_verifier=VERIFIER, **form)
    told: dict[str, Any] = answer.get_json()
    return told


def opened(provider: Provider, token: str) -> jwt.Token:
    keys = KeySet.import_key_set(provider.machine().get("/jwks").get_json())
    return jwt.decode(token, keys, ["ES256"])


def test_C6_a_jwt_access_token_says_what_rfc_9068_wants(provider: Provider) -> None:
    token = opened(provider, tokens(provider)["access_token"])
    jti = token.claims.pop("jti")

    assert token.header["typ"] == "at+jwt"
    assert token.claims == {
        "iss": ISSUER,
        "aud": "https://api.example",
        "sub": "alice",
        "client_id": "jwt",
        "scope": "openid email",
        "iat": int(NOW),
        "exp": int(NOW) + 3600,
        "auth_time": int(NOW),
    }
    assert len(jti) >= 16
    assert opened(provider, tokens(provider)["access_token"]).claims["jti"] != jti


def test_C6_a_jwt_access_token_opens_userinfo_and_can_be_revoked(
    provider: Provider,
) -> None:
    token = tokens(provider)["access_token"]
    asked = provider.post("/introspect", "api", token=token).get_json()

    assert asked["aud"] == "https://api.example"
    assert provider.userinfo(token).get_json()["sub"] == "alice"
    provider.post("/revoke", "jwt", token=token)
    assert provider.userinfo(token).status_code == 401


def test_C6_an_access_token_is_no_hint_of_who_signs_in_or_out(
    provider: Provider,
) -> None:
    browser = provider.browser()
    browser.sign_in(client_id="jwt", redirect_uri=URI, scope="openid")
    token = tokens(provider)["access_token"]
    page = browser.client.get("/logout", query_string={"id_token_hint": token})

    assert "Sign out here as well?" in page.text


def own(provider: Provider, client_id: str = "api", **form: str) -> Any:
    return provider.post("/token", client_id, grant_type="client_credentials", **form)


@pytest.mark.parametrize(
    ("form", "scope"),
    [
        ({}, "read write"),
        ({"scope": ""}, "read write"),
        ({"scope": "write"}, "write"),
        ({"scope": "write write"}, "write"),
    ],
)
def test_C_a_client_gets_a_token_of_its_own(
    provider: Provider, form: dict[str, str], scope: str
) -> None:
    told = own(provider, **form).get_json()

    assert told["scope"] == scope
    assert not {"refresh_token", "id_token"} & set(told)
    asked = provider.post("/introspect", "web", token=told["access_token"]).get_json()
    assert (asked["sub"], asked["client_id"]) == ("api", "api")
    assert provider.userinfo(told["access_token"]).status_code == 401  # nobody there


def test_C_a_clients_own_jwt_names_the_client(provider: Provider) -> None:
    claims = opened(provider, own(provider, "jwt").get_json()["access_token"]).claims

    assert (claims["sub"], claims["client_id"]) == ("jwt", "jwt")
    assert claims["scope"] == "read"
    assert "auth_time" not in claims


@pytest.mark.parametrize("scope", ["openid", "read openid", "admin", "offline_access"])
def test_C_a_client_may_not_have_what_only_users_give(
    provider: Provider, scope: str
) -> None:
    answer = own(provider, scope=scope)

    assert (answer.status_code, answer.get_json()["error"]) == (400, "invalid_scope")


def test_C_who_did_not_register_for_it_gets_none(provider: Provider) -> None:
    answer = own(provider, "web")

    assert (answer.status_code, answer.get_json()["error"]) == (
        400,
        "unauthorized_client",
    )


def test_C_a_clients_own_token_is_forgotten_in_time(
    provider: Provider, clock: Any
) -> None:
    own(provider)
    clock.now += 3601
    token = own(provider).get_json()["access_token"]

    asked = provider.post("/introspect", "web", token=token).get_json()
    assert asked["active"] is True
