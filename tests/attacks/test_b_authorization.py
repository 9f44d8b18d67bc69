"""RULES B at the provider: the question, the pages and the answer."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import KeySet
from sqlalchemy import select

from oauthapp.callers.provider.interaction_store import INTERACTION_TTL
from oauthapp.callers.provider.keys import signing_key
from oauthapp.database import reading
from oauthapp.schema.provider import provider_sessions
from oauthapp.schema.sender import events
from oauthapp.visitor import forms_in
from tests.attacks.house import Clock
from tests.attacks.provider_house import ISSUER
from tests.attacks.provider_house import REDIRECT_URI
from tests.attacks.provider_house import Provider
from tests.attacks.provider_house import answered
from tests.attacks.provider_house import question

#: An error answer of each kind, and how it comes about.
ERRORS: list[tuple[dict[str, str | None], str]] = [
    ({"response_type": None}, "invalid_request"),
    ({"response_type": "token"}, "unsupported_response_type"),
    ({"response_mode": "fragment"}, "invalid_request"),
    ({"code_challenge": None}, "invalid_request"),
    ({"code_challenge_method": None}, "invalid_request"),
    ({"code_challenge_method": "plain"}, "invalid_request"),
    ({"scope": "nothing"}, "invalid_scope"),
    ({"prompt": "none"}, "login_required"),
    ({"prompt": "none login"}, "invalid_request"),
    ({"max_age": "soon"}, "invalid_request"),
    ({"request": "x"}, "request_not_supported"),
    ({"request_uri": "https://rp.example/r"}, "request_uri_not_supported"),
    ({"registration": "{}"}, "registration_not_supported"),
]
STATES = [
    "x",
    "",
    "s" * 8000,
    "a b+c%20d&e=f#g/h?i\"j'k<l>m\\n",
    "ünïcødé \N{SNOWMAN} \U0001f600",
    "\t\r\n\x00\x7f",
]


@pytest.mark.parametrize("client", ["web", "native"])
@pytest.mark.parametrize(
    "spoiled",
    [
        {"code_challenge": None, "code_challenge_method": None},
        {"code_challenge_method": "plain"},
        {"code_challenge_method": None},
        {"code_challenge": "short"},
        {"code_challenge": ""},
    ],
    ids=str,
)
def test_B1_every_client_needs_pkce_with_s256(
    provider: Provider, client: str, spoiled: dict[str, str | None]
) -> None:
    uri = {"web": REDIRECT_URI, "native": "http://127.0.0.1:7/cb"}[client]
    answer = provider.browser().authorize(client_id=client, redirect_uri=uri, **spoiled)

    assert answered(answer)["error"] == "invalid_request"


@pytest.mark.parametrize(("changes", "error"), ERRORS, ids=str)
@pytest.mark.parametrize("state", STATES, ids=range(len(STATES)))
def test_B2_B3_every_error_gives_state_back_and_names_the_issuer(
    provider: Provider, changes: dict[str, str | None], error: str, state: str
) -> None:
    said = answered(provider.browser().authorize(state=state, **changes))

    assert (said["error"], said["state"], said["iss"]) == (error, state, ISSUER)
    assert "code" not in said


@pytest.mark.parametrize("state", STATES, ids=range(len(STATES)))
def test_B2_B3_success_and_denial_give_state_back_and_name_the_issuer(
    provider: Provider, state: str
) -> None:
    browser = provider.browser()
    browser.authorize(state=state)
    browser.log_in()
    denied = answered(browser.submit(decision="deny"))
    browser.authorize(state=state)
    allowed = answered(browser.submit(decision="allow"))

    assert (denied["error"], denied["state"]) == ("access_denied", state)
    assert (allowed["state"], allowed["iss"]) == (state, denied["iss"])


def test_B2_state_comes_back_byte_for_byte_also_when_it_is_no_text(
    provider: Provider,
) -> None:
    query = urlencode(question(state=None, prompt="none"))
    answer = provider.machine().get(f"/authorize?{query}&state=%FF%FE%00")

    assert "state=%FF%FE%00&" in answer.location


def test_B2_without_state_there_is_none_in_the_answer(provider: Provider) -> None:
    assert "state" not in provider.browser().sign_in(state=None)


@pytest.mark.parametrize(
    "name", [n for n in question() if n not in ("client_id", "redirect_uri")]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_B4_a_parameter_that_comes_twice_is_refused(
    provider: Provider, name: str, method: str
) -> None:
    body = urlencode([*question().items(), (name, question()[name])])
    client = provider.machine()
    if method == "GET":
        answer = client.get(f"/authorize?{body}")
    else:
        form = "application/x-www-form-urlencoded"
        answer = client.post("/authorize", data=body, content_type=form)

    assert answered(answer)["error"] == "invalid_request"


@pytest.mark.parametrize("signed_in", [True, False])
def test_B4_unknown_parameters_are_ignored_and_post_is_served(
    provider: Provider, signed_in: bool
) -> None:
    browser = provider.browser()
    if signed_in:
        browser.sign_in()
    asked = {**question(), "unknown": "1"}
    answer = browser.follow(browser.client.post("/authorize", data=asked))

    if signed_in:
        assert "code" in answered(answer)
    else:
        assert answer.request.path == "/login"


def test_B4_a_nonce_without_a_value_is_none(provider: Provider) -> None:
    keys = KeySet.import_key_set(provider.machine().get("/jwks").get_json())
    id_token = provider.tokens(nonce="")["id_token"]

    assert "nonce" not in jwt.decode(id_token, keys, ["ES256"]).claims


def test_B4_another_sites_post_loses_no_session_and_no_byte(provider: Provider) -> None:
    """It comes without our Lax cookie, so it must not set a new one."""
    body = urlencode(question(state=None)) + "&state=%FF%2B+%0A"
    form = "application/x-www-form-urlencoded"
    answer = provider.machine().post("/authorize", data=body, content_type=form)

    assert "Set-Cookie" not in answer.headers
    browser = provider.browser()
    browser.sign_in()
    back = browser.follow(answer)
    assert "code=" in back.location and "state=%FF%2B%20%0A&" in back.location


def test_B4_a_nonce_that_no_token_can_hold_is_refused(provider: Provider) -> None:
    query = urlencode(question(nonce=None))
    answer = provider.machine().get(f"/authorize?{query}&nonce=%FF")

    assert answered(answer)["error"] == "invalid_request"


def test_B5_login_hint_is_shown_and_harmless(provider: Provider) -> None:
    page = provider.browser().authorize(login_hint='"><script>alert(1)</script>')

    assert "<script>alert" not in page.text
    assert "&lt;script&gt;" in page.text


def hint(provider: Provider, **changes: Any) -> str:
    claims = {"iss": ISSUER, "aud": "web", "sub": "alice", "exp": 1, **changes}
    key = signing_key(provider.services)
    return jwt.encode({"alg": "ES256", "kid": key.thumbprint()}, claims, key, ["ES256"])


def test_B5_an_expired_id_token_is_still_a_hint(provider: Provider) -> None:
    browser = provider.browser()
    browser.sign_in()
    said = browser.authorize(prompt="none", id_token_hint=hint(provider))

    assert "code" in answered(said)


@pytest.mark.parametrize(
    "lie", [{"sub": "bob"}, {"aud": "post"}, {"iss": "http://evil.example"}], ids=str
)
def test_B5_a_hint_at_somebody_else_is_no_silent_login(
    provider: Provider, lie: dict[str, str]
) -> None:
    browser = provider.browser()
    browser.sign_in()
    said = browser.authorize(prompt="none", id_token_hint=hint(provider, **lie))

    assert answered(said)["error"] == "login_required"


@pytest.mark.parametrize("garbage", ["x", "a.b.c", "..", "é"])
def test_B5_a_hint_that_is_no_token_is_nobody(provider: Provider, garbage: str) -> None:
    browser = provider.browser()
    browser.sign_in()
    said = browser.authorize(prompt="none", id_token_hint=garbage)

    assert answered(said)["error"] == "login_required"


def test_B5_prompt_login_asks_again_and_then_goes_on(
    provider: Provider, clock: Clock
) -> None:
    browser = provider.browser()
    browser.sign_in()
    clock.now += 1
    page = browser.authorize(prompt="login")
    assert page.request.path == "/login"
    browser.log_in()

    assert browser.page is not None
    assert "code" in answered(browser.page)


def test_B5_max_age_is_about_the_password_not_the_session(
    provider: Provider, clock: Clock
) -> None:
    browser = provider.browser()
    browser.sign_in()
    clock.now += 61

    assert browser.authorize(max_age="60").request.path == "/login"
    assert "code" in answered(browser.authorize(max_age="61"))


@pytest.mark.parametrize("how", [{"prompt": "login"}, {"max_age": "5"}], ids=str)
def test_B5_the_login_that_was_asked_for_cannot_be_stepped_over(
    provider: Provider, clock: Clock, how: dict[str, str]
) -> None:
    browser = provider.browser()
    browser.sign_in()
    clock.now += 10
    page = browser.authorize(**how)
    consent = page.request.full_path.replace("/login", "/consent")
    browser.follow(browser.client.get(consent))
    assert browser.page is not None and browser.page.request.path == "/login"
    token = forms_in(browser.page.text, ISSUER)[0].fields["csrf_token"]
    data = {"csrf_token": token, "decision": "allow"}
    answer = browser.follow(browser.client.post(consent, data=data))

    assert answer.request.path == "/login"


def test_B5_a_hint_at_somebody_else_cannot_be_stepped_over(
    provider: Provider, clock: Clock
) -> None:
    browser = provider.browser()
    browser.sign_in()
    clock.now += 1
    page = browser.authorize(id_token_hint=hint(provider, sub="bob"))
    consent = page.request.full_path.replace("/login", "/consent")

    assert browser.follow(browser.client.get(consent)).request.path == "/login"
    browser.log_in()  # as alice again
    assert browser.page is not None
    assert answered(browser.page)["error"] == "login_required"


@pytest.mark.parametrize("path", ["/login", "/consent"])
def test_B6_a_head_request_changes_nothing(provider: Provider, path: str) -> None:
    """Flask serves it by GET's handler, and no CSRF token is asked of it."""
    browser = provider.browser()
    browser.authorize()
    if path == "/consent":
        browser.log_in()
    assert browser.page is not None
    data = {"username": "alice", "password": "wonderland", "decision": "allow"}
    answer = browser.client.head(browser.page.request.full_path, data=data)

    assert (answer.status_code, "Location" in answer.headers) == (200, False)
    if path == "/consent":
        assert "code" in answered(browser.submit(decision="allow"))


