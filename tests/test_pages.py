"""What every page has: headers, an error page, and forms that are our own."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask import abort
from flask import render_template_string
from flask import request
from sqlalchemy.exc import OperationalError

from oauthapp.errors import CallFailed
from oauthapp.errors import NotSignedIn
from oauthapp.errors import OauthappError
from oauthapp.errors import Refused
from oauthapp.pages import cookie_name
from oauthapp.pages import make_flask
from oauthapp.policy import let_forms_reach
from oauthapp.recorder.call import Notes
from oauthapp.recorder.call import current_notes

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


class Spoilt(Refused):
    """The milk is <b>spoilt</b>."""

    code = "spoilt"
    status = 422
    expected = "fresh milk"
    cause = "It stood in the sun."
    remedy = "Buy another one."


@pytest.fixture
def app() -> Flask:
    app = make_flask(
        "oauthapp", party="app", secret_key="k" * 32, url="http://localhost:5000"
    )

    @app.route("/raise/<name>")
    def raise_(name: str) -> str:
        raise RAISED[name]

    @app.route("/form", methods=["GET", "POST"])
    def form() -> str:
        return render_template_string("{{ csrf_token() }}")

    @app.route("/reach")
    def reach() -> str:
        let_forms_reach("https://client.example:8443/callback?x=1")
        let_forms_reach("com.example.app:/callback")
        let_forms_reach("http://[::1]:8/callback")
        let_forms_reach("http://[::1]/callback")
        return "ok"

    @app.route("/query")
    def query() -> str:
        return request.args.get("name", "")

    @app.route("/status/<int:status>")
    def status(status: int) -> str:
        abort(status)

    return app


RAISED: dict[str, Exception] = {
    "refused": Spoilt(arrived="<i>sour</i>"),
    "bare": NotSignedIn(),
    "failed": CallFailed(),
    "ours": OauthappError(),
    "store": OperationalError("SELECT 'a secret'", {}, Exception("disk")),
    "crash": ZeroDivisionError("inner workings"),
}


@pytest.fixture
def notes() -> Iterator[Notes]:
    notes = Notes(call_id="x")
    token = current_notes.set(notes)
    yield notes
    current_notes.reset(token)


def test_a_machine_is_told_in_json_and_only_what_there_is(app: Flask) -> None:
    answer = app.test_client().get("/raise/refused")

    assert answer.status_code == 422
    assert answer.get_json() == {
        "error": {
            "code": "spoilt",
            "message": "The milk is <b>spoilt</b>.",
            "arrived": "<i>sour</i>",
            "expected": "fresh milk",
            "cause": "It stood in the sun.",
            "remedy": "Buy another one.",
        }
    }
    bare = app.test_client().get("/raise/failed").get_json()["error"]
    assert set(bare) == {"code", "message"}


def test_a_person_gets_a_page_with_all_of_it_as_text(app: Flask) -> None:
    answer = app.test_client().get("/raise/refused", headers=HTML)

    assert (answer.status_code, answer.mimetype) == (422, "text/html")
    for words in ("spoilt", "422", "fresh milk", "It stood", "Buy another"):
        assert words in answer.text
    assert "&lt;i&gt;sour&lt;/i&gt;" in answer.text
    assert "<b>" not in answer.text


@pytest.mark.parametrize(
    ("accept", "page"),
    [
        ("text/html", True),
        ("text/html,application/json;q=0.9", True),
        ("application/json;q=0.1, text/html;q=0.5", True),
        ("application/json", False),
        ("application/json, text/html;q=0.5", False),
        ("*/*", False),
        ("text/*", False),
        ("", False),
        ("nonsense", False),
    ],
)
def test_only_who_names_html_gets_html(app: Flask, accept: str, page: bool) -> None:
    answer = app.test_client().get("/raise/refused", headers={"Accept": accept})

    assert (answer.mimetype == "text/html") is page


@pytest.mark.parametrize(
    ("path", "status", "code", "verdict"),
    [
        ("/raise/refused", 422, "spoilt", "refused"),
        ("/raise/bare", 401, "not_signed_in", "refused"),
        ("/raise/failed", 502, "call_failed", "failed"),
        ("/raise/ours", 500, "error", "failed"),
        ("/raise/store", 503, "store_unavailable", "failed"),
        ("/raise/crash", 500, "error", "failed"),
        ("/nothing-here", 404, "not_found", "refused"),
        ("/status/413", 413, "refused", "refused"),
        ("/status/400", 400, "refused", "refused"),
    ],
)
def test_each_error_has_its_status_code_and_verdict(
    app: Flask, notes: Notes, path: str, status: int, code: str, verdict: str
) -> None:
    answer = app.test_client().get(path)

    assert (answer.status_code, answer.get_json()["error"]["code"]) == (status, code)
    assert (notes.verdict, notes.reason) == (verdict, code)


def test_a_wrong_method_is_told_the_right_ones(app: Flask) -> None:
    answer = app.test_client().put("/raise/refused")
    assert answer.status_code in (400, 405)  # the form's token is looked at first

    answer = app.test_client().open("/raise/refused", method="PROPFIND")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_a_store_that_is_away_says_when_to_come_back_and_no_values(
    app: Flask,
) -> None:
    answer = app.test_client().get("/raise/store")

    assert int(answer.headers["Retry-After"]) > 0
    assert "a secret" not in answer.text


@pytest.mark.parametrize("headers", [HTML, {}])
def test_a_crash_shows_nothing_of_the_inside(
    app: Flask, headers: dict[str, str]
) -> None:
    answer = app.test_client().get("/raise/crash", headers=headers)

    assert answer.status_code == 500
    assert "inner workings" not in answer.text
    assert "Traceback" not in answer.text


# --- headers -------------------------------------------------------------------------


def policy(answer: object) -> dict[str, str]:
    parts = answer.headers["Content-Security-Policy"].split("; ")
    return dict(part.split(" ", 1) for part in parts)


@pytest.mark.parametrize("path", ["/form", "/raise/refused", "/raise/crash", "/none"])
def test_every_answer_has_the_security_headers(app: Flask, path: str) -> None:
    answer = app.test_client().get(path, headers=HTML)

    assert policy(answer) == {
        "default-src": "'none'",
        "style-src": "'self'",
        "script-src": "'self'",
        "img-src": "'self' data:",
        "connect-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in answer.headers


def test_a_file_of_ours_may_be_kept_if_it_is_asked_for_each_time(app: Flask) -> None:
    with app.test_client().get("/static/style.css") as answer:
        assert answer.headers.getlist("Cache-Control") == ["no-cache"]
        assert policy(answer)["default-src"] == "'none'"


def test_forms_may_end_where_the_page_says_and_only_on_that_page(app: Flask) -> None:
    client = app.test_client()

    assert policy(client.get("/reach"))["form-action"] == (
        "'self' https://client.example:8443 com.example.app: http://*:8 http://*"
    )
    assert policy(client.get("/form"))["form-action"] == "'self'"


def test_no_page_holds_style_or_script_that_the_policy_forbids(app: Flask) -> None:
    page = app.test_client().get("/raise/refused", headers=HTML).text

    assert not re.search(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=", page)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)


# --- cookies and forms ---------------------------------------------------------------


def test_a_cookies_name_binds_it_to_its_host_over_https() -> None:
    assert cookie_name("app", secure=True) == "__Host-oauthapp_app"
    assert cookie_name("app", secure=False) == "oauthapp_app"


@pytest.mark.parametrize("secure", [True, False])
def test_the_session_cookie_is_lax_and_out_of_reach_for_scripts(secure: bool) -> None:
    url = "https://idp.example" if secure else "http://localhost:5001"
    app = make_flask("oauthapp", party="provider", secret_key="k" * 32, url=url)
    app.add_url_rule("/", "form", lambda: render_template_string("{{csrf_token()}}"))

    cookie = app.test_client().get("/").headers["Set-Cookie"].split("; ")

    assert cookie[0].startswith(f"{cookie_name('provider', secure=secure)}=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie)
    assert ("Secure" in cookie) is secure
    assert not any(one.startswith("Domain") for one in cookie)


def test_below_a_path_a_cookie_has_that_path_and_a_name_of_its_own() -> None:
    url = "https://idp.example/t/acme"
    app = make_flask("oauthapp", party="provider", secret_key="k" * 32, url=url)

    assert app.config["SESSION_COOKIE_PATH"] == "/t/acme"
    assert app.config["SESSION_COOKIE_NAME"] == "__Secure-oauthapp_provider.t.acme"
    assert cookie_name("app", secure=False, path="/a") == "oauthapp_app.a"


@pytest.mark.parametrize(
    ("url", "only"),
    [
        ("https://idp.example", True),
        ("http://localhost:5000", False),
        ("https://localhost:5000", False),
        ("https://127.0.0.1:5000", False),
        ("https://[::1]:5000", False),
    ],
)
def test_this_machine_is_not_bound_to_https_for_a_year(url: str, only: bool) -> None:
    app = make_flask("oauthapp", party="app", secret_key="k" * 32, url=url)

    answer = app.test_client().get("/")  # by http from a proxy that ended TLS
    assert ("Strict-Transport-Security" in answer.headers) is only
    if only:
        assert "max-age=" in answer.headers["Strict-Transport-Security"]


def test_a_form_of_ours_is_let_through(app: Flask) -> None:
    client = app.test_client()
    token = client.get("/form").text

    assert client.post("/form", data={"csrf_token": token}).status_code == 200


def test_over_https_it_needs_no_referer(app: Flask) -> None:
    client = app.test_client()
    there = {"base_url": "https://app.example"}
    token = client.get("/form", **there).text

    posted = client.post("/form", data={"csrf_token": token}, **there)
    assert posted.status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_form_of_somebody_else_is_refused(app: Flask, method: str) -> None:
    answer = app.test_client().open("/form", method=method)

    assert answer.status_code in (400, 405)
    if method == "POST":
        assert answer.get_json()["error"]["code"] == "csrf_mismatch"


def test_an_address_is_exact(app: Flask) -> None:
    for path in ("//form", "/form/", "/Form", "/form%2f"):
        assert app.test_client().get(path).status_code == 404


@pytest.mark.parametrize("query", ["name=\xff", "\xed\xa0\x80", "x=1&\xc3"])
def test_a_query_whose_bytes_are_no_text_is_refused(app: Flask, query: str) -> None:
    answer = app.test_client().get("/query", environ_overrides={"QUERY_STRING": query})

    assert answer.status_code == 400
    assert answer.get_json()["error"]["code"] == "refused"


def test_a_query_in_any_other_spelling_is_read(app: Flask) -> None:
    for query in ("name=%C3%A9", "name=\xc3\xa9"):
        answer = app.test_client().get(
            "/query", environ_overrides={"QUERY_STRING": query}
        )
        assert answer.text == "é"


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Cookie": f'a={" " * 200_000}"'}, id="cookies"),
        pytest.param({"Accept": f"a/b{' ' * 200_000}x"}, id="accept"),
    ],
)
def test_many_spaces_are_looked_at_once(app: Flask, headers: dict[str, str]) -> None:
    client = app.test_client(use_cookies=False)  # else it sends none but its own
    assert client.get("/nowhere", headers=headers).status_code == 404


def test_spaces_beside_a_cookie_are_none_of_its_value(app: Flask) -> None:
    @app.route("/cookies")
    def cookies() -> dict[str, str]:
        return request.cookies.to_dict()

    sent = 'a=b ;\tc = "d  e" ; a=f; \xff=g'
    client = app.test_client(use_cookies=False)
    answer = client.get("/cookies", headers={"Cookie": sent})

    assert answer.get_json() == {"a": "b", "c": "d e", "\xff": "g"}
