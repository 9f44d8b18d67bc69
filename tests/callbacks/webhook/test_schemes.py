"""Is this message from them, whichever way they sign?"""

import base64
import hashlib
from dataclasses import replace

import pytest

from oauthapp.callbacks.webhook.schemes import SCHEMES
from oauthapp.callbacks.webhook.verify import CHECKS
from oauthapp.callbacks.webhook.verify import Verdict
from oauthapp.callbacks.webhook.verify import verify
from tests.callbacks.webhook.senders import BODY
from tests.callbacks.webhook.senders import GOOD
from tests.callbacks.webhook.senders import NOW
from tests.callbacks.webhook.senders import OTHER
from tests.callbacks.webhook.senders import OTHER_PRIVATE
from tests.callbacks.webhook.senders import OTHER_PUBLIC
from tests.callbacks.webhook.senders import OTHER_SYMMETRIC
from tests.callbacks.webhook.senders import PUBLIC
from tests.callbacks.webhook.senders import SHARED
from tests.callbacks.webhook.senders import SYMMETRIC
from tests.callbacks.webhook.senders import digest
from tests.callbacks.webhook.senders import github
from tests.callbacks.webhook.senders import slack
from tests.callbacks.webhook.senders import standard
from tests.callbacks.webhook.senders import stripe
from tests.callbacks.webhook.senders import v1
from tests.callbacks.webhook.senders import v1a

KINDS = list(GOOD)
TIMED = [kind for kind in KINDS if kind != "github"]
AHEAD = [kind for kind in TIMED if kind != "stripe"]
MAC = "a" * 64
EXACT = digest(SHARED.encode(), str(NOW), ".", BODY).hex()


def judged(kind: str, **changes: object) -> Verdict:
    one = replace(GOOD[kind], **changes)
    return verify(
        scheme=one.scheme,
        secrets=one.secrets,
        headers=one.headers,
        body=one.body,
        now=one.now,
    )


def without(kind: str, name: str) -> dict[str, str]:
    headers = dict(GOOD[kind].headers)
    del headers[name]
    return headers


