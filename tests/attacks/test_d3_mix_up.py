"""RULES D.3: one provider's answer never passes for another's."""

import pytest

from tests.attacks.evil_browser import EvilBrowser
from tests.attacks.evil_browser import reason
from tests.attacks.evil_provider import DROP
from tests.attacks.evil_provider import EvilProvider
from tests.attacks.house import House

PROMISE = "authorization_response_iss_parameter_supported"


def test_D3_an_answer_carried_to_another_providers_redirect_uri_is_refused(
    browser: EvilBrowser, evil: EvilProvider, other: EvilProvider
) -> None:
    """The honest provider's code would be sent to the evil one's token endpoint."""
    browser.begin("other")
    brought = evil.authorize(browser.begin("demo"))

    answer = browser.bring(brought, "other")

    assert (answer.status_code, reason(answer)) == (400, "state_of_another_provider")
    assert evil.calls("/token") == other.calls("/token") == []


def test_D3_and_its_login_is_over(
    browser: EvilBrowser, evil: EvilProvider, other: EvilProvider
) -> None:
    brought = evil.authorize(browser.begin("demo"))
    browser.bring(brought, "other")

    assert reason(browser.bring(brought, "demo")) == "state_unknown"


@pytest.mark.parametrize("error", [DROP, "access_denied"])
@pytest.mark.parametrize("promised", [True, False])
def test_D3_an_answer_that_names_another_issuer_is_refused(
    browser: EvilBrowser,
    evil: EvilProvider,
    other: EvilProvider,
    error: object,
    promised: bool,
) -> None:
    """The evil provider sent the user on to the honest one, with its own state."""
    evil.metadata[PROMISE] = promised
    brought = evil.authorize(browser.begin(), iss=other.issuer, error=error)

    answer = browser.bring(brought)

    assert (answer.status_code, reason(answer)) == (400, "iss_mismatch")
    assert evil.calls("/token") == []


@pytest.mark.parametrize("iss", [DROP, ""])
@pytest.mark.parametrize("error", [DROP, "access_denied"])
def test_D3_an_answer_without_iss_is_refused_where_it_was_promised(
    browser: EvilBrowser, evil: EvilProvider, iss: object, error: object
) -> None:
    answer = browser.bring(evil.authorize(browser.begin(), iss=iss, error=error))

    assert (answer.status_code, reason(answer)) == (400, "iss_missing")
    assert evil.calls("/token") == []


def test_D3_an_answer_without_iss_is_let_in_where_it_was_not_promised(
    browser: EvilBrowser, evil: EvilProvider
) -> None:
    evil.metadata[PROMISE] = DROP

    assert browser.bring(evil.authorize(browser.begin(), iss=DROP)).status_code == 303


@pytest.mark.parametrize(
    "near",
    [
        lambda iss: f"{iss}/",
        lambda iss: iss.replace("127.0.0.1", "localhost"),
        lambda iss: iss.replace("http", "HTTP"),
        lambda iss: iss.replace("http:", "https:"),
        lambda iss: f" {iss}",
        lambda iss: f"{iss}\n",
        lambda iss: f"{iss}#",
        lambda iss: iss[:-1],
        lambda iss: f"{iss}%2F",
    ],
)
def test_D3_an_issuer_that_is_nearly_ours_is_another(
    browser: EvilBrowser, evil: EvilProvider, near: object
) -> None:
    iss = near(evil.issuer)

    assert reason(browser.bring(evil.authorize(browser.begin(), iss=iss))) == (
        "iss_mismatch"
    )


def test_D3_each_provider_has_a_redirect_uri_of_its_own(house: House) -> None:
    uris = {house.settings.redirect_uri(name) for name in house.settings.providers}

    assert len(uris) == 2


def test_D3_an_id_token_of_another_provider_is_refused(
    browser: EvilBrowser, evil: EvilProvider, other: EvilProvider
) -> None:
    """The evil provider passes on a token that the honest one really signed."""
    evil.sign = lambda header, claims: other.sign_honestly(
        {**header, "kid": other.key.kid}, {**claims, "iss": other.issuer}
    )

    answer = browser.bring(evil.authorize(browser.begin()))

    assert reason(answer) == "id_token_kid"
    assert not browser.is_signed_in()


def test_D3_an_evil_provider_that_publishes_the_others_keys_gains_nothing(
    browser: EvilBrowser, evil: EvilProvider, other: EvilProvider
) -> None:
    evil.metadata["jwks_uri"] = f"{other.issuer}/jwks"
    evil.sign = lambda header, claims: other.sign_honestly(
        {**header, "kid": other.key.kid}, {**claims, "iss": other.issuer}
    )

    answer = browser.bring(evil.authorize(browser.begin()))

    assert reason(answer) == "id_token_iss"


def test_D3_the_same_sub_at_two_providers_is_two_people(
    browser: EvilBrowser, evil: EvilProvider, other: EvilProvider
) -> None:
    browser.bring(other.authorize(browser.begin("other")), "other")
    first = browser.open("/me").get_json()
    browser.bring(evil.authorize(browser.begin("demo")), "demo")
    second = browser.open("/me").get_json()

    assert first["sub"] == second["sub"]
    assert first["provider"] != second["provider"]
