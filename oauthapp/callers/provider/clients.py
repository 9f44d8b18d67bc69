"""Which client is this, and does it prove it in the way it registered?"""

import base64
import binascii
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast
from urllib.parse import unquote_plus

from authlib.oauth2.rfc6749 import ClientMixin
from authlib.oauth2.rfc6749.errors import InvalidClientError
from authlib.oauth2.rfc6749.errors import InvalidRequestError
from flask import request

from oauthapp.callers.provider import client_store
from oauthapp.callers.provider.parameters import sent_parameters
from oauthapp.callers.provider.refusals import TooManyWrongSecrets
from oauthapp.database import reading
from oauthapp.services import ProviderServices
from oauthapp.settings import Client
from oauthapp.vault import unseal

#: Gives the client of this name, if there is one.
FindClient = Callable[[str], Client | None]


class RegisteredClient(ClientMixin):
    """A registered client, as Authlib's grants want to ask it."""

    def __init__(self, registered: Client) -> None:
        self.registered = registered

    def get_client_id(self) -> str:
        """Its client_id."""
        return self.registered.client_id

    def check_grant_type(self, grant_type: str) -> bool:
        """Whether it may use `grant_type`."""
        return grant_type in self.registered.grant_types


def find_client(services: ProviderServices, client_id: str) -> Client | None:
    """The client of the settings, or the one that registered itself (RFC 7591)."""
    for client in services.settings.clients:
        if client.client_id == client_id:
            return client
    # Those we gave out are plain; a database refuses to look for NUL or no text.
    plain = client_id.isascii() and client_id.isprintable()
    if services.settings.registration == "closed" or not plain:
        return None
    with reading(services.database) as connection:
        sealed = client_store.find(connection, client_id)
    if sealed is None:
        return None
    return client_store.read(unseal(sealed, services.settings.secret_key))


def calling_client(services: ProviderServices) -> tuple[Client, str]:
    """The client that makes this request, and how it proved that.

    :raises OAuth2Error: invalid_request or invalid_client (RFC 6749 §5.2).
    :raises TooManyWrongSecrets: whether it would prove it this time or not.
    """
    claim = _claim(request.headers.get("Authorization", ""), dict(sent_parameters()))
    address, guesses = request.remote_addr, services.client_secrets
    if wait := guesses.wait(address, claim.client_id):
        raise TooManyWrongSecrets(retry_after=wait)
    try:
        return _proven(lambda one: find_client(services, one), claim)
    except InvalidClientError:
        guesses.failed(address, claim.client_id)
        raise


def authenticate(
    find: FindClient, authorization: str, form: dict[str, str]
) -> tuple[Client, str]:
    """The client that sent `form`, and how it proved that.

    :param authorization: the Authorization header, empty when there is none.
    :raises OAuth2Error: invalid_request or invalid_client (RFC 6749 §5.2).
    """
    return _proven(find, _claim(authorization, form))


@dataclass(frozen=True, kw_only=True)
class _Claim:
    """Who somebody says to be, and what they bring to prove it."""

    method: str
    client_id: str
    secret: str = ""


def _claim(authorization: str, form: dict[str, str]) -> _Claim:
    """A parameter without a value counts as left out (RFC 6749 §3.2)."""
    form = {name: value for name, value in form.items() if value}
    if authorization and "client_secret" in form:
        raise InvalidRequestError("More than one way of client authentication")
    if authorization:
        client_id, secret = _basic_credentials(authorization)
        if form.get("client_id", client_id) != client_id:
            raise InvalidRequestError("client_id differs from the Authorization header")
        return _Claim(method="client_secret_basic", client_id=client_id, secret=secret)
    client_id = form.get("client_id", "")
    if "client_secret" in form:
        secret = form["client_secret"]
        return _Claim(method="client_secret_post", client_id=client_id, secret=secret)
    return _Claim(method="none", client_id=client_id)


def _proven(find: FindClient, claim: _Claim) -> tuple[Client, str]:
    client = find(claim.client_id)
    if client is None or not _proves(client, claim.method, claim.secret):
        raise refused("Unknown client, wrong secret or another method than registered")
    return client, claim.method


def refused(description: str) -> Exception:
    """invalid_client with status 401, whatever method was tried."""
    return cast(Exception, InvalidClientError(description, status_code=401))


def _proves(client: Client, method: str, secret: str) -> bool:
    return client.token_endpoint_auth_method == method and hmac.compare_digest(
        client.client_secret.encode(), secret.encode("utf-8", "surrogateescape")
    )


def _basic_credentials(authorization: str) -> tuple[str, str]:
    """Both form-urlencoded before they were joined (RFC 6749 §2.3.1)."""
    scheme, _, encoded = authorization.partition(" ")
    try:
        decoded = base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        decoded = ""
    client_id, colon, secret = decoded.partition(":")
    if scheme.lower() != "basic" or not colon:
        raise refused("The Authorization header is no HTTP Basic")
    return unquote_plus(client_id), unquote_plus(secret)
