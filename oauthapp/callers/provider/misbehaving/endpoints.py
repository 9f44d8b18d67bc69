"""How the answers to a client's own calls are spoiled: tokens, userinfo, metadata."""

from collections.abc import Mapping

from flask import Response

from oauthapp.callers.provider.misbehaving.answers import ELSEWHERE
from oauthapp.callers.provider.misbehaving.kit import Spoiler
from oauthapp.callers.provider.misbehaving.kit import Told
from oauthapp.callers.provider.misbehaving.kit import failing
from oauthapp.callers.provider.misbehaving.kit import saying
from oauthapp.callers.provider.misbehaving.kit import silent_on
from oauthapp.callers.provider.misbehaving.kit import telling
from oauthapp.callers.provider.misbehaving.kit import web_page
from oauthapp.callers.provider.misbehaving.token import impostor
from oauthapp.control.hanging import pause
from oauthapp.control.hanging import without_end
from oauthapp.services import provider_services

#: Seconds that nobody waits for tokens; a demonstration's clock goes faster.
SLOW = 6.0
LEAST_SLOW = 3.0


def _slow(good: Response) -> Response:
    pause(max(SLOW / provider_services().settings.clock_factor, LEAST_SLOW))
    return good


def _redirect(_good: Response) -> Response:
    issuer = provider_services().settings.issuer
    return Response(status=307, headers={"Location": f"{issuer}/elsewhere"})


def _malformed(good: Response) -> Response:
    return saying(good.get_data()[:-10])(good)


#: By the name of the fault.
TOKENS: Mapping[str, Spoiler] = {
    "token_400": failing(400, error="invalid_request"),
    "token_401": failing(401, error="invalid_client", WWW_Authenticate="Basic"),
    "token_500": failing(500),
    "token_503": failing(503, Retry_After="1"),
    "token_html": web_page,
    "token_redirect": _redirect,
    "token_slow": _slow,
    "token_hang": lambda _good: without_end(200),
    "token_malformed": _malformed,
    "token_empty": saying(b""),
    "token_huge": telling(lambda told: {**told, "more": "x" * 3_000_000}),
    "token_without_id_token": silent_on("id_token"),
    "token_without_access_token": silent_on("access_token"),
    "token_type_wrong": telling(lambda told: {**told, "token_type": "mac"}),
}

USERINFO: Mapping[str, Spoiler] = {
    "userinfo_sub_wrong": telling(lambda told: {**told, "sub": "somebody-else"}),
    "userinfo_sub_missing": silent_on("sub"),
    "userinfo_401": failing(401, error="invalid_token", WWW_Authenticate="Bearer"),
    "userinfo_html": web_page,
}

DISCOVERY: Mapping[str, Spoiler] = {
    "discovery_issuer_wrong": telling(lambda told: {**told, "issuer": ELSEWHERE}),
    "discovery_endpoint_unencrypted": telling(
        lambda told: {**told, "token_endpoint": "http://elsewhere.example/token"}
    ),
    # Port 9 takes what it gets and says nothing, where anybody listens at all.
    "discovery_endpoint_elsewhere": telling(
        lambda told: {**told, "token_endpoint": "http://127.0.0.1:9/token"}
    ),
    "discovery_without_keys": silent_on("jwks_uri"),
    "discovery_500": failing(500),
}


def other_keys(told: Told) -> Told:
    """Keys of somebody else's under the names of ours."""
    return {
        "keys": [
            {**impostor(one["alg"]).as_dict(private=False), "kid": one["kid"]}
            for one in told["keys"]
        ]
    }


def _other_names(told: Told) -> Told:
    """As they were before the newest key came: only keys that do not sign."""
    return {
        "keys": [
            impostor(one["alg"]).as_dict(private=False) for one in told["keys"][:1]
        ]
    }


KEYS: Mapping[str, Spoiler] = {
    "jwks_empty": telling(lambda _told: {"keys": []}),
    "jwks_other_key": telling(other_keys),
    "jwks_late": telling(_other_names),
}
