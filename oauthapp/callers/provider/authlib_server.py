"""Authlib's authorization server, for this provider's clients, forms and tokens.

Closed here, since Authlib leaves it open: duplicate parameters, parameters in the
query, more than one client authentication method at a time.
"""

from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import OAuth2Payload
from authlib.oauth2.rfc6749 import OAuth2Request
from flask import Flask
from flask import request
from werkzeug.datastructures import MultiDict

from oauthapp.callers.provider.client_grant import ClientGrant
from oauthapp.callers.provider.clients import RegisteredClient
from oauthapp.callers.provider.clients import calling_client
from oauthapp.callers.provider.grants import CodeGrant
from oauthapp.callers.provider.grants import RefreshGrant
from oauthapp.callers.provider.parameters import sent_parameters
from oauthapp.callers.provider.tokens import make_tokens
from oauthapp.services import ProviderServices
from oauthapp.services import provider_services


def authorization_server(app: Flask) -> AuthorizationServer:
    """Authlib's server for this provider's clients, codes and tokens."""
    server = _Server(app)
    for grant in (CodeGrant, RefreshGrant, ClientGrant):
        server.register_grant(grant)
    return server


class _Server(AuthorizationServer):
    @property
    def services(self) -> ProviderServices:
        """Those of the provider that handles this request."""
        return provider_services()

    def create_oauth2_request(self, _request: object) -> OAuth2Request:
        return _FormRequest(self.services.settings.issuer)

    def authenticate_client(
        self, asked: OAuth2Request, _methods: object, endpoint: str = "token"
    ) -> RegisteredClient:
        client, asked.auth_method = calling_client(self.services)
        return RegisteredClient(client)

    def generate_token(self, **about: Any) -> dict[str, Any]:
        client: RegisteredClient = about["client"]
        return make_tokens(
            self.services, client.registered, about["user"], about["scope"]
        )


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
    def __init__(self, issuer: str) -> None:
        # The address clients call: ours may be http, behind a proxy that ends TLS,
        # and its host is whatever the Host header says.
        uri = f"{issuer}{request.path}"
        super().__init__(request.method, uri, headers=request.headers)
        self.payload = _FormPayload()

    @property
    def form(self) -> MultiDict[str, str]:
        found: MultiDict[str, str] = self.payload.data
        return found
