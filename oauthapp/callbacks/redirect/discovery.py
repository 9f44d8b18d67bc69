"""Where does a provider want its calls, and with which keys does it sign?

Fetched when first needed, cached with an expiry; a document that names another
issuer is refused (OIDC Discovery §4.3). An unknown key makes us look again, but not
more often than once in `REFRESH_PAUSE`, so that nobody can make us hammer a provider.
"""

import json
from collections import defaultdict
from collections.abc import Mapping
from threading import Lock
from typing import Any
from typing import cast

import requests
from flask import current_app
from joserfc.jwk import Key
from joserfc.jwk import KeySet

from oauthapp.callbacks.redirect.id_token_key import choose_key
from oauthapp.callbacks.redirect.id_token_refusals import KeyUnknown
from oauthapp.callbacks.redirect.metadata import Metadata
from oauthapp.callbacks.redirect.metadata import read_keys
from oauthapp.callbacks.redirect.metadata import read_metadata
from oauthapp.callbacks.redirect.refusals import ProviderFailed
from oauthapp.callbacks.redirect.refusals import ProviderTimedOut
from oauthapp.clock import Clock

#: Seconds metadata and keys are believed.
CACHE_TTL = 3600
#: Seconds before an unknown key id makes us fetch the keys again.
REFRESH_PAUSE = 30
#: Seconds for one call to the provider, all in all.
CALL_TIME = 5.0


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
        #: By issuer: when an unknown key last made us look again.
        self._looked_again: dict[str, float] = {}

    def forget(self) -> None:
        """Ask every provider anew."""
        self._metadata, self._keys, self._looked_again = {}, {}, {}

    def metadata(self, issuer: str) -> Metadata:
        """The provider's metadata.

        :raises ProviderFailed: when it cannot be had or contradicts itself.
        """
        known = self._metadata.get(issuer)
        if known and self._clock() - known[0] < CACHE_TTL:
            return known[1]
        url = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
        value = read_metadata(self._get(url), issuer)
        self._metadata[issuer] = (self._clock(), value)
        return value

    def keys(self, issuer: str, *, unknown_key: bool = False) -> KeySet:
        """The provider's public keys.

        :param unknown_key: a token names a key that is not among those we know.
        :raises ProviderFailed: when they cannot be had.
        """
        known = self._keys.get(issuer)
        if known and not self._worth_a_look(issuer, known[0], unknown_key):
            return known[1]
        with self._locks[issuer]:
            fetched_meanwhile = self._keys.get(issuer)
            if fetched_meanwhile is not known and fetched_meanwhile:
                return fetched_meanwhile[1]
            if unknown_key:
                self._looked_again[issuer] = self._clock()
            value = read_keys(self._get(self.metadata(issuer).jwks_uri))
            self._keys[issuer] = (self._clock(), value)
            return value

    def _worth_a_look(self, issuer: str, fetched: float, unknown_key: bool) -> bool:
        now = self._clock()
        if not unknown_key:
            return now - fetched >= CACHE_TTL
        last = self._looked_again.get(issuer)
        return last is None or now - last >= REFRESH_PAUSE

    def key(self, token: str, issuer: str, alg: str) -> Key:
        """The key that `token` is signed with, if the provider publishes it.

        :raises IdTokenRefused: when it does not, also after another look.
        :raises ProviderFailed: when the keys cannot be had.
        """
        key = choose_key(token, self.keys(issuer), alg)
        if key is None:
            key = choose_key(token, self.keys(issuer, unknown_key=True), alg)
        if key is None:
            raise KeyUnknown(expected=f"a key published by {issuer}")
        return key

    def _get(self, url: str) -> Mapping[str, Any]:
        try:
            answer = self._http.get(
                url, headers={"Accept": "application/json"}, timeout=self.call_time
            )
        except requests.RequestException as error:
            raise call_failed(error, url) from None
        return json_object(answer, url)


def app_discovery() -> Discovery:
    """That of the app which handles the current request."""
    return cast(Discovery, current_app.extensions["oauthapp.discovery"])


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
