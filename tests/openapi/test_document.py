"""Our own API: described as a whole, valid, and nothing left open."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from openapi_spec_validator import OpenAPIV31SpecValidator

from oauthapp.explain.report import as_text
from oauthapp.explain.report import explain
from oauthapp.openapi import document as room
from oauthapp.openapi.document import Party
from oauthapp.openapi.document import document

PARTIES: tuple[Party, ...] = ("app", "provider")
#: Pages and forms for people, with all below them: nobody needs a description.
FOR_PEOPLE = {
    "app": {"/", "/faults", "/inspect", "/play", "/security"},
    "provider": {"/", "/login", "/consent", "/logout/confirm", "/faults"},
}
#: A route of these is answered with a file.
STATIC = "/static/{filename}"
WHERE = Path(room.__file__).parent


def told(party: Party, *, control: bool = False) -> dict[str, Any]:
    return dict(
        json.loads(
            document(party, "http://localhost:5000", control=control, tenants=control)
        )
    )


def in_braces(rule: str) -> str:
    """`/webhooks/<path:source>` as OpenAPI writes it."""
    parts = [part.partition("<") for part in rule.split(">")]
    named = [
        before + ("{" + name.rpartition(":")[2] + "}" if opens else "")
        for before, opens, name in parts
    ]
    return "".join(named)


def routes(app: Flask) -> set[tuple[str, str]]:
    return {
        (method, in_braces(rule.rule))
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if in_braces(rule.rule) != STATIC
    }


def described(party: Party, *, control: bool) -> set[tuple[str, str]]:
    return {
        (method.upper(), path)
        for path, item in told(party, control=control)["paths"].items()
        for method in item
        if method in ("get", "post", "put", "patch", "delete")
    }


@pytest.mark.parametrize("control", [False, True])
@pytest.mark.parametrize("party", PARTIES)
def test_every_route_is_described_and_no_other(
    party: Party, apps, control: bool
) -> None:
    there = {one for one in routes(apps[party]) if not for_people(party, one[1])}
    told = described(party, control=control)
    missing, gone = there - told, told - routes(apps[party])

    assert not missing, (
        f"not described: {sorted(missing)}. Add each below `paths` to a file of "
        f"{WHERE / party}, or its path to FOR_PEOPLE here if it is a page for people."
    )
    assert not gone, f"described in {WHERE / party}, but no route: {sorted(gone)}"


def for_people(party: Party, path: str) -> bool:
    pages = FOR_PEOPLE[party]
    return path in pages or any(path.startswith(f"{one}/") for one in pages - {"/"})


@pytest.mark.parametrize("control", [True])
@pytest.mark.parametrize("party", PARTIES)
def test_every_page_for_people_is_there(party: Party, apps) -> None:
    assert {path for _, path in routes(apps[party])} >= FOR_PEOPLE[party]


@pytest.mark.parametrize("control", [False, True])
@pytest.mark.parametrize("party", PARTIES)
def test_it_is_valid_openapi_3_1(party: Party, control: bool) -> None:
    problems = OpenAPIV31SpecValidator(told(party, control=control)).iter_errors()
    assert [f"{list(one.path)}: {one.message}" for one in problems] == []


@pytest.mark.parametrize("control", [False, True])
@pytest.mark.parametrize("party", PARTIES)
def test_it_leaves_no_question_open(party: Party, control: bool) -> None:
    text = document(party, "http://localhost:5000", control=control, tenants=control)
    report = explain(text.encode(), file=party)
    assert report.open == 0, as_text(report)
    assert report.elsewhere == ()


def test_all_kinds_of_url_that_the_provider_takes_are_found() -> None:
    report = explain(document("provider", "http://127.0.0.1:5001").encode(), file="x")
    names = {(one.subject.kind, one.subject.name) for one in report.findings}

    assert names >= {
        ("redirect", "redirect_uri"),
        ("redirect", "redirect_uris"),
        ("redirect", "post_logout_redirect_uri"),
        ("redirect", "frontchannel_logout_uri"),
        ("webhook", "backchannel_logout_uri"),
        ("webhook", "session.created"),
        ("webhook", "delivery.failing"),
    }


@pytest.mark.parametrize(
    "words", ["nobody calls again", "by GET", "when the event has happened"]
)
def test_what_is_taken_out_of_it_is_missed(words: str) -> None:
    text = document("provider", "http://127.0.0.1:5001").replace(words, "so it is")
    assert explain(text.encode(), file="x").open > 0


@pytest.mark.parametrize("party", PARTIES)
def test_anybody_may_read_and_keep_it(party: Party, apps) -> None:
    client = apps[party].test_client()
    answer = client.get("/openapi.json")
    again = client.get(
        "/openapi.json", headers={"If-None-Match": answer.headers["ETag"]}
    )

    assert answer.status_code == 200
    assert answer.mimetype == "application/json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert "Set-Cookie" not in answer.headers
    assert again.status_code == 304
    assert answer.get_json()["servers"][0]["url"] in (
        "http://localhost:5000",
        "http://127.0.0.1:5001",
    )


@pytest.mark.parametrize("party", PARTIES)
def test_reading_it_is_no_call_between_the_parties(party: Party, apps) -> None:
    kept = []
    app = apps[party]
    app.wsgi_app._recorder.keep = kept.append
    app.test_client().get("/openapi.json")

    assert kept == []


def test_no_two_files_may_say_the_same() -> None:
    with pytest.raises(ValueError, match="b.yaml: get is said in another file"):
        room._merge(
            {"paths": {"/a": {"get": 1}}}, {"paths": {"/a": {"get": 2}}}, "b.yaml"
        )


def test_a_path_with_a_converter_is_compared_by_its_name() -> None:
    assert in_braces("/a/<path:b>/<c>/d") == "/a/{b}/{c}/d"
