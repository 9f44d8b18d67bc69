"""The written tests are run: green as they are, red once their check is removed."""

import ast
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

import oauthapp
from oauthapp.callbacks.redirect import verify as redirect
from oauthapp.callbacks.webhook import verify as webhook
from oauthapp.recorder.call import Call
from oauthapp.recorder.exports.pytest_case import pytest_case
from oauthapp.recorder.exports.refusals import NoTestPossible
from oauthapp.recorder.observation import redacted
from tests.callbacks.webhook import senders
from tests.callbacks.webhook.senders import BODY
from tests.callbacks.webhook.senders import NOW
from tests.recorder.calls import CALLBACK
from tests.recorder.exports.sample import GOOD
from tests.recorder.exports.sample import TRICKS
from tests.recorder.exports.sample import calls

ROOT = Path(oauthapp.__file__).parents[1]

EARLY, LATE = str(NOW - 301), str(NOW + 301)
#: Source → check → headers that it refuses, all others being content.
SPOILT: Mapping[str, Mapping[str, dict[str, str]]] = {
    "standard": {
        "all_headers_are_there": {"webhook-id": "msg_1"},
        "message_id_is_well_formed": senders.standard(id="msg.1"),
        "timestamp_is_in_whole_seconds": senders.standard(at="1e9"),
        "signatures_are_a_list": senders.standard("c2ln"),
        "a_signature_is_of_our_version": senders.standard(senders.v1a()),
        "a_signature_is_readable": senders.standard("v1,c2ln"),
        "a_signature_is_theirs": senders.standard(senders.v1(senders.OTHER_SYMMETRIC)),
        "signed_not_long_ago": senders.standard(at=EARLY),
        "signed_not_in_the_future": senders.standard(at=LATE),
    },
    "public": {
        "a_signature_is_of_our_version": senders.standard(senders.v1()),
        "a_signature_is_readable": senders.standard("v1a,c2ln"),
        "a_signature_is_theirs": senders.standard(senders.v1a(senders.OTHER_PRIVATE)),
        "signed_not_long_ago": senders.standard(senders.v1a(at=EARLY), at=EARLY),
        "signed_not_in_the_future": senders.standard(senders.v1a(at=LATE), at=LATE),
    },
    "stripe": {
        "all_headers_are_there": {},
        "timestamp_is_in_whole_seconds": senders.stripe(at="1.5"),
        "signatures_are_a_list": {"Stripe-Signature": f"t={NOW}"},
        "a_signature_is_of_our_version": {"Stripe-Signature": f"t={NOW},v0=00"},
        "a_signature_is_readable": {"Stripe-Signature": f"t={NOW},v1=00"},
        "a_signature_is_theirs": senders.stripe(senders.OTHER),
        "signed_not_long_ago": senders.stripe(at=EARLY),
    },
    "github": {
        "all_headers_are_there": {"X-GitHub-Delivery": "guid-1"},
        "message_id_is_well_formed": senders.github(id="a.b"),
        "signatures_are_a_list": senders.github() | {"X-Hub-Signature-256": "00"},
        "a_signature_is_of_our_version": senders.github()
        | {"X-Hub-Signature-256": "sha1=00"},
        "a_signature_is_readable": senders.github()
        | {"X-Hub-Signature-256": "sha256=00"},
        "a_signature_is_theirs": senders.github(senders.OTHER),
    },
    "slack": {
        "all_headers_are_there": {"X-Slack-Request-Timestamp": str(NOW)},
        "timestamp_is_in_whole_seconds": senders.slack(at="now"),
        "signatures_are_a_list": senders.slack() | {"X-Slack-Signature": "00"},
        "a_signature_is_of_our_version": senders.slack()
        | {"X-Slack-Signature": "v1=00"},
        "a_signature_is_readable": senders.slack() | {"X-Slack-Signature": "v0=00"},
        "a_signature_is_theirs": senders.slack(senders.OTHER),
        "signed_not_long_ago": senders.slack(at=EARLY),
        "signed_not_in_the_future": senders.slack(at=LATE),
    },
}
GOOD_HEADERS = {
    "standard": senders.standard(),
    "public": senders.standard(senders.v1a()),
    "stripe": senders.stripe(),
    "github": senders.github(),
    "slack": senders.slack(),
}
#: What is signed and yet not quite as it should be.
BODIES = {
    "secret_body": b'{"type": "t", "timestamp": "", "data": {"code": "secret"}}',
    "other_schema": b'{"type": 1}',
}
MESSAGE = ("Webhook-Id", "Webhook-Timestamp", "Webhook-Signature")