def test_B6_a_head_request_is_given_no_code_and_announces_nothing(
    provider: Provider,
) -> None:
    browser = provider.browser()
    browser.sign_in()
    answer = browser.client.head(f"/authorize?{urlencode(question())}")
    with reading(provider.services.database) as connection:
        announced = connection.execute(select(events)).all()

    assert "code=" not in answer.headers.get("Location", "")
    assert len(announced) == 1  # the login before


@pytest.mark.parametrize("path", ["/login", "/consent"])
def test_B6_without_the_csrf_token_nothing_happens(
    provider: Provider, path: str
) -> None:
    browser = provider.browser()
    page = browser.authorize()
    if path == "/consent":
        browser.log_in()
        assert browser.page is not None
        page = browser.page
    url = f"{path}?{page.request.query_string.decode()}"
    data = {"username": "alice", "password": "wonderland", "decision": "allow"}
    answer = browser.client.post(url, data=data)

    assert answer.status_code == 400
    assert answer.get_json()["error"]["code"] == "csrf_mismatch"


def test_B6_a_login_gives_a_new_session_id_and_drops_the_old_one(
    provider: Provider, clock: Clock
) -> None:
    browser = provider.browser()
    browser.sign_in()
    clock.now += 1
    old = browser.client.get_cookie("oauthapp_provider", "localhost")
    browser.authorize(prompt="login")
    browser.log_in()
    new = browser.client.get_cookie("oauthapp_provider", "localhost")
    with reading(provider.services.database) as connection:
        rows = connection.execute(select(provider_sessions)).all()

    assert old is not None and new is not None and old.value != new.value
    assert len(rows) == 1
    thief = provider.browser()
    thief.client.set_cookie("oauthapp_provider", old.value, domain="localhost")
    assert thief.authorize().request.path == "/login"


