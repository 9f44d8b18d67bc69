"""What does a provider say of itself, and can it be used? Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from oauthapp.callbacks.redirect.refusals import MetadataWrong
from oauthapp.callbacks.redirect.refusals import ProviderFailed
from oauthapp.settings_checks import LOOPBACK_HOSTS


@dataclass(frozen=True, kw_only=True)
class Metadata:
    """What we use of a provider's discovery document (RFC 8414 §2)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None
    end_session_endpoint: str | None
    iss_promised: bool


def read_metadata(document: Mapping[str, Any], issuer: str) -> Metadata:
    """What we use of a discovery document.

    :raises MetadataWrong: when it names another issuer or lacks what we need.
    """
    if document.get("issuer") != issuer:
        arrived = f"issuer {document.get('issuer')!r}"[:200]
        raise MetadataWrong(arrived=arrived, expected=f"issuer {issuer!r}")
    return Metadata(
        issuer=issuer,
        authorization_endpoint=_endpoint(document, "authorization_endpoint"),
        token_endpoint=_endpoint(document, "token_endpoint"),
        jwks_uri=_endpoint(document, "jwks_uri"),
        userinfo_endpoint=_optional_endpoint(document, "userinfo_endpoint"),
        end_session_endpoint=_optional_endpoint(document, "end_session_endpoint"),
        iss_promised=document.get("authorization_response_iss_parameter_supported")
        is True,
    )


def _optional_endpoint(document: Mapping[str, Any], name: str) -> str | None:
    return _endpoint(document, name) if name in document else None


def _endpoint(document: Mapping[str, Any], name: str) -> str:
    """An https URL, or http on this machine: codes and secrets go there."""
    url = document.get(name)
    if isinstance(url, str):
        try:
            parts = urlsplit(url)
        except ValueError:
            parts = urlsplit("")
        local = parts.scheme == "http" and parts.hostname in LOOPBACK_HOSTS
        if parts.hostname and (parts.scheme == "https" or local):
            return url
    raise MetadataWrong(arrived=f"{name}: {url!r}"[:200], expected="an https URL")


def read_keys(document: Mapping[str, Any]) -> KeySet:
    """The keys we can read; a provider may publish kinds that we cannot."""
    published = document.get("keys")
    readable = []
    for jwk in published if isinstance(published, list) else []:
        try:
            readable.extend(KeySet.import_key_set({"keys": [jwk]}).keys)
        except (JoseError, ValueError, TypeError, KeyError, AttributeError):
            continue
    if not readable:
        raise ProviderFailed(arrived="no usable key", expected="a JWK set (RFC 7517)")
    return KeySet(readable)