ISS = "iss=http%3A%2F%2F127.0.0.1%3A5001"
#: Check of a redirect callback → the query that came.
QUERIES = {
    "it_came_to_our_host": f"code=c&state=s&{ISS}",
    "no_parameter_came_twice": "code=c&state=s&state=t",
    "state_came": f"code=c&{ISS}",
    "state_is_signed_by_us": "code=c&state=s",
    "state_was_pending": "code=c&state=s",
    "state_is_this_browsers": "code=c&state=s",
    "state_is_for_this_provider": "code=c&state=s",
    "login_is_recent": "code=c&state=s",
    "issuer_is_named_where_promised": "code=c&state=s",
    "issuer_is_the_one_we_asked": f"code=c&state=s&{ISS}",
    "provider_said_yes": f"error=access_denied&state=s&{ISS}",
    "code_came": f"state=s&{ISS}",
}


@dataclass(frozen=True, kw_only=True)
class Written:
    """A test that was written, and the check that decided the call."""

    text: str
    check: str = ""


def sent(
    app: Flask, heard: list[Call], source: str, headers: object, body: bytes = BODY
) -> Call:
    """The record of a message to that source."""
    app.test_client().post(
        f"/webhooks/{source}",
        data=body,
        headers=headers,  # type: ignore[arg-type]
        content_type="application/json",
    )
    return heard[-1]


def came(check: str, **changed: object) -> Call:
    """A callback that this check refused."""
    reason = next(r.code for c, r in redirect.CHECKS if c.__name__ == check)
    url = f"http://localhost:5000/callback/demo?{QUERIES[check]}"
    spoilt = replace(CALLBACK, url=url, verdict="refused", reason=reason)
    return redacted(replace(spoilt, **changed), b"key")  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def written(app: Flask, heard: list[Call]) -> dict[str, Written]:
    """By the name of the file."""
    tests: dict[str, Written] = {}
    for source, spoilt in SPOILT.items():
        for check, headers in spoilt.items():
            call = sent(app, heard, source, headers)
            reason = next(r.code for c, r in webhook.CHECKS if c.__name__ == check)
            assert call.reason == reason, (source, check)
            scheme = {"public": "standard"}.get(source, source)
            name = f"test_{source}_{check}.py"
            tests[name] = Written(text=pytest_case(call, scheme), check=check)
        for turn in ("first", "again"):
            call = sent(app, heard, source, GOOD_HEADERS[source])
            assert (call.verdict, call.reason) == (
                ("accepted", "" if turn == "first" else "duplicate")
            )
            tests[f"test_{source}_{turn}.py"] = Written(text=pytest_case(call))
    for name, body in BODIES.items():
        headers = senders.standard(senders.v1(id=name, body=body), id=name)
        call = sent(app, heard, "standard", headers, body)
        tests[f"test_{name}.py"] = Written(text=pytest_case(call))
    assert heard[-1].reason == "event_malformed"
    for check, _refusal in redirect.CHECKS:
        check = check.__name__
        text = pytest_case(came(check))
        tests[f"test_redirect_{check}.py"] = Written(text=text, check=check)
    good = redacted(CALLBACK, b"key")
    tests["test_redirect.py"] = Written(text=pytest_case(good))
    return tests


REMOVING = """
import json
from pathlib import Path
import pytest
from oauthapp.callbacks.redirect import verify as redirect
from oauthapp.callbacks.webhook import verify as webhook

CHECKS = json.loads((Path(__file__).parent / "checks.json").read_text())

@pytest.fixture(autouse=True)
def without_the_check(request, monkeypatch):
    name = CHECKS[request.path.name]
    for module in (redirect, webhook):
        left = [one for one in module.CHECKS if one[0].__name__ != name]
        monkeypatch.setattr(module, "CHECKS", left)
"""


def outcomes(folder: Path, tests: Mapping[str, Written]) -> dict[str, bool]:
    """Whether each of these tests is green, run by pytest on its own."""
    for name, one in tests.items():
        (folder / name).write_text(one.text)
    report = folder / "report.xml"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        + ["-W", "error", f"--rootdir={folder}", f"--junitxml={report}", "."],
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PYTEST_ADDOPTS": "",
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        },
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode in (0, 1), done.stdout
    cases = ElementTree.parse(report).getroot().iter("testcase")
    return {f"{one.attrib['classname']}.py": len(one) == 0 for one in cases}


def test_as_written_every_test_is_green(
    written: dict[str, Written], tmp_path: Path
) -> None:
    found = outcomes(tmp_path, written)

    assert found == dict.fromkeys(written, True)


def test_without_the_check_that_decided_every_test_is_red(
    written: dict[str, Written], tmp_path: Path
) -> None:
    decided = {name: one for name, one in written.items() if one.check}
    checks = {name: one.check for name, one in decided.items()}
    (tmp_path / "checks.json").write_text(json.dumps(checks))
    (tmp_path / "conftest.py").write_text(REMOVING)

    assert outcomes(tmp_path, decided) == dict.fromkeys(decided, False)


def test_every_check_has_a_call() -> None:
    names = [check.__name__ for check, _refusal in webhook.CHECKS]

    assert list(SPOILT["standard"]) == names
    assert list(QUERIES) == [check.__name__ for check, _refusal in redirect.CHECKS]


