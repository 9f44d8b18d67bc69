"""From a code to tokens: Authlib's code grant, with what it leaves open closed.

Closed here: PKCE for confidential clients too, replay seen and punished, duplicate
parameters, parameters in the query, one client authentication method at a time.
"""

import hmac
import re
import secrets
from collections.abc import Mapping
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import OAuth2Payload
from authlib.oauth2.rfc6749 import OAuth2Request
from authlib.oauth2.rfc6749 import grants
from authlib.oauth2.rfc6749.errors import InvalidGrantError
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core.grants import OpenIDCode
from flask import Flask
from flask import request
from werkzeug.datastructures import MultiDict

from oauthapp.callers.provider import store
from oauthapp.callers.provider.clients import RegisteredClient
from oauthapp.callers.provider.clients import authenticate
from oauthapp.callers.provider.id_token import make_id_token
from oauthapp.callers.provider.keys import signing_key
from oauthapp.callers.provider.parameters import sent_parameters
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.services import ProviderServices
from oauthapp.services import provider_services

#: A code verifier (RFC 7636 §4.1).
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}", re.ASCII)
#: The same for every refused code: which check failed is a thief's question.
_NOT_GOOD = "The code is not good for this client, redirect_uri and code_verifier"


def _new_token(**_about: object) -> str:
    return secrets.token_urlsafe(32)


def authorization_server(app: Flask, services: ProviderServices) -> AuthorizationServer:
    """Authlib's server for this provider's clients and codes."""
    server = _Server(services)
    server.init_app(app)
    server.register_token_generator(
        "default",
        BearerTokenGenerator(
            access_token_generator=_new_token,
            expires_generator=services.settings.access_token_ttl,
        ),
    )
    server.register_grant(_CodeGrant, [_OpenId()])
    return server


class _Server(AuthorizationServer):
    def __init__(self, services: ProviderServices) -> None:
        super().__init__()
        self.services = services
        self.clients = {
            one.client_id: RegisteredClient(one) for one in services.settings.clients
        }

    def create_oauth2_request(self, _request: object) -> OAuth2Request:
        return _FormRequest()

    def authenticate_client(
        self, asked: OAuth2Request, _methods: object, endpoint: str = "token"
    ) -> RegisteredClient:
        authorization = asked.headers.get("Authorization", "")
        client, method = authenticate(self.clients, authorization, asked.form.to_dict())
        asked.auth_method = method
        return client

    def save_token(self, token: Mapping[str, Any], asked: OAuth2Request) -> None:
        """Redeem the code and keep its token, both or neither.

        :raises InvalidGrantError: when the code was redeemed before.
        """
        now = self.services.clock()
        with writing(self.services.database) as connection:
            store.forget_expired(connection, now=now)
            redeemed = store.redeem(
                connection,
                code=asked.form["code"],
                access_token=token["access_token"],
                granted=asked.authorization_code.code,
                issued_at=int(now),
                expires_at=now + token["expires_in"],
            )
        if not redeemed:
            raise InvalidGrantError(_NOT_GOOD)


class _FormPayload(OAuth2Payload):
    """The form alone: the token endpoint has no parameters in its query."""

    def __init__(self) -> None:
        self._data = MultiDict(sent_parameters())

    @property
    def data(self) -> MultiDict[str, str]:
        return self._data

    @property
    def datalist(self) -> dict[str, list[str]]:
        return dict(self._data.lists())


class _FormRequest(OAuth2Request):
    def __init__(self) -> None:
        super().__init__(request.method, request.url, headers=request.headers)
        self.payload = _FormPayload()

    @property
    def form(self) -> MultiDict[str, str]:
        found: MultiDict[str, str] = self.payload.data
        return found


class _IssuedCode:
    """A kept code, as Authlib's grant wants to ask it."""

    def __init__(self, code: store.Code) -> None:
        self.code = code

    def get_redirect_uri(self) -> str:
        return self.code.redirect_uri

    def get_scope(self) -> str:
        return self.code.scope


class _CodeGrant(grants.AuthorizationCodeGrant):
    def query_authorization_code(
        self, code: str, client: RegisteredClient
    ) -> _IssuedCode | None:
        """The code, when it was given to this client, not long ago, for this verifier.

        A code that was taken is found too: `save_token` tells and punishes a replay,
        but only one that is right in every other way, or anybody could sign a user
        out by sending a code with a wrong verifier.
        """
        services = self.server.services
        with reading(services.database) as connection:
            found = store.find_code(connection, code)
        if found is None or found.client_id != client.get_client_id():
            return None
        if services.clock() >= found.expires_at and not found.taken:
            return None
        verifier = self.request.form.get("code_verifier", "")
        return _IssuedCode(found) if _matches(verifier, found.code_challenge) else None

    def authenticate_user(self, issued: _IssuedCode) -> str:
        return issued.code.sub

    def delete_authorization_code(self, _issued: _IssuedCode) -> None:
        """Nothing: it was taken with the token, and is kept to see a replay."""


class _OpenId(OpenIDCode):
    def encode_id_token(self, token: Mapping[str, Any], asked: OAuth2Request) -> str:
        services = provider_services()
        settings = services.settings
        return make_id_token(
            signing_key(services),
            settings.signing_alg,
            issuer=settings.issuer,
            granted=asked.authorization_code.code,
            access_token=token["access_token"],
            now=services.clock(),
        )


def _matches(verifier: str, challenge: str) -> bool:
    if not _VERIFIER.fullmatch(verifier):
        return False
    made: str = create_s256_code_challenge(verifier)
    return hmac.compare_digest(made.encode(), challenge.encode())
