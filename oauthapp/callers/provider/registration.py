"""What does a client that registers itself want to be, and may it? (RFC 7591) Pure."""

from collections.abc import Collection
from collections.abc import Mapping
from typing import Any

import msgspec

from oauthapp.settings import Client

#: Metadata that we act upon, by the names of RFC 7591 §2 and OpenID Connect; what is
#: not among them is left out of the answer, which says what was registered (§3.2.1).
_TAKEN_OVER = frozenset(
    """client_name redirect_uris post_logout_redirect_uris grant_types scope
    token_endpoint_auth_method frontchannel_logout_uri backchannel_logout_uri
    require_pushed_authorization_requests""".split()
)


class MetadataRefused(Exception):
    """This registration cannot be had (RFC 7591 §3.2.2)."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error
        self.description = description


def make_client(
    metadata: Mapping[str, Any],
    *,
    client_id: str,
    client_secret: str,
    alg: str,
    scopes: Collection[str],
) -> Client:
    """The client that `metadata` describes.

    :param client_secret: given to it unless it wants to be a public client.
    :param alg: what our id_tokens are signed with.
    :param scopes: what it may ask users for; nobody else has allowed it anything.
    :raises MetadataRefused: with the error code for the answer.
    """
    _require_what_we_have(metadata, alg)
    wanted = {name: metadata[name] for name in _TAKEN_OVER if name in metadata}
    wanted.setdefault("grant_types", ["authorization_code"])  # §2
    public = wanted.get("token_endpoint_auth_method") == "none"
    wanted.update(
        client_id=client_id,
        client_secret="" if public else client_secret,
        native=metadata.get("application_type") == "native",
    )
    try:
        client = msgspec.convert(wanted, Client)
    except msgspec.ValidationError as error:
        problem = str(error)
        about_uri = problem.startswith("redirect_uris") or "$.redirect_uris" in problem
        code = "invalid_redirect_uri" if about_uri else "invalid_client_metadata"
        raise MetadataRefused(code, problem) from None
    scope = dict.fromkeys(client.scope.split())  # a set (RFC 6749 §3.3), in its order
    if beyond := scope.keys() - set(scopes):
        problem = f"scope: not {' '.join(sorted(beyond))}"
        raise MetadataRefused("invalid_client_metadata", problem)
    return msgspec.structs.replace(client, scope=" ".join(scope))


def describe(client: Client, *, issued_at: int) -> dict[str, Any]:
    """The answer: all registered metadata, the secret among it, this once (§3.2.1)."""
    told = {name: getattr(client, name) for name in sorted(_TAKEN_OVER)}
    told = {name: value for name, value in told.items() if value not in ("", [])}
    told.update(
        client_id=client.client_id,
        client_id_issued_at=issued_at,
        response_types=["code"],
        application_type="native" if client.native else "web",
    )
    if client.client_secret:
        told.update(client_secret=client.client_secret, client_secret_expires_at=0)
    return told


def _require_what_we_have(metadata: Mapping[str, Any], alg: str) -> None:
    """Refuse what a client would rely on in vain."""
    if metadata.get("response_types", ["code"]) != ["code"]:
        raise MetadataRefused("invalid_client_metadata", "response_types: only code")
    if metadata.get("id_token_signed_response_alg", alg) != alg:
        problem = f"id_token_signed_response_alg: only {alg}"
        raise MetadataRefused("invalid_client_metadata", problem)
    if metadata.get("application_type", "web") not in ("web", "native"):
        problem = "application_type: web or native"
        raise MetadataRefused("invalid_client_metadata", problem)
