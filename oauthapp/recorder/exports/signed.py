"""How is a recorded webhook signed? Its scheme, and the bytes the signature is over."""

from dataclasses import dataclass

from oauthapp.callbacks.webhook.evidence import Evidence
from oauthapp.callbacks.webhook.schemes import SCHEMES
from oauthapp.callbacks.webhook.schemes import Scheme
from oauthapp.recorder.call import Call
from oauthapp.recorder.kept import request_body

#: A body that can stand for one that was not kept.
STAND_IN = b'{"type": "stand.in", "timestamp": "", "data": {}}'


@dataclass(frozen=True, kw_only=True)
class Signed:
    """A webhook as far as it is known."""

    #: As the settings call it.
    name: str
    scheme: Scheme
    headers: dict[str, str]
    #: None where it is not known byte for byte.
    body: bytes | None

    def evidence(self, *secrets: str, now: float) -> Evidence:
        """What the checks look at, with these secrets and at this time."""
        return Evidence(
            scheme=self.scheme,
            secrets=secrets,
            headers=self.headers,
            body=STAND_IN if self.body is None else self.body,
            now=now,
        )


def signed(call: Call, scheme: str = "") -> Signed | None:
    """The call as a signed message; None when it is none of a scheme that we know.

    :param scheme: how its source signs; "" when that is only to be seen from it.
    """
    headers = {name.lower(): _encodable(value) for name, value in call.request_headers}
    name = scheme or _scheme_of(headers)
    if name not in SCHEMES or call.method != "POST":
        return None
    return Signed(
        name=name,
        scheme=SCHEMES[name],
        headers=headers,
        body=request_body(call),
    )


def _scheme_of(headers: dict[str, str]) -> str:
    """The scheme of which it has the signature; else of which it has anything."""
    for wanted in ("signature_header", "id_header", "timestamp_header"):
        for name, scheme in SCHEMES.items():
            if getattr(scheme, wanted) in headers:
                return name
    return ""


def _encodable(value: str) -> str:
    """A lone surrogate was on no wire."""
    return value.encode("utf-8", "backslashreplace").decode()
