"""The way out: whose session ends, who is asked, and where it leads."""

import pytest

from tests.attacks.provider_house import LOGOUT_URI
from tests.attacks.provider_house import Browser
from tests.attacks.provider_house import Provider


def signed_in(provider: Provider, username: str, password: str) -> tuple[Browser, str]:
    """A browser, and the id_token its client got."""
    browser = provider.browser()
    browser.authorize()
    browser.log_in(username, password)
    answer = browser.submit(decision="allow")
    code = answer.location.partition("code=")[2].partition("&")[0]
    id_token: str = provider.redeem(code).get_json()["id_token"]
    return browser, id_token


def still_in(browser: Browser) -> bool:
    return browser.authorize().request.path != "/login"


def test_another_users_id_token_proves_nothing(provider: Provider) -> None:
    browser, _own = signed_in(provider, "alice", "wonderland")
    _other, bobs = signed_in(provider, "bob", "builder")

    page = browser.client.get("/logout", query_string={"id_token_hint": bobs})
    assert "still signed in" in page.text
    assert still_in(browser)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_users_own_id_token_signs_them_out_by_get_and_post(
    provider: Provider, method: str
) -> None:
    browser, own = signed_in(provider, "alice", "wonderland")
    sent = {"id_token_hint": own, "client_id": "web"}
    if method == "GET":
        answer = browser.client.get("/logout", query_string=sent)
    else:
        answer = browser.client.post("/logout", data=sent)

    assert "You are signed out" in answer.text
    assert not still_in(browser)


def test_the_id_token_must_be_of_the_client_that_is_named(provider: Provider) -> None:
    browser, own = signed_in(provider, "alice", "wonderland")
    sent = {"id_token_hint": own, "client_id": "post"}
    answer = browser.client.get("/logout", query_string=sent)

    assert answer.get_json()["error"]["code"] == "client_unknown"
    assert still_in(browser)


@pytest.mark.parametrize(
    "sent",
    [
        {"client_id": "nobody"},
        {"post_logout_redirect_uri": LOGOUT_URI},
        {"post_logout_redirect_uri": LOGOUT_URI, "id_token_hint": "x.y.z"},
    ],
    ids=str,
)
def test_without_a_known_client_there_is_no_way_back(
    provider: Provider, sent: dict[str, str]
) -> None:
    answer = provider.machine().get("/logout", query_string=sent)

    assert answer.status_code == 400
    assert answer.get_json()["error"]["code"] == "client_unknown"


def test_another_clients_address_is_no_way_back(provider: Provider) -> None:
    sent = {"client_id": "post", "post_logout_redirect_uri": LOGOUT_URI}
    answer = provider.machine().get("/logout", query_string=sent)

    assert (answer.status_code, "Location" in answer.headers) == (400, False)


def test_the_question_lets_its_form_reach_the_client(provider: Provider) -> None:
    browser, _own = signed_in(provider, "alice", "wonderland")
    sent = {"client_id": "web", "post_logout_redirect_uri": LOGOUT_URI}
    page = browser.client.get("/logout", query_string=sent)

    policy = page.headers["Content-Security-Policy"]
    assert "form-action 'self' http://localhost:5000;" in policy


def test_a_confirmation_without_the_csrf_token_signs_nobody_out(
    provider: Provider,
) -> None:
    browser, _own = signed_in(provider, "alice", "wonderland")
    answer = browser.client.post("/logout/confirm", data={})

    assert answer.get_json()["error"]["code"] == "csrf_mismatch"
    assert still_in(browser)


def test_a_confirmation_leads_to_registered_addresses_only(provider: Provider) -> None:
    browser, _own = signed_in(provider, "alice", "wonderland")
    browser.follow(browser.client.get("/logout"))
    evil = {"client_id": "web", "post_logout_redirect_uri": "http://evil.example/"}
    answer = browser.submit(**evil)

    assert answer.get_json()["error"]["code"] == "post_logout_redirect_uri_unknown"


def test_signing_out_ends_the_session_and_not_the_cookie_alone(
    provider: Provider,
) -> None:
    browser, _own = signed_in(provider, "alice", "wonderland")
    cookie = browser.client.get_cookie("oauthapp_provider", "localhost")
    assert cookie is not None
    browser.follow(browser.client.get("/logout"))
    browser.submit()

    thief = provider.browser()
    thief.client.set_cookie("oauthapp_provider", cookie.value, domain="localhost")
    assert not still_in(thief)


def test_nobody_who_is_signed_out_is_asked(provider: Provider) -> None:
    sent = {"client_id": "web", "post_logout_redirect_uri": LOGOUT_URI, "state": "a&b"}
    answer = provider.machine().get("/logout", query_string=sent)

    assert answer.location == f"{LOGOUT_URI}?state=a%26b"


@pytest.mark.parametrize(("client_id", "status"), [("native", 303), ("odd:id", 400)])
def test_only_a_native_clients_loopback_port_may_vary(
    provider: Provider, client_id: str, status: int
) -> None:
    uri = "http://127.0.0.1:9001/out"
    sent = {"client_id": client_id, "post_logout_redirect_uri": uri}

    answer = provider.machine().get("/logout", query_string=sent)
    assert (answer.status_code, answer.location) == (
        status,
        uri if status == 303 else None,
    )
