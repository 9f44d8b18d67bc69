"""The list of calls, one call, and both as JSON."""

import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy import text

from oauthapp.recorder import search_store
from oauthapp.recorder.inbound import BODY_LIMIT
from oauthapp.recorder.store import Recorder
from tests.recorder.calls import CALLBACK
from tests.recorder.calls import CODE
from tests.recorder.calls import DELIVERY
from tests.recorder.calls import GOOD
from tests.recorder.calls import JSON
from tests.recorder.calls import LOGIN
from tests.recorder.calls import MESSAGE
from tests.recorder.calls import RUN
from tests.recorder.calls import SID
from tests.recorder.calls import STATE
from tests.recorder.calls import WEBHOOK

#: What our own answer to a message of theirs says.
STALE = b'{"error": {"arrived": "signed 301 s ago", "expected": "at most 300 s"}}'


@pytest.fixture
def login(recorder: Recorder) -> None:
    for one in RUN:
        recorder.keep(one)


def shown(client: FlaskClient, path: str) -> str:
    answer = client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def ids(page: str) -> list[str]:
    return re.findall(r'<a href="/inspect/([^"/]+)"><code>', page)


def test_before_the_first_call_the_list_says_so(client: FlaskClient) -> None:
    assert "No call has been recorded yet." in shown(client, "/inspect")
    assert "No call fits." in shown(client, "/inspect?kind=webhook")


@pytest.mark.usefixtures("login")
def test_the_list_shows_every_record_newest_first(client: FlaskClient) -> None:
    assert ids(shown(client, "/inspect")) == [one.id for one in reversed(RUN)]


@pytest.mark.usefixtures("login")
def test_what_was_asked_for_stays_in_the_form(client: FlaskClient) -> None:
    page = shown(
        client, "/inspect?kind=webhook&path=/webhooks&text=%22%3E&since=1&status=2xx"
    )

    assert "<option selected>webhook</option>" in page
    for name, value in (("path", "/webhooks"), ("text", "&#34;&gt;")):
        assert re.search(rf'name="{name}" type="text" value="{value}"', page)
    assert re.search(
        r'name="since" type="datetime-local" value="19\d\d-\d\d-\d\dT', page
    )


@pytest.mark.usefixtures("login")
def test_pages_lead_on_and_keep_what_was_asked_for(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_store, "PAGE", 1)

    first = shown(client, "/inspect?kind=webhook")
    [older] = re.findall(r'<a href="([^"]+)" rel="next">Older calls', first)
    second = shown(client, older.replace("&amp;", "&"))
    [newer] = re.findall(r'<a href="([^"]+)" rel="prev">Newer calls', second)

    assert "Newer calls" not in first and "Older calls" not in second
    assert ids(first) == ["webhook-sent"]
    assert ids(second) == ["webhook"]
    assert ids(shown(client, newer.replace("&amp;", "&"))) == ["webhook-sent"]


@pytest.mark.usefixtures("login")
def test_a_search_that_stopped_says_where(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_store, "LOOK", 4)

    page = shown(client, "/inspect?text=well-known")

    assert "Looked into 4 calls that might fit; none of them did." in page
    assert "Look on among older calls" in page
    assert "No call fits." not in page


@pytest.mark.usefixtures("login")
def test_whoever_knows_a_whole_secret_finds_every_call_with_it(
    client: FlaskClient, recorder: Recorder
) -> None:
    page = shown(client, f"/inspect?text={STATE}")
    link = recorder.link("state", STATE)

    assert f'<a href="/inspect?link={link}">all calls that carried it' in page
    carried = ids(shown(client, f"/inspect?link={link}"))
    assert carried == ["callback", "consent", "authorize", "login"]
    assert STATE not in shown(client, f"/inspect?link={link}")


def test_what_cannot_be_asked_for_is_said_with_what_can(client: FlaskClient) -> None:
    answer = client.get("/inspect?status=abc", headers={"Accept": "text/html"})

    assert answer.status_code == 400
    assert "filter_unusable" in answer.text
    assert "a class such as 4xx" in answer.text
    assert client.get("/inspect.json?before=x").json["error"]["code"] == (
        "filter_unusable"
    )


@pytest.mark.usefixtures("login")
def test_the_list_as_json_has_the_same_filters_and_pages(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_store, "PAGE", 1)

    told = client.get("/inspect.json?kind=webhook").json
    assert told is not None
    assert [one["id"] for one in told["calls"]] == ["webhook-sent"]
    assert (told["newer"], told["looked_into"], told["known_as"]) == (None, None, [])
    assert [one["id"] for one in client.get(told["older"]).json["calls"]] == ["webhook"]