IDS = {"stripe": "evt_1", "github": "guid-1", "slack": "Ev1"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_message_of_each_kind_is_believed(kind: str) -> None:
    verdict = judged(kind)
    at = None if kind == "github" else NOW
    assert (verdict.accepted, verdict.reason) == (True, "")
    assert verdict.message_id == IDS.get(kind, "msg_1")
    assert (verdict.timestamp, verdict.secret) == (at, 0)


def test_a_refused_message_has_no_id_time_or_secret() -> None:
    verdict = judged("standard", body=b"")
    assert (verdict.accepted, verdict.reason) == (False, "signature_mismatch")
    assert (verdict.message_id, verdict.timestamp, verdict.secret) == ("", None, None)


NEEDED = [(kind, name) for kind in KINDS for name in GOOD[kind].scheme.headers]


@pytest.mark.parametrize(("kind", "needed"), NEEDED)
@pytest.mark.parametrize("instead", [None, ""])
def test_a_header_that_is_missing_or_empty_is_missed(
    kind: str, needed: str, instead: str | None
) -> None:
    (name,) = (name for name in GOOD[kind].headers if name.lower() == needed)
    headers = without(kind, name) | ({} if instead is None else {name: instead})
    assert judged(kind, headers=headers).reason == "header_missing"


SPOILT = {
    "github, id with a dot": ("message_id_malformed", github(id="guid.1")),
    "github, id with a space": ("message_id_malformed", github(id="guid 1")),
    "stripe, no time": ("timestamp_malformed", f"v1={EXACT}"),
    "stripe, two times": ("timestamp_malformed", f"t={NOW},t={NOW},v1={EXACT}"),
    "stripe, another time too": ("timestamp_malformed", f"t={NOW},t=1,v1={EXACT}"),
    "stripe, fraction": ("timestamp_malformed", stripe(at=f"{NOW}.0")),
    "stripe, sign": ("timestamp_malformed", stripe(at=f"+{NOW}")),
    "stripe, other digits": ("timestamp_malformed", stripe(at="١٧٠٠٠٠٠٠٠٠")),
    "stripe, time in capitals": ("timestamp_malformed", f"T={NOW},v1={EXACT}"),
    "slack, space": ("timestamp_malformed", slack(at=f" {NOW}")),
    "slack, line break": ("timestamp_malformed", slack(at=f"{NOW}\n")),
    "slack, endless digits": ("timestamp_malformed", slack(at="1" * 5000)),
    "stripe, time alone": ("signature_malformed", f"t={NOW}"),
    "github, no version": ("signature_malformed", MAC),
    "slack, no version": ("signature_malformed", MAC),
    "stripe, base64": ("signature_malformed", f"t={NOW},{v1().replace(',', '=')}"),
    "stripe, capitals": ("signature_malformed", f"t={NOW},v1={EXACT.upper()}"),
    "stripe, cut off": ("signature_malformed", f"t={NOW},v1={EXACT[:-1]}"),
    "github, base64": ("signature_malformed", "sha256=" + "a" * 43 + "="),
    "github, a comma after": ("signature_malformed", f"sha256={MAC},"),
    "slack, other digits": ("signature_malformed", "v0=" + "١" * 64),
    "slack, line break after": ("signature_malformed", f"v0={MAC}\n"),
    "public key, short": ("signature_malformed", standard("v1a," + "a" * 44)),
    "public key, not padded": ("signature_malformed", standard(v1a()[:-2])),
    "stripe, test mode": ("signature_version_unknown", f"t={NOW},v0={EXACT}"),
    "stripe, name in capitals": ("signature_version_unknown", f"t={NOW},V1={EXACT}"),
    "stripe, a space before": ("signature_version_unknown", f"t={NOW}, v1={EXACT}"),
    "github, SHA-1": ("signature_version_unknown", "sha1=" + "a" * 40),
    "slack, v1": ("signature_version_unknown", f"v1={MAC}"),
    "standard, for a public key": ("signature_version_unknown", standard(v1a())),
    "public key, for a secret": ("signature_version_unknown", standard()),
    "stripe, another secret": ("signature_mismatch", stripe(OTHER)),
    "github, another secret": ("signature_mismatch", github(OTHER)),
    "slack, another secret": ("signature_mismatch", slack(OTHER)),
    "public key, another": ("signature_mismatch", standard(v1a(OTHER_PRIVATE))),
    "stripe, another time": ("signature_mismatch", f"t={NOW + 1},v1={EXACT}"),
    "stripe, as GitHub signs": (
        "signature_mismatch",
        f"t={NOW},v1={github()['X-Hub-Signature-256'][7:]}",
    ),
    "slack, as Stripe signs": ("signature_mismatch", f"v0={EXACT}"),
    "public key, another id": ("signature_mismatch", standard(v1a(), id="msg_2")),
}


def spoilt(way: str) -> Verdict:
    _reason, headers = SPOILT[way]
    (kind,) = (one for one in KINDS if way.split(",")[0] in (one, one[10:]))
    name = list(GOOD[kind].headers)[-1]
    if isinstance(
        headers, str
    ):  # all but what stands in the signature's header is good
        headers = {**GOOD[kind].headers, name: headers}
    return judged(kind, headers=headers)


@pytest.mark.parametrize("way", SPOILT)
def test_a_message_spoilt_in_one_place_is_refused(way: str) -> None:
    assert spoilt(way).reason == SPOILT[way][0]


@pytest.mark.parametrize("kind", TIMED)
def test_300_seconds_after_the_fact_are_accepted_and_301_are_not(kind: str) -> None:
    assert judged(kind, now=NOW + 300).accepted
    assert judged(kind, now=NOW + 301).reason == "timestamp_too_old"


@pytest.mark.parametrize("kind", AHEAD)
def test_300_seconds_ahead_are_accepted_and_301_are_not(kind: str) -> None:
    assert judged(kind, now=NOW - 300).accepted
    assert judged(kind, now=NOW - 301).reason == "timestamp_in_future"


def test_stripe_looks_backwards_only_and_github_says_no_time() -> None:
    assert judged("stripe", now=0).accepted
    assert judged("github", now=0).accepted
    assert judged("github", now=NOW * 2).accepted


def test_every_check_has_a_case_of_its_own() -> None:
    cases = {reason for reason, _headers in SPOILT.values()}
    cases |= {"header_missing", "timestamp_too_old", "timestamp_in_future"}
    assert {refusal.code for _holds, refusal in CHECKS} == cases


@pytest.mark.parametrize("kind", KINDS)
def test_a_body_with_one_byte_altered_is_refused(kind: str) -> None:
    reasons = []
    for place in range(len(BODY)):
        altered = bytearray(BODY)
        altered[place] ^= 1
        reasons.append(judged(kind, body=bytes(altered)).reason)
    assert reasons == ["signature_mismatch"] * len(BODY)


@pytest.mark.parametrize(
    ("kind", "secrets"),
    [
        ("standard", [OTHER_SYMMETRIC, PUBLIC, SYMMETRIC]),
        ("standard, public key", [SYMMETRIC, OTHER_PUBLIC, PUBLIC]),
        ("stripe", ["", OTHER, SHARED]),
        ("github", [OTHER, "\ud800", SHARED]),
        ("slack", [OTHER, OTHER, SHARED]),
    ],
)
def test_the_verdict_says_which_secret_fitted(kind: str, secrets: list[str]) -> None:
    assert judged(kind, secrets=secrets).secret == 2


@pytest.mark.parametrize("secrets", [[], [""], ["\ud800"], ["whpk_"], ["whsk_"]])
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_secret_believes_nobody(kind: str, secrets: list[str]) -> None:
    assert not judged(kind, secrets=secrets).accepted


def test_one_message_may_be_signed_both_ways() -> None:
    both = standard(f"{v1()} {v1a()}")
    assert judged("standard", headers=both).accepted
    assert judged("standard, public key", headers=both).accepted


def test_stripe_may_sign_with_two_secrets() -> None:
    old = digest(OTHER.encode(), str(NOW), ".", BODY).hex()
    for several in (f"v1={EXACT},v1={old}", f"v1={old},v1={EXACT},v2=x,nothing"):
        headers = {"Stripe-Signature": f"t={NOW},{several}"}
        assert judged("stripe", headers=headers).accepted


def test_an_ed25519_signature_has_one_spelling() -> None:
    # The last letter before the padding stands for two bits and four that are unused.
    good = v1a()
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    spelled = {f"{good[:-3]}{letter}==" for letter in letters}
    same = [
        one
        for one in spelled
        if base64.b64decode(one[4:]) == base64.b64decode(good[4:])
    ]
    believed = [one for one in same if judged_alone(one).accepted]
    assert (len(same), believed) == (16, [good])


def judged_alone(signature: str) -> Verdict:
    return judged("standard, public key", headers=standard(signature))


def test_a_flood_of_signatures_is_not_looked_at() -> None:
    wrong = [v1(OTHER_SYMMETRIC)] * 31
    assert judged("standard", headers=standard(" ".join([*wrong, v1()]))).accepted
    flood = standard(" ".join([*wrong, wrong[0], v1()]))
    assert judged("standard", headers=flood).reason == "signature_mismatch"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hello",
        b"[]",
        b"{}",
        b'{"id":7,"event_id":null}',
        b'{"id":"","event_id":""}',
        b'{"id":"a b","event_id":"a.b"}',
        b'{"id":"\\ud800","event_id":"\xff"}',
        b'{"id":"a","event_id":"b","x":' + b"[" * 100_000,
    ],
)
def test_a_body_that_says_no_id_is_known_by_the_bytes_that_were_signed(body) -> None:
    of_stripe = judged("stripe", headers=stripe(body=body), body=body)
    assert of_stripe.message_id == hashlib.sha256(b"%d." % NOW + body).hexdigest()
    of_slack = judged("slack", headers=slack(body=body), body=body)
    assert of_slack.message_id == hashlib.sha256(b"v0:%d:" % NOW + body).hexdigest()


