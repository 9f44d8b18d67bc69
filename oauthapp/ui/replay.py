"""What is sent when a recorded webhook is to come once more?"""

from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from oauthapp.callbacks.webhook.evidence import Evidence
from oauthapp.callbacks.webhook.verify import CHECKS
from oauthapp.callbacks.webhook.verify import Verdict
from oauthapp.callbacks.webhook.verify import verdict
from oauthapp.callers.sender.sign import signed_headers
from oauthapp.recorder.call import Call
from oauthapp.recorder.exports.signed import Signed
from oauthapp.recorder.exports.signed import signed
from oauthapp.recorder.step import path_of
from oauthapp.settings import AppSettings
from oauthapp.settings import WebhookSource
from oauthapp.ui.replay_refusals import NoReplayPossible
from oauthapp.weaknesses import passed_over

_PATH = "/webhooks/"
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, kw_only=True)
class Sending:
    """A message that is ready to be sent to our own endpoint."""

    url: str
    headers: Mapping[str, str]
    body: bytes
    #: What its checks will make of it; whether it is a duplicate is not theirs to say.
    foretold: Verdict
    #: The reason codes for which they would refuse it, were they all on.
    forgiven: tuple[str, ...]


#: A recorded call, our settings, what time it is and which checks are off.
Way = Callable[[Call, AppSettings, float, Collection[str]], Sending]


def as_it_was(
    call: Call, settings: AppSettings, now: float, off: Collection[str] = frozenset()
) -> Sending:
    """The same id, time, signature and body.

    :raises NoReplayPossible: saying why.
    """
    message, source = _message(call, settings)
    return _sending(call, settings, source, message, message.headers, now, off)


def signed_anew(
    call: Call, settings: AppSettings, now: float, off: Collection[str] = frozenset()
) -> Sending:
    """The same id and body, with the time of now and our own signature.

    Only what was believed before is signed for anybody who asks: else a stranger could
    have a forged message signed. On one's own machine there is no stranger.

    :raises NoReplayPossible: saying why.
    """
    message, source = _message(call, settings)
    if call.verdict != "accepted" and not _is_local(settings):
        raise NoReplayPossible(
            arrived="a message that was not accepted",
            expected="one that was, since signing it would make it believable; "
            "or an app on localhost",
        )
    headers = signed_headers(
        scheme=message.name,
        secret=_signing_secret(source),
        message_id=message.evidence(now=now).message_id,
        timestamp=int(now),
        body=message.body or b"",
    )
    return _sending(call, settings, source, message, headers, now, off)


#: By the name of the button.
WAYS: Mapping[str, Way] = {
    "as_it_was": as_it_was,
    "anew": signed_anew,
}


def source_of(call: Call, settings: AppSettings) -> WebhookSource | None:
    """The sender at whose address this call came in, if it is one of ours."""
    path = path_of(call.url)
    came_in = (call.party, call.direction, call.method) == ("app", "inbound", "POST")
    if not came_in or not path.startswith(_PATH):
        return None
    return settings.webhooks.get(path.removeprefix(_PATH))


def _message(call: Call, settings: AppSettings) -> tuple[Signed, WebhookSource]:
    source = source_of(call, settings)
    message = signed(call, source.scheme) if source else None
    if source is None or message is None:
        raise NoReplayPossible(
            arrived="another call",
            expected="a webhook that came to /webhooks/<source> of this app",
        )
    if message.body is None:
        raise NoReplayPossible(
            arrived="a body that was not kept byte for byte",
            expected="a body without secrets, of UTF-8, that was read to its end",
        )
    return message, source


def _sending(
    call: Call,
    settings: AppSettings,
    source: WebhookSource,
    message: Signed,
    headers: Mapping[str, str],
    now: float,
    off: Collection[str],
) -> Sending:
    """To our own address, whatever the record says where the call went."""
    scheme = message.scheme
    given = {name.lower(): value for name, value in headers.items()}
    names = (*scheme.headers, scheme.type_header)
    kept = {name: message.headers[name] for name in names if name in message.headers}
    sent = {"content-type": message.headers.get("content-type", "")} | kept
    sent |= {name: given[name] for name in names if name in given}
    body = message.body or b""
    seen = Evidence(
        scheme=scheme, secrets=source.secrets, headers=sent, body=body, now=now
    )
    return Sending(
        url=f"{settings.base_url}{path_of(call.url)}",
        headers=sent,
        body=body,
        foretold=verdict(seen, off),
        forgiven=passed_over(CHECKS, seen, off),
    )


def _signing_secret(source: WebhookSource) -> str:
    """:raises NoReplayPossible: we can check its signatures, and not make them."""
    for secret in source.secrets:
        if source.scheme != "standard" or secret.startswith("whsec_"):
            return secret
    raise NoReplayPossible(
        arrived="a source of which we hold the public key",
        expected="a secret that both sides share: only the sender can sign this",
    )


def _is_local(settings: AppSettings) -> bool:
    return urlsplit(settings.base_url).hostname in _LOOPBACK