@pytest.mark.usefixtures("login")
def test_a_call_is_shown_as_both_parties_saw_it(client: FlaskClient) -> None:
    for call_id in ("webhook", "webhook-sent"):
        page = shown(client, f"/inspect/{call_id}")
        assert "The call as the app answered it" in page
        assert "The call as the provider sent it" in page
        assert "The caller looks like a server, because it carries webhook-id" in page
        assert page.count("session.created") >= 2
        assert page.count("<dt>Webhook-Signature</dt>") == 2


def test_a_call_that_only_its_sender_heard_is_ours(
    client: FlaskClient, recorder: Recorder
) -> None:
    recorder.keep(DELIVERY)

    page = shown(client, "/inspect/webhook-sent")

    assert "We did: the provider sent it" in page
    assert "Nobody judged it" in page


@pytest.mark.usefixtures("login")
def test_headers_stay_in_the_order_in_which_they_came(client: FlaskClient) -> None:
    page = shown(client, "/inspect/webhook")

    names = re.findall(r"<dt>([A-Z][\w-]+)</dt><dd>", page)
    expected = [name for name, _value in WEBHOOK.request_headers]
    at = names.index(expected[0])
    assert names[at : at + len(expected)] == expected


@pytest.mark.usefixtures("login")
def test_its_neighbours_are_linked_and_what_it_shares_with_them(
    client: FlaskClient, recorder: Recorder
) -> None:
    page = shown(client, "/inspect/callback")

    run = page.partition('id="run"')[2]
    assert ids(run) == "login discovery authorize consent token webhook".split()
    assert "(this call)" in run
    shared = page.partition('id="shared"')[2].partition("</section>")[0]
    code = recorder.link("code", CODE)
    same_code = shared.partition(code.partition(":")[2])[2].partition("</dd>")[0]
    assert ids(same_code) == ["consent", "token"]
    assert f"/inspect?link={code}" in same_code


@pytest.mark.usefixtures("login")
def test_an_accepted_call_shows_which_checks_held(client: FlaskClient) -> None:
    why = shown(client, "/inspect/callback").partition('id="why"')[2]

    assert why.startswith(">Why it was accepted")
    assert '<span class="says">state is this browsers</span>' in why
    assert '<span class="says">nonce is ours</span>' in why
    assert "failed" not in why.partition("</section>")[0]


def test_a_refused_call_shows_expected_against_received_and_the_failed_check(
    client: FlaskClient, recorder: Recorder
) -> None:
    recorder.keep(
        replace(
            WEBHOOK,
            status=401,
            verdict="refused",
            reason="timestamp_too_old",
            answer_headers=(JSON,),
            answer_body=STALE,
        )
    )

    page = shown(client, "/inspect/webhook")
    why = page.partition('id="why"')[2].partition("</section>")[0]

    assert why.startswith(">Why it was refused")
    assert "The message was signed too long ago." in why
    assert "<dd>at most 300 s</dd>" in why
    assert "<code>signed 301 s ago</code>" in why
    assert "Set both clocks" in why or "set both clocks" in why
    assert outcomes(why) == ["held"] * 7 + ["failed", "not reached"]


def test_a_call_that_came_in_for_want_of_a_check_shows_that_check(
    client: FlaskClient, recorder: Recorder
) -> None:
    recorder.keep(
        replace(WEBHOOK, reason="signature_mismatch body_too_large duplicate_kept")
    )

    why = shown(client, "/inspect/webhook").partition('id="why"')[2]

    told = outcomes(why.partition("</section>")[0])
    assert told == ["held"] * 6 + ["let through"] + ["held"] * 2 + ["let through"] * 2
    assert "the body is not too large" in why
    assert "<code>signature_mismatch</code>" in why


def test_of_a_result_that_came_in_the_check_that_was_off_is_shown(
    client: FlaskClient, recorder: Recorder
) -> None:
    result = replace(
        WEBHOOK,
        url=WEBHOOK.url.replace("/webhooks/", "/results/"),
        kind="callback_url",
        reason="job_of_another_provider",
    )
    recorder.keep(result)

    why = shown(client, "/inspect/webhook").partition('id="why"')[2]

    told = outcomes(why.partition("</section>")[0])
    assert told == ["held"] * 10 + ["let through"] + ["held"] * 2


def test_of_two_checks_with_one_reason_neither_is_blamed(
    client: FlaskClient, recorder: Recorder
) -> None:
    refused = replace(WEBHOOK, verdict="refused", reason="signature_malformed")
    recorder.keep(refused)

    why = shown(client, "/inspect/webhook").partition('id="why"')[2]

    told = outcomes(why.partition("</section>")[0])
    assert told == ["held"] * 3 + ["not told"] * 3 + ["not reached"] * 3


def test_a_reason_before_the_checks_blames_none_of_them(
    client: FlaskClient, recorder: Recorder
) -> None:
    recorder.keep(replace(WEBHOOK, verdict="refused", reason="not_json", status=415))

    why = shown(client, "/inspect/webhook").partition('id="why"')[2]

    assert "This is not announced as JSON." in why
    assert "Content-Type: application/json" in why
    assert outcomes(why.partition("</section>")[0]) == []


