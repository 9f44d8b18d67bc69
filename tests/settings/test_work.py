"""What has to fit together where work is given away and its result is posted."""

from typing import Any

import msgspec
import pytest

from oauthapp.settings import AppSettings
from oauthapp.settings import Client
from oauthapp.settings import LoginProvider
from oauthapp.settings import ProviderSettings

SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
CLIENT: dict[str, Any] = {
    "client_id": "app",
    "client_secret": "s",
    "grant_types": ["client_credentials"],
    "callback_urls": ["http://localhost:5000/results/demo"],
    "callback_secret": SECRET,
    "repositories": ["demo"],
}
LOGIN: dict[str, Any] = {
    "issuer": "https://op.example",
    "client_id": "app",
    "client_secret": "s",
    "callback_secrets": [SECRET],
}
APP: dict[str, Any] = {
    "base_url": "http://localhost:5000",
    "secret_key": "k" * 32,
    "providers": {"demo": LOGIN},
    "webhooks": {"demo": {"secrets": [SECRET], "provider": "demo"}},
}
PROVIDER: dict[str, Any] = {"issuer": "http://127.0.0.1:5001", "secret_key": "k" * 32}
POST: dict[str, Any] = {"token_endpoint_auth_method": "client_secret_post"}
PUBLIC: dict[str, Any] = {"token_endpoint_auth_method": "none", "client_secret": ""}


@pytest.mark.parametrize(
    ("shape", "good"),
    [(Client, CLIENT), (LoginProvider, LOGIN), (AppSettings, APP)],
    ids=["Client", "LoginProvider", "AppSettings"],
)
def test_what_fits_is_taken(shape: type, good: dict[str, Any]) -> None:
    assert msgspec.convert(good, shape)


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"callback_urls": []}, "callback_secret"),
        ({"callback_secret": ""}, "callback_secret"),
        ({"callback_secret": "whsec_short"}, "callback_secret"),
        ({"callback_urls": ["http://app.example/results"]}, "callback_urls"),
        ({"callback_urls": ["/results"]}, "callback_urls"),
        ({"callback_urls": ["https://app.example/results#x"]}, "callback_urls"),
        (POST, "callback_urls"),
        (PUBLIC, "callback_urls|client_credentials"),
    ],
    ids=lambda one: ascii(one)[:40],
)
def test_a_client_whose_results_cannot_be_sent_is_refused(
    changes: dict[str, Any], key: str
) -> None:
    with pytest.raises(msgspec.ValidationError, match=key):
        msgspec.convert({**CLIENT, **changes}, Client)


@pytest.mark.parametrize(
    "changes",
    [{"callback_secrets": ["whsec_short"]}, POST, PUBLIC],
    ids=["secret", "post", "public"],
)
def test_a_provider_whose_results_cannot_be_checked_is_refused(
    changes: dict[str, Any],
) -> None:
    with pytest.raises(msgspec.ValidationError, match="callback_secrets"):
        msgspec.convert({**LOGIN, **changes}, LoginProvider)


@pytest.mark.parametrize(
    "providers", [{}, {"demo": {**LOGIN, **POST, "callback_secrets": []}}]
)
def test_whom_nobody_can_report_to_is_refused(providers: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError, match="webhooks.demo.provider"):
        msgspec.convert({**APP, "providers": providers}, AppSettings)


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"job_seconds": -1}, "job_seconds"),
        ({"job_seconds": 86401}, "job_seconds"),
        ({"repositories": ["a/b"]}, "repositories"),
    ],
    ids=["negative", "long", "name"],
)
def test_work_out_of_range_is_refused(changes: dict[str, Any], key: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=key):
        msgspec.convert({**PROVIDER, **changes}, ProviderSettings)


def test_the_callback_url_is_a_constant() -> None:
    settings = msgspec.convert(APP, AppSettings)

    assert settings.callback_url("demo") == "http://localhost:5000/results/demo"