@pytest.mark.parametrize("step", ["authorize", "login", "consent", "answer"])
def test_B6_pages_are_framed_by_nobody_kept_nowhere_and_tell_no_referrer(
    provider: Provider, step: str
) -> None:
    browser = provider.browser()
    if step == "authorize":
        answer = browser.client.get(f"/authorize?{urlencode(question())}")
    else:
        answer = browser.authorize()
    if step in ("consent", "answer"):
        browser.log_in()
        assert browser.page is not None
        answer = browser.page
    if step == "answer":
        answer = browser.submit(decision="allow")
        assert answer.status_code == 303

    headers = answer.headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in headers
    if step in ("login", "consent"):
        policy = headers["Content-Security-Policy"]
        assert "form-action 'self' http://localhost:5000;" in policy


def test_B6_a_wrong_password_does_not_tell_whether_the_user_exists(
    provider: Provider,
) -> None:
    pages = []
    for username in ("alice", "nobody"):
        browser = provider.browser()
        browser.authorize()
        page = browser.submit(username=username, password="wrong")
        assert page.status_code == 403
        pages.append(page.text.replace(username, "").partition("csrf_token")[0])
    assert pages[0] == pages[1]


def test_B6_a_page_is_good_once(provider: Provider) -> None:
    browser = provider.browser()
    browser.authorize()
    browser.log_in()
    consent = browser.page
    assert "code" in answered(browser.submit(decision="allow"))
    browser.page = consent  # the back button

    again = browser.submit(decision="allow")
    assert again.status_code == 400
    assert again.get_json()["error"]["code"] == "interaction_unknown"