def test_no_secret_of_ours_is_written(written: dict[str, Written]) -> None:
    for one in written.values():
        for secret in (senders.SYMMETRIC, senders.SHARED, senders.PUBLIC, "the-code"):
            assert secret not in one.text


def test_a_body_that_was_not_kept_has_another_one_in_its_stead(
    written: dict[str, Written],
) -> None:
    stands_in = "another one stands in for it"

    assert stands_in in written["test_secret_body.py"].text
    assert stands_in not in written["test_other_schema.py"].text


def test_a_form_post_is_a_test_as_well() -> None:
    form = ("Content-Type", "application/x-www-form-urlencoded")
    body = f"code=c&state=s&{ISS}".encode()
    call = replace(
        CALLBACK,
        method="POST",
        url="http://localhost:5000/callback/demo",
        request_headers=(form,),
        request_body=body,
    )

    assert "('state', '[state " in pytest_case(redacted(call, b"key"))


@pytest.mark.parametrize(
    ("changed", "because"),
    [
        ({"party": "provider"}, "a call that the provider answered"),
        ({"direction": "outbound"}, "a call that the app made"),
        ({"url": "http://localhost:5000/me"}, "a call to another address"),
        ({"verdict": "refused", "reason": "not_json"}, "refused, not_json"),
        ({"verdict": "", "reason": ""}, "no verdict, no reason"),
        ({"method": "OPTIONS"}, "no signature of a scheme"),
        ({"request_headers": ()}, "no signature of a scheme"),
        (
            {
                "verdict": "refused",
                "reason": "event_malformed",
                "request_body": "[unreadable JSON 0123456789ab, 9 characters]",
            },
            "a body that was not kept",
        ),
        (
            {"verdict": "refused", "reason": "timestamp_too_old", "at": NOW},
            "made anew it is",
        ),
        (
            {
                "url": "http://localhost:5000/callback/demo",
                "verdict": "refused",
                "reason": "code_refused",
            },
            "refused, code_refused",
        ),
        (
            {
                "url": "http://localhost:5000/callback/demo?state=s",
                "method": "GET",
                "verdict": "refused",
                "reason": "iss_mismatch",
            },
            "made anew it is code_missing",
        ),
    ],
    ids=range(11),
)
def test_what_cannot_be_a_test_is_refused_and_says_why(
    changed: dict[str, object], because: str
) -> None:
    headers = tuple(senders.standard().items())
    call = replace(GOOD, request_headers=headers, at=float(NOW))

    with pytest.raises(NoTestPossible) as refused:
        pytest_case(replace(call, **changed))  # type: ignore[arg-type]

    assert refused.value.arrived.startswith(because)


def test_a_source_says_how_it_signs_also_where_no_header_does() -> None:
    call = replace(GOOD, verdict="refused", reason="header_missing", request_headers=())

    assert "SCHEMES['slack']" in pytest_case(call, "slack")


@pytest.mark.parametrize("trick", TRICKS, ids=range(len(TRICKS)))
@pytest.mark.parametrize("where", ["url", "request_body", "request_headers", "method"])
def test_no_trick_becomes_code(where: str, trick: str) -> None:
    changed: dict[str, object] = {where: trick}
    if where == "url":
        changed = {
            "url": f"http://localhost:5000/callback/{trick}?state={trick}&code=c"
        }
    if where == "request_headers":
        headers = [(name, trick) for name in MESSAGE]
        changed = {"request_headers": tuple(headers)}
    call = replace(GOOD, reason="", **changed)  # type: ignore[arg-type]
    for reason in ("", "signature_mismatch", "signature_malformed", "state_unknown"):
        verdict = "refused" if reason else "accepted"
        require_harmless(replace(call, reason=reason, verdict=verdict))  # type: ignore[arg-type]


paths = st.sampled_from(["/webhooks/x", "/callback/x"])


@given(calls, paths, st.sampled_from(["", "standard", "stripe", "github", "slack"]))
@settings(max_examples=150, deadline=None)
def test_whatever_comes_a_test_is_written_or_refused(
    call: Call, path: str, scheme: str
) -> None:
    url = f"http://localhost:5000{path}?{call.url}"
    call = replace(call, url=url, method="POST", party="app", direction="inbound")
    require_harmless(call, scheme)


def require_harmless(call: Call, scheme: str = "") -> None:
    """The text is imports, plain values, one signing and one function."""
    try:
        text = pytest_case(call, scheme)
    except NoTestPossible:
        return
    assert text.isascii()
    assert text.replace("\n", "").isprintable()
    *head, function = ast.parse(text).body
    assert isinstance(function, ast.FunctionDef)
    for one in head:
        assert isinstance(one, ast.Expr | ast.ImportFrom | ast.Import | ast.Assign)
        called = {
            ast.unparse(inner.func)
            for inner in ast.walk(one)
            if isinstance(inner, ast.Call)
        }
        assert called <= {"signed_headers", "Evidence", "PendingLogin"}