#: id, time and type of an event: the headers that say them, then what else does.
BESIDE = {
    "standard": ("webhook-id", "webhook-timestamp", "", "", ""),
    "stripe": ("", "", "", "id", "t"),
    "github": ("x-github-delivery", "", "x-github-event", "", ""),
    "slack": ("", "x-slack-request-timestamp", "", "event_id", ""),
}


@pytest.mark.parametrize("name", BESIDE)
def test_what_a_sender_does_not_have_is_empty(name: str) -> None:
    one = SCHEMES[name]
    headers = one.id_header, one.timestamp_header, one.type_header
    assert (*headers, one.id_member, one.timestamp_item) == BESIDE[name]
    assert one.between_signatures == {"standard": " ", "stripe": ","}.get(name, "")
    assert one.envelope is (name == "standard")


def test_only_github_says_the_type_of_an_event_in_a_header() -> None:
    said = {kind: GOOD[kind].event_type for kind in KINDS}
    assert said == {**dict.fromkeys(KINDS), "github": "push"}


def test_a_header_without_a_name_says_nothing() -> None:
    headers = {**GOOD["stripe"].headers, "": "another"}
    assert judged("stripe", headers=headers).message_id == "evt_1"


def test_each_scheme_has_its_name() -> None:
    assert list(SCHEMES) == ["standard", "stripe", "github", "slack"]


def reasons() -> list[str]:
    """What becomes of each message that is spoilt, also in its time."""
    found = [spoilt(way).reason for way in SPOILT]
    found += [judged(kind, now=NOW + 301).reason for kind in TIMED]
    found += [judged(kind, now=NOW - 301).reason for kind in AHEAD]
    return [*found, *(judged(kind, headers={}).reason for kind in KINDS)]


@pytest.mark.parametrize("row", range(len(CHECKS)))
def test_without_any_one_check_something_spoilt_gets_another_answer(
    row: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = reasons()
    rest = [*CHECKS[:row], *CHECKS[row + 1 :]]
    monkeypatch.setattr("oauthapp.callbacks.webhook.verify.CHECKS", rest)
    try:
        assert reasons() != right
    except (IndexError, ValueError):
        pass  # nothing was left to stop what cannot be used
