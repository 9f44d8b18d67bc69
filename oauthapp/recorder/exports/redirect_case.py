"""A recorded redirect callback, made anew in a test such that it ends the same. Pure.

What came is known, its secrets as masks, which are compared like any other text. What
we knew at the time is not: the verdict says what it must have been.
"""

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import fields
from dataclasses import replace

from oauthapp.callbacks.redirect import refusals
from oauthapp.callbacks.redirect.refusals import AnswerRefused
from oauthapp.callbacks.redirect.verify import CHECKS
from oauthapp.callbacks.redirect.verify import Evidence
from oauthapp.callbacks.redirect.verify import PendingLogin
from oauthapp.callbacks.redirect.verify import believe
from oauthapp.parameters import get
from oauthapp.recorder.call import Call
from oauthapp.recorder.exports.python_text import literal
from oauthapp.recorder.exports.python_text import name_of
from oauthapp.recorder.exports.python_text import opening
from oauthapp.recorder.exports.refusals import NoTestPossible
from oauthapp.recorder.parts import form
from oauthapp.recorder.parts import query
from oauthapp.recorder.step import path_of
from oauthapp.recorder.step import place_of

_TTL = 600
_ELSEWHERE = "another.example"


def _login(seen: Evidence, **changed: object) -> Evidence:
    """With another pending login."""
    assert seen.pending is not None
    return replace(seen, pending=replace(seen.pending, **changed))  # type: ignore[arg-type]


#: What must have been the case, by reason; for the others it shows in what came.
_SPOIL: Mapping[str, Callable[[Evidence], Evidence]] = {
    refusals.HostMismatch.code: lambda seen: replace(seen, our_host=_ELSEWHERE),
    refusals.StateForged.code: lambda seen: replace(
        seen, state_signed=False, pending=None
    ),
    refusals.StateUnknown.code: lambda seen: replace(seen, pending=None),
    refusals.StateOfAnotherBrowser.code: lambda seen: replace(
        seen, browser_hash="hash of another browser's cookie"
    ),
    refusals.StateOfAnotherProvider.code: lambda seen: _login(
        seen, provider=_ELSEWHERE
    ),
    refusals.LoginExpired.code: lambda seen: _login(
        seen, created_at=seen.now - _TTL - 1
    ),
    refusals.IssMissing.code: lambda seen: replace(seen, iss_promised=True),
    refusals.IssMismatch.code: lambda seen: _login(
        replace(seen, issuer=f"https://{_ELSEWHERE}"), issuer=f"https://{_ELSEWHERE}"
    ),
}
_CODES = {refusal.code for _holds, refusal in CHECKS}


def redirect_case(call: Call) -> str:
    """The text of the test.

    :raises NoTestPossible: saying why.
    """
    if call.verdict != "accepted" and call.reason not in _CODES:
        raise NoTestPossible(
            arrived=f"{call.verdict or 'no verdict'}, {call.reason or 'no reason'}",
            expected="what the checks of an answer decide by themselves",
        )
    came = _came(call)
    seen = _SPOIL[call.reason](came) if call.reason in _SPOIL else came
    if _reason(seen) != call.reason:
        came_of_it = _reason(seen) or "accepted"
        raise NoTestPossible(
            arrived=f"made anew it is {came_of_it}", expected=call.reason
        )
    return _text(call, seen)


def _came(call: Call) -> Evidence:
    """What came, beside what we would have known had all been well."""
    parameters = form(call) if call.method == "POST" else query(call)
    host, path = place_of(call.url)
    provider = path.removeprefix("/callback/")
    issuer = get(parameters, "iss") or "https://op.example"
    return Evidence(
        parameters=parameters,
        host=host,
        our_host=host,
        provider=provider,
        issuer=issuer,
        iss_promised=False,
        state_signed=True,
        pending=PendingLogin(
            provider=provider,
            issuer=issuer,
            redirect_uri=f"http://{host}{path_of(call.url)}",
            nonce="a nonce",
            code_verifier="a code verifier",
            browser_hash="hash of this browser's cookie",
            next="/",
            created_at=call.at - 10,
        ),
        browser_hash="hash of this browser's cookie",
        now=call.at,
        login_ttl=_TTL,
    )


def _reason(seen: Evidence) -> str:
    try:
        believe(seen)
    except AnswerRefused as refusal:
        return refusal.code
    return ""


def _text(call: Call, seen: Evidence) -> str:
    remark = "Secrets were not kept; what stands for them here does as well."
    return "\n".join(
        [
            opening(call, [remark]),
            *_imports(seen, refused=bool(call.reason)),
            "",
            f"PENDING = {_written(seen.pending) if seen.pending else None}",
            "#: What came, beside what was known; the clock stands still there.",
            f"SEEN = {_written(seen)}",
            "",
            "",
            f"def {name_of(call, 'callback')}() -> None:",
            *(_refused(call.reason) if call.reason else _accepted(seen)),
            "",
        ]
    )


def _imports(seen: Evidence, *, refused: bool) -> Iterator[str]:
    if refused:
        yield "import pytest\n"
        yield "from oauthapp.callbacks.redirect.refusals import AnswerRefused"
    yield "from oauthapp.callbacks.redirect.verify import Evidence"
    if seen.pending:
        yield "from oauthapp.callbacks.redirect.verify import PendingLogin"
    yield "from oauthapp.callbacks.redirect.verify import believe"


def _written(known: Evidence | PendingLogin) -> str:
    """A dataclass as Python writes it, one field a line."""
    values = {one.name: getattr(known, one.name) for one in fields(known)}
    lines = (
        f"    {name}={'PENDING' if name == 'pending' else literal(value)},\n"
        for name, value in values.items()
    )
    return f"{type(known).__name__}(\n{''.join(lines)})"


def _refused(reason: str) -> Iterator[str]:
    yield "    with pytest.raises(AnswerRefused) as refused:"
    yield "        believe(SEEN)"
    yield ""
    yield f"    assert refused.value.code == {literal(reason)}"


def _accepted(seen: Evidence) -> Iterator[str]:
    yield f"    assert believe(SEEN).code == {literal(seen.get('code'))}"
