"""What came, as the sender's scheme says to read it, beside what we know. Pure."""

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from oauthapp.callbacks.webhook.schemes import STANDARD
from oauthapp.callbacks.webhook.schemes import Scheme
from oauthapp.callbacks.webhook.signatures import Version
from oauthapp.once import once

#: Signatures that are looked at: enough for any rotation, and no work for a flood.
MOST_SIGNATURES = 32


@dataclass(frozen=True, kw_only=True)
class Key:
    """A secret of ours as one version of signatures uses it."""

    #: Which of our secrets it is.
    index: int
    version: str
    raw: bytes


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """All that the checks may look at."""

    secrets: Sequence[str]
    #: Names in any case.
    headers: Mapping[str, str]
    body: bytes
    now: float
    scheme: Scheme = STANDARD

    def header(self, name: str) -> str:
        """The header's value, "" when it is missing."""
        return self._by_name.get(name, "")

    @once
    def _by_name(self) -> Mapping[str, str]:
        pairs = list(self.headers.items())
        return {
            key.lower(): value for key, value in reversed(pairs)
        }  # the first counts

    @once
    def message_id(self) -> str:
        """As a header has it, "" where none does."""
        name = self.scheme.id_header
        return self.header(name) if name else ""

    @property
    def event_type(self) -> str | None:
        """As a header has it; None where it is not for a header to say."""
        name = self.scheme.type_header
        return self.header(name) if name else None

    @once
    def timestamp(self) -> str:
        if self.scheme.timestamp_header:
            return self.header(self.scheme.timestamp_header)
        # Two times are none: a comma is no digit.
        item = self.scheme.timestamp_item
        return ",".join(value for name, value in self._items if name == item)

    @once
    def _items(self) -> list[tuple[str, str]]:
        """Name and value of each item in the signature header."""
        written = self.header(self.scheme.signature_header)
        between = self.scheme.between_signatures
        items = written.split(between, MOST_SIGNATURES) if between else [written]
        pairs = (
            item.partition(self.scheme.after_version)
            for item in items[:MOST_SIGNATURES]
        )
        return [(name, value) for name, sign, value in pairs if sign]

    @once
    def signatures(self) -> list[tuple[str, str]]:
        """Version and value of each; what is no such pair is left out."""
        return [item for item in self._items if item[0] != self.scheme.timestamp_item]

    @property
    def keys(self) -> tuple[Key, ...]:
        """Our secrets, each with the version it is for; what is no secret is not."""
        return _keys(self.scheme, tuple(self.secrets))

    @once
    def readable(self) -> list[tuple[str, str]]:
        """The signatures that are written as their version wants it."""
        versions = self.scheme.versions
        return [
            (name, value)
            for name, value in self.signatures
            if name in versions and versions[name].written.fullmatch(value)
        ]

    @once
    def signed(self) -> bytes:
        """The very bytes that a signature is made over."""
        return self.scheme.signed % {
            b"id": self.message_id.encode(),
            b"timestamp": self.timestamp.encode(),
            b"body": self.body,
        }

    @once
    def fitting_secrets(self) -> list[int]:
        """Which of our secrets it was signed with; all are tried, whichever fits."""
        fitting = []
        for key in self.keys:
            fits = self.scheme.versions[key.version].judge(key.raw, self.signed)
            given = [value for name, value in self.readable if name == key.version]
            if any([fits(value) for value in given]):
                fitting.append(key.index)
        return fitting


@lru_cache(maxsize=256)
def _keys(scheme: Scheme, secrets: tuple[str, ...]) -> tuple[Key, ...]:
    """Read once a source: to read them takes as long as all the checks together."""
    return tuple(
        Key(index=index, version=name, raw=raw)
        for index, secret in enumerate(secrets)
        for name, version in scheme.versions.items()
        if (raw := _key(version, secret)) is not None
    )


def _key(version: Version, secret: str) -> bytes | None:
    try:
        return version.key(secret)
    except ValueError:
        return None
