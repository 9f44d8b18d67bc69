"""A checked answer becomes a person: code → tokens → claims → who signed in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from typing import Any
from urllib.parse import quote_plus

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session

from oauthapp.callbacks.redirect.discovery import Discovery
from oauthapp.callbacks.redirect.discovery import call_failed
from oauthapp.callbacks.redirect.discovery import json_object
from oauthapp.callbacks.redirect.id_token import CLAIM_CHECKS
from oauthapp.callbacks.redirect.id_token import Claimed
from oauthapp.callbacks.redirect.id_token import Expected
from oauthapp.callbacks.redirect.id_token import believe_claims
from oauthapp.callbacks.redirect.id_token_refusals import IdTokenRefused
from oauthapp.callbacks.redirect.id_token_refusals import SubjectMismatch
from oauthapp.callbacks.redirect.metadata import Metadata
from oauthapp.callbacks.redirect.refusals import CodeRefused
from oauthapp.callbacks.redirect.refusals import ExchangeRefused
from oauthapp.callbacks.redirect.refusals import ProviderFailed
from oauthapp.callbacks.redirect.session_store import SignedIn
from oauthapp.callbacks.redirect.token_claims import SIGNATURE_CHECKS
from oauthapp.callbacks.redirect.token_claims import claims_of
from oauthapp.callbacks.redirect.verify import AuthorizationResponse
from oauthapp.clock import Clock
from oauthapp.recorder.call import remark
from oauthapp.settings import AppSettings
from oauthapp.settings import LoginProvider
from oauthapp.weaknesses import Weaknesses
from oauthapp.weaknesses import passed_over

#: Claims about the token, not about the person: checked, then left out.
PROTOCOL_CLAIMS = frozenset(
    "iss sub aud exp iat nbf jti nonce azp at_hash c_hash auth_time acr amr sid".split()
)


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """What redeeming a code takes besides the code."""

    settings: AppSettings
    discovery: Discovery
    http: requests.Session
    clock: Clock
    weaknesses: Weaknesses = field(default_factory=Weaknesses)

    def sign_in(self, answer: AuthorizationResponse) -> SignedIn:
        """Redeem the code and find out who signed in.

        :raises AnswerRefused: when the provider's word cannot be believed.
        :raises ProviderFailed: when the provider gives no usable answer.
        """
        pending = answer.pending
        registration = self.settings.providers[pending.provider]
        metadata = self.discovery.metadata(pending.issuer)
        tokens = self._redeem(answer, registration, metadata)
        expected = Expected(
            issuer=pending.issuer,
            client_id=registration.client_id,
            alg=registration.id_token_alg,
            nonce=pending.nonce,
            access_token=_text(tokens, "access_token"),
            now=self.clock(),
        )
        claims = self._claims(_text(tokens, "id_token"), expected)
        about = self._userinfo(metadata, expected.access_token, claims["sub"])
        now = self.clock()
        return SignedIn(
            provider=pending.provider,
            issuer=pending.issuer,
            sub=claims["sub"],
            sid=_sid(claims),
            claims=_personal({**claims, **about}),
            created_at=now,
            expires_at=now + self.settings.session_ttl,
            end_session_endpoint=metadata.end_session_endpoint,
        )

    def _redeem(
        self,
        answer: AuthorizationResponse,
        registration: LoginProvider,
        metadata: Metadata,
    ) -> Mapping[str, Any]:
        method = registration.token_endpoint_auth_method
        # Form-urlencoded before they are joined (RFC 6749 §2.3.1); Authlib does not.
        encode = quote_plus if method == "client_secret_basic" else str
        client = OAuth2Session(
            encode(registration.client_id),
            encode(registration.client_secret),
            token_endpoint_auth_method=method,
        )
        client.trust_env = False
        client.headers.update(self.http.headers)
        client.adapters = self.http.adapters  # our door outward: recorded and timed
        client.register_compliance_hook("access_token_response", _usable)
        url = metadata.token_endpoint
        try:
            tokens: Mapping[str, Any] = client.fetch_token(
                url,
                grant_type="authorization_code",
                code=answer.code,
                redirect_uri=answer.pending.redirect_uri,
                code_verifier=answer.pending.code_verifier,
                timeout=self.discovery.call_time,
                allow_redirects=False,
            )
        except OAuthError as error:
            refusal = CodeRefused if error.error == "invalid_grant" else ExchangeRefused
            raise refusal(arrived=f"error={error.error!r}"[:200]) from None
        except requests.RequestException as error:
            raise call_failed(error, url) from None
        return tokens

    def _claims(self, id_token: str, expected: Expected) -> Mapping[str, Any]:
        off = self.weaknesses.off
        checks = SIGNATURE_CHECKS.items()
        claims, forgiven = claims_of(
            id_token,
            self.discovery,
            issuer=expected.issuer,
            alg=expected.alg,
            forgiven=[code for code, name in checks if f"id_token.{name}" in off],
        )
        seen = Claimed(claims=claims, expected=expected)
        believe_claims(seen, off)
        remark(forgiven, *passed_over(CLAIM_CHECKS, seen, off, of="id_token."))
        return claims

    def _userinfo(
        self, metadata: Metadata, access_token: str, sub: str
    ) -> Mapping[str, Any]:
        url = metadata.userinfo_endpoint
        if url is None:
            return {}
        headers = {
            "Authorization": f"Bearer {access_token}",
            "Accept": "application/json",
        }
        try:
            answer = self.http.get(
                url, headers=headers, timeout=self.discovery.call_time
            )
        except requests.RequestException as error:
            raise call_failed(error, url) from None
        claims = json_object(answer, url)
        same = claims.get("sub") == sub
        if not same and not self.weaknesses.forgive(
            "userinfo_is_about_the_same_user", SubjectMismatch.code
        ):
            arrived = f"sub {claims.get('sub')!r}"[:200]
            raise SubjectMismatch(arrived=arrived, expected=f"sub {sub!r}")
        return claims


def _sid(claims: Mapping[str, Any]) -> str | None:
    """The provider's session, if it has a name that every database can keep."""
    sid = claims.get("sid")
    return sid if isinstance(sid, str) and sid.isprintable() else None


def _text(tokens: Mapping[str, Any], name: str) -> str:
    value = tokens.get(name)
    # VSCHAR (RFC 6749 §A.12): anything else could not be sent in a header again.
    if not isinstance(value, str) or not re.fullmatch("[ -~]+", value):
        raise IdTokenRefused(arrived=f"no {name}", expected=f"{name} in the answer")
    return value


def _usable(answer: requests.Response) -> requests.Response:
    """Let through what the token endpoint may say (RFC 6749 §5.1 and §5.2)."""
    url = answer.url
    tokens = json_object(answer, url, statuses=(200, 400, 401))
    if answer.status_code == 200 and str(tokens.get("token_type")).lower() != "bearer":
        raise ProviderFailed(
            arrived=f"token_type {tokens.get('token_type')!r}"[:200], expected="Bearer"
        )
    if answer.status_code != 200 and not isinstance(tokens.get("error"), str):
        raise ProviderFailed(
            arrived=f"{url} answered {answer.status_code} without a reason",
            expected="error (RFC 6749 §5.2)",
        )
    for name in ("expires_in", "expires_at"):  # Authlib reads both
        if not isinstance(tokens.get(name, 0), int):
            raise ProviderFailed(arrived=name, expected="a number of seconds")
    return answer


def _personal(claims: Mapping[str, Any]) -> dict[str, Any]:
    return {name: claims[name] for name in claims if name not in PROTOCOL_CLAIMS}
