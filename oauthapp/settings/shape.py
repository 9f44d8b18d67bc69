"""What all settings have in common."""

from typing import Literal

import msgspec

ClientAuthMethod = Literal["client_secret_basic", "client_secret_post", "none"]
#: How the browser brings an answer: by a GET, or by the POST of a form.
ResponseMode = Literal["query", "form_post"]


class Shape(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Immutable, every key named, no key unknown."""
