"""What a provider says of itself: its discovery document, and its keys."""

import json

from joserfc.jwk import KeySet

from oauthapp.callbacks.redirect.metadata import read_keys
from oauthapp.callbacks.redirect.metadata import read_metadata
from oauthapp.callbacks.redirect.refusals import ProviderFailed

ISSUER = "https://op.example"


def metadata(raw: bytes) -> bool:
    """Whether both can be used: JSON documents, parted by an empty line."""
    first, _, second = raw.partition(b"\n\n")
    return _usable(first) and _has_keys(second)


def _usable(raw: bytes) -> bool:
    document = _object(raw)
    if document is None:
        return False
    try:
        found = read_metadata(document, ISSUER)
    except ProviderFailed as refused:
        assert len(refused.arrived.encode()) < 2000
        return False
    assert found.issuer == ISSUER
    assert found.token_endpoint.lower().strip().startswith(("https:", "http:"))
    return True


def _has_keys(raw: bytes) -> bool:
    document = _object(raw)
    if document is None:
        return False
    try:
        keys = read_keys(document)
    except ProviderFailed:
        return False
    assert isinstance(keys, KeySet) and keys.keys
    return True


def _object(raw: bytes) -> dict[str, object] | None:
    """As `discovery.json_object` lets it through."""
    try:
        value = json.loads(raw)
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
