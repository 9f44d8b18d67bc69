"""A shop at the provider, honest but for what a test changes."""

from urllib.parse import urlsplit

from sqlalchemy import select
from werkzeug.test import TestResponse

from oauthapp.database import reading
from oauthapp.schema.sender import events
from tests.attacks.provider_house import RETURN_URL
from tests.attacks.provider_house import Browser
from tests.attacks.provider_house import Provider
from tests.attacks.provider_house import basic

KEY = {"Idempotency-Key": "key-1"}


def asked(**changes: str | None) -> dict[str, str]:
    """What a shop sends to open a checkout."""
    form: dict[str, str | None] = {
        "order": "ord_1",
        "description": "A mug",
        "amount": "1250",
        "currency": "EUR",
        "return_url": RETURN_URL,
        **changes,
    }
    return {name: value for name, value in form.items() if value is not None}


def open_checkout(
    provider: Provider, headers: dict[str, str] | None = None, **changes: str | None
) -> TestResponse:
    """The web client asks for a checkout."""
    sent = {**basic("web", "s3cret"), **(KEY if headers is None else headers)}
    return provider.machine().post(
        "/checkout/sessions", data=asked(**changes), headers=sent
    )


def opened_page(provider: Provider, **changes: str | None) -> str:
    """The path of the page that a buyer is sent to."""
    return path_of(open_checkout(provider, **changes))


def path_of(answer: TestResponse) -> str:
    assert answer.status_code == 201, answer.text
    return urlsplit(answer.get_json()["url"]).path


def buyer(provider: Provider, page: str) -> Browser:
    """Somebody who looks at the page."""
    browser = provider.browser()
    browser.follow(browser.client.get(page))
    return browser


def published(provider: Provider) -> list[tuple[str, bytes]]:
    """Type and body of each event there is."""
    with reading(provider.services.database) as connection:
        found = connection.execute(select(events.c.type, events.c.body))
        return [(type, body) for type, body in found]
