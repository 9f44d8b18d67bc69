"""The provider's pages, walked through by a played browser: sign in, decide, leave."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from oauthapp.forms import forms_in
from oauthapp.visitor import LostVisitor
from oauthapp.visitor import Visitor


class SignInStopped(AssertionError):
    """The sign-in did not come to its end; the message says where and why."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who signs in at the provider, and what they decide."""

    issuer: str
    username: str
    password: str
    #: The button that is pressed on the consent page: "allow" or "deny".
    decision: str


def through_the_provider(
    visitor: Visitor, url: str, person: Person
) -> tuple[str, dict[str, str] | None]:
    """Where the provider sends the browser in the end, with the form it posts there.

    :raises SignInStopped: when a page on the way is not the one to be expected.
    """
    try:
        out = visitor.leave(url, person.issuer)
        while out is None:
            out = _next_page(visitor, person)
    except LostVisitor as lost:
        raise SignInStopped(f"at the provider: {lost}") from None
    return out


def _next_page(
    visitor: Visitor, person: Person
) -> tuple[str, dict[str, str] | None] | None:
    page = visitor.page
    assert page is not None
    for form in forms_in(page.text, page.url):
        if not form.action.startswith(f"{person.issuer}/"):
            return form.action, form.fields  # response_mode=form_post
        if "password" in form.fields:
            if page.status_code != 200:
                raise SignInStopped(f"the provider refused the password: {page.text}")
            values = {"username": person.username, "password": person.password}
            return visitor.leave_by_form(values, person.issuer)
        button = ("decision", person.decision)
        if button in form.buttons:
            return visitor.leave_by_form({}, person.issuer, button=button)
    path = urlsplit(page.url).path
    raise SignInStopped(
        f"the provider answered {path} with {page.status_code}: {_why(page.text)}"
    )


def _why(html: str) -> str:
    """The reason code of an error page, the page itself where it has none."""
    _, found, rest = html.partition("Reason code <code>")
    return rest.partition("<")[0] if found else html[:500]