@pytest.mark.parametrize("decision", ["allow", "deny"])
def test_B6_of_eight_clicks_at_once_one_gets_an_answer(
    provider: Provider, decision: str
) -> None:
    browser = provider.browser()
    browser.authorize()
    browser.log_in()
    page = browser.page
    cookie = browser.client.get_cookie("oauthapp_provider", "localhost")
    assert page is not None and cookie is not None
    (form,) = forms_in(page.text, page.request.url)

    def click(_number: int) -> bool:
        client = provider.machine()
        client.set_cookie("oauthapp_provider", cookie.value, domain="localhost")
        answer = client.post(
            page.request.full_path, data={**form.fields, "decision": decision}
        )
        return answer.status_code == 303

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(click, range(8))) == 1


def test_B6_of_logins_at_once_none_fails_for_the_others(
    provider: Provider, clock: Clock
) -> None:
    browser = provider.browser()
    browser.sign_in()
    for _ in range(10):
        clock.now += 1
        page = browser.authorize(prompt="login")
        cookie = browser.client.get_cookie("oauthapp_provider", "localhost")
        assert cookie is not None
        (form,) = forms_in(page.text, page.request.url)
        data = {**form.fields, "username": "alice", "password": "wonderland"}
        clients = [provider.machine() for _ in range(8)]
        for client in clients:
            client.set_cookie("oauthapp_provider", cookie.value, domain="localhost")
        with ThreadPoolExecutor(8) as pool:
            url = page.request.full_path
            clicks = [pool.submit(one.post, url, data=data) for one in clients]
        # 400: another click has answered the question already.
        assert {one.result().status_code for one in clicks} <= {303, 400}
        browser.sign_in()


def test_B6_nothing_of_before_the_login_stays_in_the_cookie(provider: Provider) -> None:
    browser = provider.browser()
    browser.authorize()
    with browser.client.session_transaction() as before:
        old = before["csrf_token"]
    browser.log_in()
    with browser.client.session_transaction() as after:
        assert after["csrf_token"] != old


def test_B6_a_page_is_good_in_its_own_browser_only(provider: Provider) -> None:
    page = provider.browser().authorize()
    other = provider.browser().client.get(page.request.full_path)

    assert other.get_json()["error"]["code"] == "interaction_unknown"


def test_B6_a_page_is_good_for_a_while_only(provider: Provider, clock: Clock) -> None:
    browser = provider.browser()
    browser.authorize()
    clock.now += INTERACTION_TTL + 1
    browser.log_in()

    assert browser.page is not None and browser.page.status_code == 400


def test_consent_is_remembered_by_client_and_scope(provider: Provider) -> None:
    browser = provider.browser()
    browser.sign_in(scope="openid")

    assert "code" in answered(browser.authorize(scope="openid"))
    assert browser.authorize(scope="openid email").request.path == "/consent"
    other = {"client_id": "native", "redirect_uri": "http://127.0.0.1:1/cb"}
    assert browser.authorize(scope="openid", **other).request.path == "/consent"


def test_a_login_is_announced_with_the_code_and_a_denial_is_not(
    provider: Provider,
) -> None:
    browser = provider.browser()
    browser.authorize()
    browser.log_in()
    browser.submit(decision="deny")
    browser.authorize()
    browser.submit(decision="allow")
    with reading(provider.services.database) as connection:
        (event,) = connection.execute(select(events)).all()

    told = json.loads(event.body)
    assert told["type"] == "session.created"
    assert (told["data"]["sub"], told["data"]["client_id"]) == ("alice", "web")


anything = st.text(max_size=20)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(["/authorize", "/token", "/logout", "/userinfo", "/login"]),
    method=st.sampled_from(["GET", "POST"]),
    changes=st.dictionaries(
        st.sampled_from([*question(), "interaction", "id_token_hint", "code"])
        | anything,
        anything,
    ),
    junk=st.binary(max_size=30),
)
def test_whatever_is_sent_there_is_an_answer(
    provider: Provider, path: str, method: str, changes: dict[str, str], junk: bytes
) -> None:
    query = urlencode({**question(), **changes}, errors="replace") + quote(junk, "=&%")
    client = provider.machine()
    if method == "GET":
        answer = client.get(f"{path}?{query}")
    else:
        form = "application/x-www-form-urlencoded"
        answer = client.post(path, data=query, content_type=form)

    assert answer.status_code < 500


@pytest.mark.parametrize("decision", ["allow", "deny"])
def test_B2_B3_an_answer_by_form_post_says_the_same(
    provider: Provider, decision: str
) -> None:
    browser = provider.browser()
    browser.authorize(response_mode="form_post", state="<\"'&> ü")
    browser.log_in()
    browser.submit(decision=decision)
    assert browser.page is not None
    (form,) = forms_in(browser.page.text, browser.page.request.url)

    assert form.action == REDIRECT_URI
    assert (form.fields["state"], form.fields["iss"]) == ("<\"'&> ü", ISSUER)
    assert ("code" in form.fields) is (decision == "allow")
    assert browser.page.headers["Cache-Control"] == "no-store"
