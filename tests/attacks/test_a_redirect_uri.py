"""RULES A at the provider: the browser is sent to registered addresses only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oauthapp.allowlist import is_registered
from tests.attacks.provider_house import LOGOUT_URI
from tests.attacks.provider_house import REDIRECT_URI
from tests.attacks.provider_house import Provider
from tests.attacks.provider_house import answered

NEAR_MISSES = [
    REDIRECT_URI + "/",
    REDIRECT_URI + "?",
    REDIRECT_URI + "?x=1",
    REDIRECT_URI + "#",
    REDIRECT_URI + "#x",
    REDIRECT_URI + " ",
    " " + REDIRECT_URI,
    REDIRECT_URI + "\n",
    REDIRECT_URI + "\x00",
    REDIRECT_URI + "%00",
    REDIRECT_URI + ";x",
    REDIRECT_URI + "/../demo",
    REDIRECT_URI[:-1],
    REDIRECT_URI.upper(),
    REDIRECT_URI.replace("http", "HTTP"),
    REDIRECT_URI.replace("http", "https"),
    REDIRECT_URI.replace("localhost", "LOCALHOST"),
    REDIRECT_URI.replace("localhost", "localhost."),
    REDIRECT_URI.replace("localhost", "127.0.0.1"),
    REDIRECT_URI.replace("localhost", "[::1]"),
    REDIRECT_URI.replace("localhost", "2130706433"),
    REDIRECT_URI.replace("localhost", "localhost.evil.example"),
    REDIRECT_URI.replace("localhost", "evil.example"),
    REDIRECT_URI.replace("localhost", "localhost@evil.example"),
    REDIRECT_URI.replace("localhost", "user@localhost"),
    REDIRECT_URI.replace("localhost", "evil.example#localhost"),
    REDIRECT_URI.replace("localhost", "evil.example\\@localhost"),
    REDIRECT_URI.replace("localhost", "ｌocalhost"),
    REDIRECT_URI.replace(":5000", ""),
    REDIRECT_URI.replace(":5000", ":5001"),
    REDIRECT_URI.replace(":5000", ":05000"),
    REDIRECT_URI.replace(":5000", ":5000:"),
    REDIRECT_URI.replace("/callback", "/Callback"),
    REDIRECT_URI.replace("/callback", "//callback"),
    REDIRECT_URI.replace("/callback", "/./callback"),
    REDIRECT_URI.replace("/callback", "/x/../callback"),
    REDIRECT_URI.replace("/callback", "/%63allback"),
    REDIRECT_URI.replace("/demo", "%2Fdemo"),
    REDIRECT_URI.replace("/demo", "\\demo"),
    REDIRECT_URI.replace("http://", "//"),
    REDIRECT_URI.replace("http://", "http:/"),
    "javascript:alert(1)//" + REDIRECT_URI,
    "data:text/html,<script>alert(1)</script>",
    "/callback/demo",
    "callback/demo",
    "urn:ietf:wg:oauth:2.0:oob",
    "https://other.example/cb",
]


@pytest.mark.parametrize("uri", NEAR_MISSES)
def test_A1_a_near_miss_is_another_uri(provider: Provider, uri: str) -> None:
    answer = provider.browser().authorize(redirect_uri=uri)

    assert answer.status_code == 400
    assert "Location" not in answer.headers
    assert "redirect_uri_unknown" in answer.text


@given(st.text())
def test_A1_only_the_same_string_is_the_same_uri(uri: str) -> None:
    assert is_registered(uri, [REDIRECT_URI]) == (uri == REDIRECT_URI)


def test_A1_the_second_registered_uri_keeps_its_own_query(provider: Provider) -> None:
    browser = provider.browser()
    browser.authorize(redirect_uri="http://localhost:5000/callback/two?x=1")
    browser.log_in()
    answer = browser.submit(decision="allow")

    assert answer.location.startswith("http://localhost:5000/callback/two?x=1&code=")
    assert answered(answer)["x"] == "1"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"client_id": "nobody", "response_type": "x"}, "client_unknown"),
        ({"client_id": None}, "client_unknown"),
        ({"redirect_uri": None, "scope": None}, "redirect_uri_missing"),
        ({"redirect_uri": "", "request": "x"}, "redirect_uri_missing"),
        ({"redirect_uri": REDIRECT_URI + "x", "prompt": "x"}, "redirect_uri_unknown"),
    ],
    ids=str,
)
def test_A2_client_and_uri_are_checked_before_anything_else(
    provider: Provider, changes: dict[str, str | None], code: str
) -> None:
    answer = provider.browser().authorize(**changes)

    assert (answer.status_code, "Location" in answer.headers) == (400, False)
    assert answer.get_json()["error"]["code"] == code


def test_A2_the_page_shows_both_uris_marks_where_they_part_and_links_to_neither(
    provider: Provider,
) -> None:
    evil = REDIRECT_URI.replace("5000", "5999")
    page = provider.machine().get(
        "/authorize",
        query_string={"client_id": "web", "redirect_uri": evil},
        headers={"Accept": "text/html"},
    )

    assert page.status_code == 400
    assert 'http://localhost:5<mark class="difference">9</mark>99/callback' in page.text
    assert 'http://localhost:5<mark class="difference">0</mark>00/callback' in page.text
    assert 'href="http' not in page.text


@pytest.mark.parametrize("name", ["client_id", "redirect_uri"])
def test_A3_a_duplicate_is_told_on_a_page(provider: Provider, name: str) -> None:
    value = {"client_id": "web", "redirect_uri": REDIRECT_URI}
    query = [*value.items(), (name, value[name])]
    answer = provider.machine().get("/authorize", query_string=query)  # type: ignore[arg-type]

    assert (answer.status_code, "Location" in answer.headers) == (400, False)


@pytest.mark.parametrize(
    "uri", ["http://127.0.0.1:1/cb", "http://127.0.0.1:65535/cb", "http://[::1]:8/cb"]
)
def test_A4_a_native_clients_loopback_port_may_vary(
    provider: Provider, uri: str
) -> None:
    browser = provider.browser()
    browser.authorize(client_id="native", redirect_uri=uri)
    browser.log_in()

    assert browser.submit(decision="allow").location.startswith(f"{uri}?code=")


@pytest.mark.parametrize(
    "uri",
    [
        "http://localhost:1/cb",
        "http://127.0.0.2:1/cb",
        "http://127.0.0.1:1/cb/",
        "http://127.0.0.1:1/CB",
        "http://127.0.0.1:/cb",
        "http://127.0.0.1:0/cb",
        "http://127.0.0.1:65536/cb",
        "http://127.0.0.1:١/cb",
        "http://127.0.0.1:1@evil.example/cb",
        "http://127.0.0.1.evil.example/cb",
        "https://127.0.0.1:1/cb",
        "HTTP://127.0.0.1:1/cb",
        "http://[::1]:1/cb?x",
        "http://[0:0:0:0:0:0:0:1]:1/cb",
        "com.example.app:1/cb",
    ],
)
def test_A4_nothing_but_the_port_of_a_loopback_ip_may_vary(
    provider: Provider, uri: str
) -> None:
    answer = provider.browser().authorize(client_id="native", redirect_uri=uri)

    assert (answer.status_code, "Location" in answer.headers) == (400, False)


def test_A4_a_web_clients_port_may_not_vary(provider: Provider) -> None:
    other_port = "http://127.0.0.1:9001/cb"
    answer = provider.browser().authorize(client_id="odd:id", redirect_uri=other_port)
    assert (answer.status_code, "Location" in answer.headers) == (400, False)

    registered = ["http://127.0.0.1:5000/cb"]

    assert not is_registered("http://127.0.0.1:5001/cb", registered)
    assert is_registered("http://127.0.0.1:5001/cb", registered, native=True)


@pytest.mark.parametrize(
    "uri", [LOGOUT_URI + "x", LOGOUT_URI[:-1], "http://evil.example/", "//evil.example"]
)
def test_A6_after_a_logout_too_only_registered_addresses_count(
    provider: Provider, uri: str
) -> None:
    answer = provider.machine().get(
        "/logout", query_string={"client_id": "web", "post_logout_redirect_uri": uri}
    )

    assert (answer.status_code, "Location" in answer.headers) == (400, False)
    assert answer.get_json()["error"]["code"] == "post_logout_redirect_uri_unknown"


@pytest.mark.parametrize("name", ["post_logout_redirect_uri", "client_id", "state"])
@pytest.mark.parametrize("other", ["http://evil.example/", LOGOUT_URI])
def test_A3_A6_a_duplicate_at_logout_is_told_on_a_page(
    provider: Provider, name: str, other: str
) -> None:
    sent = {"client_id": "web", "post_logout_redirect_uri": LOGOUT_URI, "state": "s"}
    query = [*sent.items(), (name, other)]
    answer = provider.machine().get("/logout", query_string=query)  # type: ignore[arg-type]

    assert (answer.status_code, "Location" in answer.headers) == (400, False)
    assert answer.get_json()["error"]["code"] == "parameter_repeated"
