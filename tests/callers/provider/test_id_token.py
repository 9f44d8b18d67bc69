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

from oauthapp.callers.provider.id_token import LIFETIME
from oauthapp.callers.provider.id_token import hinted_subject
from oauthapp.callers.provider.id_token import make_id_token
from oauthapp.callers.provider.store import Code

NOW = 1_700_000_000.9
ISSUER = "http://127.0.0.1:5001"
KEY = ECKey.generate_key("P-256")
KID = KEY.thumbprint()
KEYS = KeySet([ECKey.import_key({**KEY.as_dict(private=False), "kid": KID})])
GRANTED = Code(
    client_id="web",
    sub="alice",
    sid="s",
    scope="openid",
    auth_time=1_699_999_999,
    redirect_uri="http://localhost:5000/cb",
    nonce="n",
    code_challenge="c",
    expires_at=NOW,
)
CLAIMS = {"iss": ISSUER, "aud": "web", "sub": "alice"}


def made(granted: Code = GRANTED) -> str:
    return make_id_token(
        KEY, "ES256", issuer=ISSUER, granted=granted, access_token="token", now=NOW
    )


def hinted(token: str) -> str | None:
    return hinted_subject(token, KEYS, issuer=ISSUER, client_id="web")


def signed(claims: Any, key: Any = KEY, alg: str = "ES256") -> str:
    header = {"alg": alg, "kid": KID}
    text = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
    return jws.serialize_compact(header, text, key, algorithms=[alg])


def test_it_says_who_for_whom_when_and_with_which_token() -> None:
    half = hashlib.sha256(b"token").digest()[:16]
    token = jwt.decode(made(), KEYS, ["ES256"])

    assert token.header == {"alg": "ES256", "kid": KID, "typ": "JWT"}
    assert token.claims == {
        "iss": ISSUER,
        "sub": "alice",
        "aud": "web",
        "iat": int(NOW),
        "exp": int(NOW) + LIFETIME,
        "auth_time": GRANTED.auth_time,
        "sid": "s",
        "nonce": "n",
        "at_hash": base64.urlsafe_b64encode(half).rstrip(b"=").decode(),
    }


@pytest.mark.parametrize("nonce", [None, ""])
def test_a_nonce_comes_back_as_it_came_or_not_at_all(nonce: str | None) -> None:
    claims = jwt.decode(made(replace(GRANTED, nonce=nonce)), KEYS, ["ES256"]).claims

    assert claims.get("nonce", "none") == ("none" if nonce is None else nonce)


def test_our_own_id_token_names_its_user_also_when_it_has_expired() -> None:
    assert hinted(made()) == "alice"
    assert hinted(signed({**CLAIMS, "exp": 1})) == "alice"


STRANGER = ECKey.generate_key("P-256")


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "a.b.c",
        "\udcff",
        "é.é.é",
        made()[:-8] + "AAAAAAAA",
        signed({**CLAIMS, "iss": "http://evil.example"}),
        signed({**CLAIMS, "aud": "another"}),
        signed({**CLAIMS, "aud": ["web"]}),
        signed({**CLAIMS, "sub": 7}),
        signed({"iss": ISSUER, "aud": "web"}),
        signed([CLAIMS]),
        signed("alice"),
        signed(b"{"),
        signed(b"\xff"),
        signed(b"[" * 100_000),
        signed(CLAIMS, STRANGER),
        signed(CLAIMS, OctKey.import_key("not our key" * 3), "HS256"),
        base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode() + ".e30.",
    ],
    ids=lambda token: ascii(token)[-24:],
)
def test_a_hint_that_we_did_not_sign_for_this_client_names_nobody(token: str) -> None:
    assert hinted(token) is None
