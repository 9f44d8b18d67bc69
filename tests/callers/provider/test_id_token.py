"""What an id_token says, and whom it names when it comes back as a hint."""

import base64
import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest
from joserfc import jws
from joserfc import jwt
from joserfc.jwk import ECKey
from joserfc.jwk import KeySet
from joserfc.jwk import OctKey

from oauthapp.callers.provider.grant_store import Grant
from oauthapp.callers.provider.id_token import Hint
from oauthapp.callers.provider.id_token import make_id_token
from oauthapp.callers.provider.id_token import read_hint
from oauthapp.callers.provider.keys import ID_TOKEN_TTL
from oauthapp.callers.provider.keys import published_key_set
from oauthapp.callers.provider.keys import signing_key
from tests.attacks.provider_house import Provider

NOW = 1_700_000_000.9
ISSUER = "http://127.0.0.1:5001"
KEY = ECKey.generate_key("P-256")
KID = KEY.thumbprint()
KEYS = KeySet([ECKey.import_key({**KEY.as_dict(private=False), "kid": KID})])
GRANT = Grant(
    grant_id="g",
    client_id="web",
    sub="alice",
    sid="s",
    scope="openid",
    auth_time=1_699_999_999,
)
CLAIMS = {"iss": ISSUER, "aud": "web", "sub": "alice"}


def made(provider: Provider, nonce: str | None = "n", **changes: Any) -> str:
    return make_id_token(
        provider.services,
        replace(GRANT, **changes),
        nonce=nonce,
        access_token="token",
        now=NOW,
    )


def claims_of(provider: Provider, token: str) -> dict[str, Any]:
    return jwt.decode(token, published_key_set(provider.services), ["ES256"]).claims


def hinted(token: str) -> Hint | None:
    return read_hint(token, KEYS, issuer=ISSUER)


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def signed(claims: Any, key: Any = KEY, alg: str = "ES256", typ: str = "JWT") -> str:
    header = {"alg": alg, "kid": KID, "typ": typ}
    text = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
    return jws.serialize_compact(header, text, key, algorithms=[alg])


def test_it_says_who_for_whom_when_and_with_which_token(provider: Provider) -> None:
    half = hashlib.sha256(b"token").digest()[:16]
    key = signing_key(provider.services)
    token = jwt.decode(made(provider), published_key_set(provider.services), ["ES256"])

    assert token.header == {"alg": "ES256", "kid": key.thumbprint(), "typ": "JWT"}
    assert token.claims == {
        "iss": ISSUER,
        "sub": "alice",
        "aud": "web",
        "iat": int(NOW),
        "exp": int(NOW) + ID_TOKEN_TTL,
        "auth_time": GRANT.auth_time,
        "sid": "s",
        "nonce": "n",
        "at_hash": base64.urlsafe_b64encode(half).rstrip(b"=").decode(),
    }


@pytest.mark.parametrize("nonce", [None, ""])
def test_a_nonce_comes_back_as_it_came_or_not_at_all(
    provider: Provider, nonce: str | None
) -> None:
    claims = claims_of(provider, made(provider, nonce))

    assert claims.get("nonce", "none") == ("none" if nonce is None else nonce)


def test_claims_asked_for_by_name_are_told_but_replace_none_of_ours(
    provider: Provider,
) -> None:
    named = ["name", "email", "sub", "iss", "unknown"]
    claims = claims_of(provider, made(provider, claims={"id_token": named}))

    assert (claims["name"], claims["email"]) == ("Alice", "alice@example.com")
    assert (claims["sub"], claims["iss"]) == ("alice", ISSUER)
    assert "unknown" not in claims


def test_our_own_id_token_names_its_user_also_when_it_has_expired(
    provider: Provider,
) -> None:
    ours = published_key_set(provider.services)

    assert read_hint(made(provider), ours, issuer=ISSUER) == ALICE
    assert hinted(signed({**CLAIMS, "exp": 1})) == ALICE


ALICE = Hint(sub="alice", client_id="web")
STRANGER = ECKey.generate_key("P-256")


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "a.b.c",
        "\udcff",
        "é.é.é",
        signed(CLAIMS)[:-8] + "AAAAAAAA",
        signed(CLAIMS, typ="at+jwt"),
        signed(CLAIMS, typ="logout+jwt"),
        signed({**CLAIMS, "iss": "http://evil.example"}),
        signed({**CLAIMS, "aud": ["web"]}),
        signed({**CLAIMS, "sub": 7}),
        signed({"iss": ISSUER, "aud": "web"}),
        signed([CLAIMS]),
        signed("alice"),
        signed(b"{"),
        signed(b"\xff"),
        signed(b"[" * 100_000),
        signed(CLAIMS, STRANGER),
        b64(b'{"alg":"ES256","crit":[null]}') + "." + b64(b"{}") + "." + "A" * 86,
        signed(CLAIMS, OctKey.import_key("not our key" * 3), "HS256"),
        b64(b'{"alg":"none"}') + ".e30.",
    ],
    ids=lambda _token: "hint",
)
def test_a_hint_that_we_did_not_sign_as_an_id_token_names_nobody(token: str) -> None:
    assert hinted(token) is None
