"""Users for tests: nobody has to think of a password."""

from oauthapp.settings.provider import User

#: Who can sign in where nobody was named.
NAMES = ("alice", "bob")


def example_user(sub: str, *, password: str = "") -> User:
    """A user with a name, an e-mail address and, by default, `<sub>-password`."""
    return User(
        sub=sub,
        password=password or example_password(sub),
        claims={
            "name": f"{sub.title()} Example",
            "email": f"{sub}@example.com",
            "email_verified": True,
        },
    )


def example_password(sub: str) -> str:
    """The password of a test's user who was given none."""
    return f"{sub}-password"


def example_users() -> list[User]:
    """Those who can sign in where nobody was named."""
    return [example_user(name) for name in NAMES]
