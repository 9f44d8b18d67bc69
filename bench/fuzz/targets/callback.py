"""The redirect callback: what a browser brings, as the route reads and judges it.

A letter: method, host and seconds since the login began; the headers; query or form.
`{state}` becomes the state of a login that is under way, `{other}` one of ours that is
not.
"""

from dataclasses import replace
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl

from werkzeug.exceptions import HTTPException

from bench.fuzz.targets.letters import Letter
from bench.fuzz.targets.letters import number
from bench.fuzz.targets.letters import opened
from oauthapp.callbacks.redirect import browser
from oauthapp.callbacks.redirect.refusals import AnswerRefused
from oauthapp.callbacks.redirect.verify import Evidence
from oauthapp.callbacks.redirect.verify import PendingLogin
from oauthapp.callbacks.redirect.verify import believe
from oauthapp.pages import make_flask
from oauthapp.parameters import repeated
from oauthapp.settings import AppSettings

KEY = "k" * 32
ISSUER = "https://op.example"
HOST = "localhost:5000"
NOW = 1_700_000_000.0
PENDING = PendingLogin(
    provider="demo",
    issuer=ISSUER,
    redirect_uri=f"http://{HOST}/callback/demo",
    nonce="the-nonce",
    code_verifier="the-verifier",
    browser_hash="hash-of-the-cookie",
    next="/here",
    created_at=NOW,
)
_SETTINGS = AppSettings(base_url=f"http://{HOST}", secret_key=KEY)
_FLASK = make_flask("fuzzed", party="app", secret_key=KEY, url=f"http://{HOST}")
_SIGNER = browser._signer(_SETTINGS, "state")
_STATE = _SIGNER.sign("s" * 43).decode()
_OTHER = _SIGNER.sign("o" * 43).decode()


def callback(raw: bytes) -> bool:
    """Whether the answer is believed."""
    letter = opened(raw)
    sent = letter.body.replace(b"{state}", _STATE.encode())
    sent = sent.replace(b"{other}", _OTHER.encode())
    method, host, later = (letter.about.split(" ") + ["", "", ""])[:3]
    request = _FLASK.request_class(_environ(method, sent, letter))
    try:
        read = request.form if method == "POST" else request.args
        parameters = tuple(read.items(multi=True))
    except HTTPException as refused:
        assert refused.code is not None and 400 <= refused.code < 500
        return False
    assert all(isinstance(one, str) for pair in parameters for one in pair)
    assert sum(len(name) + len(value) for name, value in parameters) <= 9 * len(sent)
    state = read.get("state", "")
    signed = "state" not in repeated(parameters) and browser.is_our_state(
        _SETTINGS, state
    )
    seen = Evidence(
        parameters=parameters,
        host=host,
        our_host=HOST,
        provider="demo",
        issuer=ISSUER,
        iss_promised=True,
        state_signed=signed,
        pending=PENDING if signed and state == _STATE else None,
        browser_hash=PENDING.browser_hash,
        now=NOW + number(later),
        login_ttl=600,
    )
    try:
        answer = believe(seen)
    except AnswerRefused as refused:
        told = refused.explain()
        assert len(f"{told.arrived}{told.expected}".encode(errors="replace")) < 4000
        return False
    assert answer.pending is PENDING
    assert host == HOST and 0 <= number(later) <= 600
    if method != "POST":
        _must_be_plain(sent, answer.code)
    _must_refuse_without(seen)
    return True


def _environ(method: str, sent: bytes, letter: Letter) -> dict[str, Any]:
    posted = method == "POST"
    types = [value for name, value in letter.headers if name.lower() == "content-type"]
    return {
        "REQUEST_METHOD": method,
        "QUERY_STRING": "" if posted else sent.decode("latin-1"),
        "CONTENT_TYPE": types[0] if types else "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(sent)) if posted else "0",
        "wsgi.input": BytesIO(sent if posted else b""),
    }


def _must_be_plain(sent: bytes, code: str) -> None:
    """One of each, and no error, as another reader reads the same query."""
    text = sent.decode("utf-8", "replace")
    pairs = parse_qsl(text, keep_blank_values=True, errors="replace")
    values = dict(pairs)
    assert len(values) == len(pairs) and "error" not in values
    assert values["state"] == _STATE and values["iss"] == ISSUER
    assert code and (values["code"] == code or "\ufffd" in values["code"])


def _must_refuse_without(seen: Evidence) -> None:
    """The same answer at another browser, or without the login, is not believed."""
    for spoilt in (
        replace(seen, browser_hash="hash-of-another"),
        replace(seen, pending=None),
        replace(seen, issuer="https://evil.example"),
    ):
        try:
            believe(spoilt)
        except AnswerRefused:
            continue
        raise AssertionError("a check is gone")
