"""What does a call say, taken apart? Views of it that a page can show. Pure.

Everything is text of strangers: what a terminal or a reader's eye would obey is written
as an escape, and nothing is shown that could grow far beyond what came.
"""

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from typing import Any

from oauthapp.recorder.call import Call
from oauthapp.recorder.exports.signed import Signed
from oauthapp.recorder.exports.signed import signed
from oauthapp.recorder.kept import MASK
from oauthapp.recorder.parts import Cookie
from oauthapp.recorder.parts import Pairs
from oauthapp.recorder.parts import cookies_sent
from oauthapp.recorder.parts import cookies_set
from oauthapp.recorder.parts import form
from oauthapp.recorder.parts import laid_out
from oauthapp.recorder.parts import pretty
from oauthapp.recorder.parts import query
from oauthapp.recorder.token_parts import read_parts
from oauthapp.recorder.visible import BREAKS
from oauthapp.recorder.visible import visible

#: Tokens of a call that are shown: more are somebody's joke.
_TOKENS = 8
_TIMES = ("iat", "nbf", "exp", "auth_time")


@dataclass(frozen=True, kw_only=True)
class View:
    """One way to look at a call: pairs, a text, or both, and a sentence on it."""

    title: str
    says: str = ""
    rows: Pairs = ()
    text: str = ""


def views(call: Call) -> tuple[View, ...]:
    """All that can be taken apart in this call, in the order in which it came."""
    found = (view for look in _LOOKS for view in look(call))
    return tuple(_safe(view) for view in found if view.rows or view.text)


def _query(call: Call) -> Iterator[View]:
    yield View(title="Query parameters", rows=query(call))


def _form(call: Call) -> Iterator[View]:
    yield View(title="Form fields", rows=form(call))


def _cookies(call: Call) -> Iterator[View]:
    sent, told = cookies_sent(call.request_headers), cookies_set(call.answer_headers)
    yield View(title="Cookies sent", rows=_cookie_rows(sent))
    yield View(title="Cookies set by the answer", rows=_cookie_rows(told))


def _cookie_rows(cookies: Sequence[Cookie]) -> Pairs:
    return tuple(
        (
            one.name,
            "; ".join([one.value, *(_attribute(*pair) for pair in one.attributes)]),
        )
        for one in cookies
    )


def _attribute(name: str, value: str) -> str:
    return f"{name}={value}" if value else name


def _tokens(call: Call) -> Iterator[View]:
    places = {
        "the URL": [call.url],
        "the request’s headers": [value for _name, value in call.request_headers],
        "the request’s body": [call.request_body],
        "the answer’s headers": [value for _name, value in call.answer_headers],
        "the answer’s body": [call.answer_body],
    }
    found = (
        (match, place)
        for place, texts in places.items()
        for text in texts
        for match in MASK.finditer(text)
        if match["parts"]
    )
    for _number, (match, place) in zip(range(_TOKENS), found, strict=False):
        yield from _token(call, match["name"], match["parts"], place)


def _token(call: Call, name: str, parts: str, place: str) -> Iterator[View]:
    try:
        header, claims = read_parts(parts)
    except (ValueError, RecursionError):
        return  # written by somebody who knows how ours look
    yield View(
        title=f"JWT: {name} in {place}",
        says="Header and claims, as whoever holds the token can read them. Its "
        "signature was dropped, and what may be secret replaced, before anything "
        "was kept.",
        rows=tuple(_times(call, claims)),
        text=laid_out({"header": header, "claims": claims}),
    )


def _times(call: Call, claims: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in _TIMES:
        value = claims.get(name)
        if isinstance(value, int | float) and 0 <= value < 1e11:
            at = datetime.fromtimestamp(value, UTC).isoformat(" ", "seconds")
            yield name, f"{at}, {_apart(value - call.at)} this call"


def _signed(call: Call) -> Iterator[View]:
    message = signed(call)
    if message is None or not message.headers.get(message.scheme.signature_header):
        return
    seen = message.evidence(now=call.at)
    yield View(
        title=f"What the signature is over ({message.name})",
        says=_about_the_signature(message, call),
        rows=tuple(_signature_rows(message, call)),
        text=""
        if message.body is None
        else seen.signed.decode("utf-8", "backslashreplace"),
    )


def _about_the_signature(message: Signed, call: Call) -> str:
    if message.body is None:
        return "The body was not kept byte for byte, so the signed bytes are not known."
    wrong = message.scheme.expected.get(call.reason, "")
    expected = wrong or message.scheme.expected["signature_mismatch"]
    return f"These very bytes were to be signed. Expected: {expected}."


def _signature_rows(message: Signed, call: Call) -> Iterator[tuple[str, str]]:
    seen = message.evidence(now=call.at)
    if seen.message_id:
        yield "Message id", seen.message_id
    if seen.timestamp.isascii() and seen.timestamp.isdecimal():
        apart = _apart(int(seen.timestamp[:12]) - call.at)
        yield "Signed at", f"{seen.timestamp}, {apart} this call"
    elif seen.timestamp:
        yield "Signed at", f"{seen.timestamp}, which is no time in whole seconds"
    for version, value in seen.signatures:
        yield f"Signature {version}", value


def _apart(seconds: float) -> str:
    return f"{abs(seconds):.0f} s {'after' if seconds > 0 else 'before'}"


def _json(call: Call) -> Iterator[View]:
    yield View(title="The request’s JSON", text=pretty(call.request_body))
    yield View(title="The answer’s JSON", text=pretty(call.answer_body))


def _safe(view: View) -> View:
    return View(
        title=visible(view.title),
        says=view.says,
        rows=tuple(
            (visible(name), _short(visible(value))) for name, value in view.rows
        ),
        text=_short(visible(view.text, but=BREAKS)),
    )


def _short(text: str) -> str:
    """What a token says has a view of its own."""
    return MASK.sub(r"[\g<name> \g<hash>]", text)


_LOOKS: Sequence[Callable[[Call], Iterator[View]]] = (
    _query,
    _form,
    _cookies,
    _tokens,
    _signed,
    _json,
)
