"""Limits are written as rates and numbers, and what makes no sense is refused."""

import pytest

from oauthapp.configuration import load_settings
from oauthapp.errors import SettingsError
from oauthapp.settings import UNLIMITED_RATES
from oauthapp.settings import AppLimits
from oauthapp.settings import ProviderLimits

KEY = "k" * 32
APP = {
    "OAUTHAPP_APP__BASE_URL": "http://localhost:5000",
    "OAUTHAPP_APP__SECRET_KEY": KEY,
}
RATES = [
    "wrong_passwords",
    "wrong_passwords_of_address",
    "wrong_secrets",
    "wrong_secrets_of_address",
    "registrations",
]
NUMBERS = [
    "registered_clients",
    "waiting_requests",
    "pushed_requests",
    "sessions_per_user",
]


@pytest.mark.parametrize("rate", ["1/second", "10/minute", "999999/hour", "5/day", ""])
def test_a_rate_is_a_number_and_a_time(rate: str) -> None:
    assert AppLimits(logins=rate).logins == rate


@pytest.mark.parametrize(
    "rate",
    ["0/minute", "10", "10/week", "10 / minute", "-1/day", "ten/day", "1/minutes"],
)
@pytest.mark.parametrize("key", RATES)
def test_what_is_no_rate_is_refused_by_its_name(key: str, rate: str) -> None:
    with pytest.raises(ValueError, match=f"^{key}: "):
        ProviderLimits(**{key: rate})


@pytest.mark.parametrize("key", NUMBERS)
def test_nothing_at_all_is_no_bound(key: str) -> None:
    with pytest.raises(ValueError, match=f"^{key}: "):
        ProviderLimits(**{key: 0})


@pytest.mark.parametrize(
    ("key", "least"),
    [
        ("pending_logins", 1),
        ("inbox_messages", 1),
        ("inbox_bytes", 10**6),
        ("sessions_per_user", 1),
    ],
)
def test_an_app_holds_at_least_something(key: str, least: int) -> None:
    assert getattr(AppLimits(**{key: least}), key) == least
    with pytest.raises(ValueError, match=f"^{key}: "):
        AppLimits(**{key: least - 1})


def test_a_limit_comes_from_the_environment_too() -> None:
    environ = {**APP, "OAUTHAPP_APP__LIMITS__LOGINS": "7/hour"}
    settings = load_settings(None, environ)

    assert settings.app is not None
    assert settings.app.limits == AppLimits(logins="7/hour")


def test_the_message_names_the_whole_key() -> None:
    environ = {**APP, "OAUTHAPP_APP__LIMITS__LOGINS": "often"}

    with pytest.raises(SettingsError, match=r"app\.limits\.logins: 'often' is no rate"):
        load_settings(None, environ)


def test_a_tests_provider_limits_no_rate_but_stays_bounded() -> None:
    assert {getattr(UNLIMITED_RATES, key) for key in RATES} == {""}
    assert UNLIMITED_RATES.waiting_requests == ProviderLimits().waiting_requests
