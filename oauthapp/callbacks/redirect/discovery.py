"""Where does a provider want its calls, and with which keys does it sign?

Fetched when first needed, cached with an expiry; a document that names another
issuer is refused (OIDC Discovery §4.3). An unknown key makes us look again, but not
more often than once in `REFRESH_PAUSE`, so that nobody can make us hammer a provider.
"""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

import requests
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from oauthapp.callbacks.redirect.refusals import MetadataWrong
from oauthapp.callbacks.redirect.refusals import ProviderFailed
from oauthapp.callbacks.redirect.refusals import ProviderTimedOut
from oauthapp.clock import Clock
from oauthapp.settings_checks import LOOPBACK_HOSTS

#: Seconds metadata and keys are believed.
CACHE_TTL = 3600
#: Seconds before an unknown key id makes us fetch the keys again.
REFRESH_PAUSE = 30
#: Seconds for one call to the provider, all in all.
CALL_TIME = 5.0


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


class Discovery:
    """Metadata and keys of every provider, by issuer."""

    def __init__(
        self, http: requests.Session, clock: Clock, *, call_time: float = CALL_TIME
    ) -> None:
        self.call_time = call_time
        self._http = http
        self._clock = clock
        #: One fetch of keys at a time and issuer: a slow one delays its own logins.
        self._locks: defaultdict[str, Lock] = defaultdict(Lock)
        #: By issuer: when it was fetched, and what.
        self._metadata: dict[str, tuple[float, Metadata]] = {}
        self._keys: dict[str, tuple[float, KeySet]] = {}

    def metadata(self, issuer: str) -> Metadata:
        """The provider's metadata.

        :raises ProviderFailed: when it cannot be had or contradicts itself.
        """
        known = self._metadata.get(issuer)
        if known and self._clock() - known[0] < CACHE_TTL:
            return known[1]
        url = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
        value = _read_metadata(self._get(url), issuer)
        self._metadata[issuer] = (self._clock(), value)
        return value

    def keys(self, issuer: str, *, unknown_key: bool = False) -> KeySet:
        """The provider's public keys.

        :param unknown_key: a token names a key that is not among those we know.
        :raises ProviderFailed: when they cannot be had.
        """
        known = self._keys.get(issuer)
        believed = REFRESH_PAUSE if unknown_key else CACHE_TTL
        if known and self._clock() - known[0] < believed:
            return known[1]
        with self._locks[issuer]:
            fetched_meanwhile = self._keys.get(issuer)
            if fetched_meanwhile is not known and fetched_meanwhile:
                return fetched_meanwhile[1]
            value = _read_keys(self._get(self.metadata(issuer).jwks_uri))
            self._keys[issuer] = (self._clock(), value)
            return value

    def _get(self, url: str) -> Mapping[str, Any]:
        try:
            answer = self._http.get(
                url, headers={"Accept": "application/json"}, timeout=self.call_time
            )
        except requests.RequestException as error:
            raise call_failed(error, url) from None
        return json_object(answer, url)


def call_failed(error: requests.RequestException, url: str) -> ProviderFailed:
    """The refusal for a call that got no answer, or one without an end."""
    if isinstance(error, requests.Timeout):
        return ProviderTimedOut(arrived=f"no answer from {url} in time")
    return ProviderFailed(arrived=f"no usable answer from {url}")


def json_object(
    answer: requests.Response, url: str, *, statuses: tuple[int, ...] = (200,)
) -> Mapping[str, Any]:
    """The JSON object of an answer with one of `statuses`.

    :raises ProviderFailed: when it is anything else.
    """
    if answer.status_code not in statuses:
        raise ProviderFailed(
            arrived=f"{url} answered {answer.status_code}",
            expected=" or ".join(str(status) for status in statuses),
        )
    try:
        value = answer.json()
        # Neither a lone surrogate nor NaN is JSON, and neither can be kept or shown.
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise ProviderFailed(
            arrived=f"{url} answered something else", expected="a JSON object"
        )
    return value


def _read_metadata(document: Mapping[str, Any], issuer: str) -> Metadata:
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


def _read_keys(document: Mapping[str, Any]) -> KeySet:
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