def test_a_reason_of_both_parties_is_that_of_who_answered(
    client: FlaskClient, recorder: Recorder
) -> None:
    recorder.keep(
        replace(CALLBACK, verdict="refused", reason="duplicate_parameter", status=400)
    )

    why = shown(client, "/inspect/callback").partition('id="why"')[2]

    assert "each parameter once (RFC 6749 §3.1)" in why


def test_a_reason_that_nobody_knows_is_shown_all_the_same(
    client: FlaskClient, recorder: Recorder
) -> None:
    recorder.keep(replace(LOGIN, verdict="failed", reason="<b>new</b>", status=500))

    page = shown(client, "/inspect/login")

    assert "&lt;b&gt;new&lt;/b&gt;" in page and "<b>new" not in page


def outcomes(why: str) -> list[str]:
    return re.findall(r'<span class="outcome">([^<]+)</span>', why)


@pytest.mark.usefixtures("login")
def test_each_export_has_its_link(client: FlaskClient) -> None:
    page = shown(client, "/inspect/webhook-sent")

    for name in ("curl", "http", "har", "mermaid", "pytest"):
        assert f'href="/inspect/webhook/export/{name}"' in page


@pytest.mark.usefixtures("login")
def test_one_call_as_json(client: FlaskClient) -> None:
    told = client.get("/inspect/webhook.json").json

    assert told is not None
    assert [one["id"] for one in told["records"]] == ["webhook", "webhook-sent"]
    assert (told["caller"], told["callee"], told["kind"]) == (
        "provider",
        "app",
        "webhook",
    )
    assert {one["outcome"] for one in told["why"]["checks"]} == {"held"}
    assert "login" in told["run"]


def test_a_call_that_is_not_kept_is_not_found(client: FlaskClient) -> None:
    for path in ("/inspect/nobody", "/inspect/nobody.json"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert answer.json["error"]["code"] == "not_found"


@pytest.mark.usefixtures("login")
def test_no_secret_is_shown_and_looking_is_not_recorded(
    client: FlaskClient, recorded: Engine
) -> None:
    paths = ["/inspect", "/inspect.json", "/inspect?text=x"]
    paths += [f"/inspect/{one.id}{end}" for one in RUN for end in ("", ".json")]
    for path in paths:
        page = client.get(path).text
        for secret in (STATE, CODE, SID):
            assert secret not in page, path

    with recorded.connect() as connection:
        count = connection.execute(text("SELECT count(*) FROM calls")).scalar()
    assert count == len(RUN)


EVIL = "<script>alert(1)</script>'\"\x1b[31m\u202e"
HOSTILE = replace(
    GOOD,
    id="hostile",
    method="<img>",
    url=f"http://localhost:5000/webhooks/{EVIL}?{EVIL}",
    request_headers=tuple((f"X-{n}-{EVIL}", EVIL * 20) for n in range(500)),
    request_body=b"\xff\xfe" + f'{{"{EVIL}"'.encode() + b"x" * BODY_LIMIT,
    answer_headers=((EVIL, EVIL), ("Content-Type", "application/json")),
    answer_body=b'"' + EVIL.encode().replace(b'"', b'\\"') * 100 + b'"',
    reason=EVIL,
    verdict="refused",
    shares=(("message", MESSAGE),),
)


@pytest.mark.parametrize(
    "path", ["/inspect", "/inspect?text=x", "/inspect/hostile", "/"]
)
def test_a_hostile_call_is_text_and_nothing_else(
    client: FlaskClient, recorder: Recorder, path: str
) -> None:
    for form in (JSON, ("Content-Type", "application/x-www-form-urlencoded")):
        recorder.keep(
            replace(
                HOSTILE,
                id="hostile" if form is JSON else "other",
                request_headers=(*HOSTILE.request_headers, form),
            )
        )

    page = client.get(path, headers={"Accept": "text/html"})

    assert page.status_code == 200
    assert "<script>alert" not in page.text and "<img>" not in page.text
    assert "\x1b" not in page.text and "\u202e" not in page.text
    assert not re.search(r"\son\w+=|javascript:|\sstyle=", page.text)


def test_a_hostile_call_as_json_is_json(
    client: FlaskClient, recorder: Recorder
) -> None:
    recorder.keep(HOSTILE)

    answer = client.get("/inspect/hostile.json")

    assert answer.mimetype == "application/json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert len(answer.json["records"][0]["request_headers"]) == 500
    assert client.get("/inspect.json").status_code == 200


def test_a_recorder_that_is_away_is_said_so(
    client: FlaskClient, recorded: Engine
) -> None:
    with recorded.begin() as connection:
        connection.execute(text("DROP TABLE calls"))

    assert client.get("/inspect").status_code == 503
    assert client.get("/inspect/x").status_code == 503
