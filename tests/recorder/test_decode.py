"""A call taken apart."""

import base64
import json
import re
from dataclasses import replace

import pytest
from hypothesis import given

from oauthapp.callbacks.webhook.evidence import Evidence
from oauthapp.recorder.call import Call
from oauthapp.recorder.call import Headers
from oauthapp.recorder.decode import View
from oauthapp.recorder.decode import views
from oauthapp.recorder.observation import redacted
from tests.callbacks.webhook.senders import GOOD as MESSAGES
from tests.callbacks.webhook.senders import NOW
from tests.recorder.calls import TOKEN
from tests.recorder.exports.sample import GOOD
from tests.recorder.exports.sample import calls

FORM = (("Content-Type", "application/x-www-form-urlencoded"),)


def view(call: Call, title: str) -> View:
    """The one view whose title begins so."""
    (found,) = [one for one in views(call) if one.title.startswith(title)]
    return found


def titles(call: Call) -> list[str]:
    return [one.title for one in views(call)]


def test_query_form_and_cookies_are_pairs() -> None:
    call = replace(
        GOOD,
        url="http://localhost:5000/x?a=%31",
        request_headers=(*FORM, ("Cookie", "sid=[cookie 0123456789ab]")),
        request_body="b=x+y",
        answer_headers=(("Set-Cookie", "a=b; Path=/; HttpOnly"),),
    )

    assert view(call, "Query").rows == (("a", "1"),)
    assert view(call, "Form").rows == (("b", "x y"),)
    assert view(call, "Cookies sent").rows == (("sid", "[cookie 0123456789ab]"),)
    assert view(call, "Cookies set").rows == (("a", "b; Path=/; HttpOnly"),)


def test_json_is_laid_out() -> None:
    call = replace(GOOD, request_body='{"b":[1,"é"]}', answer_body="[]")

    assert view(call, "The request’s JSON").text == (
        '{\n  "b": [\n    1,\n    "é"\n  ]\n}'
    )
    assert view(call, "The answer’s JSON").text == "[]"


@pytest.mark.parametrize(
    "body", ["", "text", '{"a"', "[text/html, 9 bytes]", "[" * 900 + "]" * 900, "12"]
)
def test_what_is_no_json_or_too_deep_is_not_laid_out(body: str) -> None:
    assert "The request’s JSON" not in titles(replace(GOOD, request_body=body))


def test_a_token_says_what_it_says_and_how_old_it_is() -> None:
    header, claims = {"alg": "RS256", "kid": "k"}, {"sub": "alice", "exp": 400}
    parts = [json.dumps(one).encode() for one in (header, claims)]
    token = ".".join(base64.urlsafe_b64encode(one).decode().strip("=") for one in parts)
    answer = json.dumps({"id_token": f"{token}.c2lnbmF0dXJl"}).encode()
    heard = replace(
        TOKEN,
        at=100.0,
        answer_headers=(("Content-Type", "application/json"),),
        answer_body=answer,
    )

    seen = view(redacted(heard, b"key"), "JWT: id_token in the answer’s body")

    assert json.loads(seen.text) == {"header": header, "claims": claims}
    assert seen.rows == (("exp", "1970-01-01 00:06:40+00:00, 300 s after this call"),)
    assert "c2lnbmF0dXJl" not in str(views(redacted(heard, b"key")))
    body = view(redacted(heard, b"key"), "The answer’s JSON").text
    assert re.fullmatch(r'{\n  "id_token": "\[id_token [0-9a-f]{12}\]"\n}', body)


def test_a_mask_that_a_stranger_wrote_is_no_token() -> None:
    call = replace(GOOD, request_body="[x 0123456789ab eyJh.eyJp]")

    assert titles(call) == ["Query parameters", "Cookies set by the answer"]


def test_no_more_tokens_are_shown_than_a_call_has() -> None:
    empty = base64.urlsafe_b64encode(b"{}").decode().strip("=")
    body = f"[x 0123456789ab {empty}.{empty}]" * 100

    assert len(titles(replace(GOOD, request_body=body))) == 8 + 2


def came(evidence: Evidence, **changed: object) -> Call:
    headers: Headers = tuple(evidence.headers.items())
    body = evidence.body.decode()
    call = replace(GOOD, request_headers=headers, request_body=body, at=float(NOW + 5))
    return replace(call, **changed)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", MESSAGES)
def test_what_a_signature_is_over_is_shown_byte_for_byte(kind: str) -> None:
    evidence = MESSAGES[kind]
    seen = view(came(evidence), "What the signature is over")

    assert seen.text.encode() == evidence.signed
    assert [name for name, _value in seen.rows if name.startswith("Signature")]
    assert evidence.scheme.expected["signature_mismatch"] in seen.says


def test_a_signature_says_when_it_was_made() -> None:
    rows = dict(view(came(MESSAGES["standard"]), "What the signature").rows)

    assert rows["Message id"] == "msg_1"
    assert rows["Signed at"] == f"{NOW}, 5 s before this call"


def test_what_was_expected_is_what_the_reason_is_about() -> None:
    call = came(MESSAGES["standard"], reason="message_id_malformed")

    assert "without" in view(call, "What the signature").says


def test_of_a_body_that_was_not_kept_the_signed_bytes_are_not_known() -> None:
    call = came(MESSAGES["slack"], request_body="[image/png, 3 bytes]")
    seen = view(call, "What the signature")

    assert seen.text == ""
    assert "not kept" in seen.says


@given(calls)
def test_whatever_a_call_holds_it_can_be_taken_apart(call: Call) -> None:
    for one in views(call):
        texts = [one.title, *(text for row in one.rows for text in row)]
        assert "".join(texts).isprintable()
        assert one.text.replace("\n", "").replace("\t", "").isprintable()
