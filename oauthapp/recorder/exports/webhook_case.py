"""A recorded webhook, made anew in a test such that the same comes of it. Pure.

The secret was not kept, and must not be, so the test has one of its own, made up here.
What the signature proved then, a new one proves now; a signature that fitted none of
our secrets fits none of the test's.
"""

import base64
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from oauthapp.callbacks.webhook import refusals
from oauthapp.callbacks.webhook.evidence import Evidence
from oauthapp.callbacks.webhook.refusals import MessageRefused
from oauthapp.callbacks.webhook.verify import CHECKS
from oauthapp.callbacks.webhook.verify import believe
from oauthapp.callers.sender.sign import signed_headers
from oauthapp.recorder.call import Call
from oauthapp.recorder.exports.python_text import arguments
from oauthapp.recorder.exports.python_text import literal
from oauthapp.recorder.exports.python_text import mapping
from oauthapp.recorder.exports.python_text import name_of
from oauthapp.recorder.exports.python_text import opening
from oauthapp.recorder.exports.refusals import NoTestPossible
from oauthapp.recorder.exports.signed import Signed
from oauthapp.recorder.exports.signed import signed

_SEED = b"made up for a test, not a secret"
_PUBLIC = Ed25519PrivateKey.from_private_bytes(_SEED).public_key().public_bytes_raw()
_SHARED = "whsec_" + base64.b64encode(_SEED).decode()
_PRIVATE_KEY = "whsk_" + base64.b64encode(_SEED + _PUBLIC).decode()
_PUBLIC_KEY = "whpk_" + base64.b64encode(_PUBLIC).decode()

_EVENT = refusals.EventMalformed.code
#: Reasons of checks that come once the signature fits.
_TIMES = {refusals.TimestampTooOld.code, refusals.TimestampInFuture.code}
_CODES = {refusal.code for _holds, refusal in CHECKS} | {_EVENT}


@dataclass(frozen=True, kw_only=True)
class _Case:
    message: Signed
    seen: Evidence
    #: What its headers are made of; None where they are those that came.
    signing: Mapping[str, Any] | None


def webhook_case(call: Call, scheme: str = "") -> str:
    """The text of the test.

    :param scheme: how its source signs; "" when that is only to be seen from it.
    :raises NoTestPossible: saying why.
    """
    message = signed(call, scheme)
    if message is None:
        raise NoTestPossible(arrived="no signature of a scheme that is known")
    if call.verdict != "accepted" and call.reason not in _CODES:
        raise NoTestPossible(
            arrived=f"{call.verdict or 'no verdict'}, {call.reason or 'no reason'}",
            expected="what the checks of a message decide by themselves",
        )
    if call.reason == _EVENT and message.body is None:
        raise NoTestPossible(arrived="a body that was not kept")
    return _text(call, _case(call, message))


def _case(call: Call, message: Signed) -> _Case:
    """What leads to the verdict of the call.

    :raises NoTestPossible: nothing that is known of it does.
    """
    for now in (call.at, call.at + call.ms / 1000):  # it was judged in between
        case = _made_anew(call, message, now)
        if _reason(case.seen) == _reason_of_checks(call):
            return case
    came_of_it = _reason(case.seen) or "accepted"
    raise NoTestPossible(arrived=f"made anew it is {came_of_it}", expected=call.reason)


def _made_anew(call: Call, message: Signed, now: float) -> _Case:
    came = message.evidence(_checking(message, call.reason), now=now)
    if call.verdict != "accepted" and call.reason not in _TIMES | {_EVENT}:
        return _Case(message=message, seen=came, signing=None)
    signing: dict[str, Any] = {
        "scheme": message.name,
        "secret": _PRIVATE_KEY if came.secrets == (_PUBLIC_KEY,) else _SHARED,
        "message_id": came.message_id,
        "timestamp": int(came.timestamp) if came.timestamp.isdecimal() else 0,
    }
    headers = {**_type(message), **signed_headers(**signing, body=came.body)}
    return _Case(message=message, seen=replace(came, headers=headers), signing=signing)


