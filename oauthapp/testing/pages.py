"""Somebody signs in with a real browser: a page of Playwright."""

from typing import Any
from urllib.parse import urlsplit

from oauthapp.testing.walking import Person
from oauthapp.testing.walking import SignInStopped


def sign_in_by_page(page: Any, url: str, person: Person) -> Any:
    """Fill in the provider's pages until the browser is back at the application.

    :raises SignInStopped: when the application does not lead to the provider.
    """
    page.goto(url)
    if not page.url.startswith(f"{person.issuer}/"):
        raise SignInStopped(f"{url} led to {page.url}, not to {person.issuer}")
    if _path(page) == "/login":
        page.get_by_label("User name").fill(person.username)
        page.get_by_label("Password").fill(person.password)
        _press(page, "Sign in")
    if page.url.startswith(f"{person.issuer}/") and _path(page) == "/consent":
        _press(page, {"allow": "Allow", "deny": "Deny"}[person.decision])
    if page.url.startswith(f"{person.issuer}/"):
        raise SignInStopped(f"the provider stays at {page.url}: {page.title()}")
    return page


def _press(page: Any, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name).click()


def _path(page: Any) -> str:
    return urlsplit(str(page.url)).path