def _checking(message: Signed, reason: str) -> str:
    """A secret for the versions that came; or, if that was the reason, for another."""
    came = {version for version, _value in message.evidence(now=0).signatures}
    if "v1a" not in message.scheme.versions:
        return _SHARED
    if reason == refusals.SignatureVersionUnknown.code:
        return _PUBLIC_KEY if "v1" in came else _SHARED
    return _PUBLIC_KEY if "v1a" in came and "v1" not in came else _SHARED


def _reason_of_checks(call: Call) -> str:
    """An event is looked at, and a duplicate told, once a message is believed."""
    return "" if call.verdict == "accepted" or call.reason == _EVENT else call.reason


def _reason(seen: Evidence) -> str:
    try:
        believe(seen)
    except MessageRefused as refusal:
        return refusal.code
    return ""


def _type(message: Signed) -> dict[str, str]:
    name = message.scheme.type_header
    return {name: message.headers[name]} if name in message.headers else {}


def _text(call: Call, case: _Case) -> str:
    return "\n".join(
        [
            opening(call, list(_remarks(call, case))),
            *_imports(call, case),
            "",
            "#: The clock stands still at the moment of the call.",
            f"NOW = {literal(case.seen.now)}",
            "#: Made up for this test.",
            f"SECRET = {literal(case.seen.secrets[0])}",
            f"BODY = {literal(case.seen.body)}",
            f"HEADERS = {_headers(case)}",
            "",
            "",
            f"def {name_of(call, 'webhook')}() -> None:",
            "    verdict = verify(",
            f"        scheme=SCHEMES[{literal(case.message.name)}],",
            "        secrets=[SECRET],",
            "        headers=HEADERS,",
            "        body=BODY,",
            "        now=NOW,",
            "    )",
            "",
            f"    assert verdict.reason == {literal(_reason_of_checks(call))}",
            f"    assert verdict.accepted is {not _reason_of_checks(call)}",
            *_afterwards(call, case),
            "",
        ]
    )


def _remarks(call: Call, case: _Case) -> Iterator[str]:
    if case.signing is None:
        yield "Its headers are those that came; its own secret is not known here."
    else:
        yield "It is signed anew, since its own secret is not known here."
    if case.message.body is None:
        yield "Its body was not kept: another one stands in for it."
    if call.reason == "duplicate":
        yield "That it had come before is not for the checks to see: they accept it."


def _imports(call: Call, case: _Case) -> Iterator[str]:
    event = call.reason == _EVENT
    if event:
        yield "import pytest\n"
        yield "from oauthapp.callbacks.webhook.event import describe"
        yield "from oauthapp.callbacks.webhook.refusals import EventMalformed"
    yield "from oauthapp.callbacks.webhook.schemes import SCHEMES"
    yield "from oauthapp.callbacks.webhook.verify import verify"
    if case.signing is not None:
        yield "from oauthapp.callers.sender.sign import signed_headers"


def _headers(case: _Case) -> str:
    if case.signing is None:
        scheme = case.message.scheme
        names = (*scheme.headers, scheme.type_header)
        came = case.message.headers
        return mapping({name: came[name] for name in names if name in came})
    given = arguments(case.signing).replace(literal(case.seen.secrets[0]), "SECRET")
    made = f"signed_headers(\n{given}    body=BODY,\n)"
    kept = _type(case.message)
    return f"{made} | {mapping(kept)}" if kept else made


def _afterwards(call: Call, case: _Case) -> Iterator[str]:
    if call.reason == _EVENT:
        yield "    with pytest.raises(EventMalformed):"
        yield "        describe("
        yield "            BODY,"
        yield f"            envelope={case.message.scheme.envelope},"
        yield f"            type_header={literal(case.seen.event_type)},"
        yield "        )"
