"""How much of something is too much: what each party lets others do, and keeps."""

from oauthapp import settings_checks as checks
from oauthapp.settings.shape import Shape

#: So many things that wait are more than any machine needs.
_MOST = 10**8


def _require_numbers(of: Shape, *keys: str) -> None:
    for key in keys:
        checks.require_range(key, getattr(of, key), 1, _MOST, unit="of them")


class AppLimits(Shape, frozen=True, kw_only=True):
    """What the app puts up with. A rate is "10/minute", or "" for none."""

    #: Logins that one address may begin.
    logins: str = "300/minute"
    #: Logins that were begun and nobody has come back from.
    pending_logins: int = 100_000
    #: Messages that wait for the worker, and the bytes of their bodies.
    inbox_messages: int = 100_000
    inbox_bytes: int = 256 * 1024**2
    #: Sessions of one user; the oldest beyond them end.
    sessions_per_user: int = 1000

    def __post_init__(self) -> None:
        checks.require_rate("logins", self.logins)
        _require_numbers(self, "pending_logins", "inbox_messages", "sessions_per_user")
        # One message of the largest size must fit.
        checks.require_range(
            "inbox_bytes", self.inbox_bytes, 10**6, 10**15, unit="bytes"
        )


class ProviderLimits(Shape, frozen=True, kw_only=True):
    """What the provider puts up with. A rate is "10/minute", or "" for none."""

    #: Wrong passwords for one user from one address, and from it for anybody.
    wrong_passwords: str = "10/minute"
    wrong_passwords_of_address: str = "100/minute"
    #: Wrong secrets of one client from one address, and from it of any client.
    wrong_secrets: str = "10/minute"
    wrong_secrets_of_address: str = "100/minute"
    #: Clients that one address may register, and all that are kept.
    registrations: str = "20/minute"
    registered_clients: int = 10_000
    #: Requests that wait for their user to sign in or decide, and pushed ones that
    #: wait for their browser.
    waiting_requests: int = 100_000
    pushed_requests: int = 100_000
    #: Sessions of one user; the oldest beyond them end.
    sessions_per_user: int = 1000

    def __post_init__(self) -> None:
        for key in (
            "wrong_passwords",
            "wrong_passwords_of_address",
            "wrong_secrets",
            "wrong_secrets_of_address",
            "registrations",
        ):
            checks.require_rate(key, getattr(self, key))
        _require_numbers(
            self,
            "registered_clients",
            "waiting_requests",
            "pushed_requests",
            "sessions_per_user",
        )


#: For tests, where hundreds of clients and attacks come from one address.
UNLIMITED_RATES = ProviderLimits(
    wrong_passwords="",
    wrong_passwords_of_address="",
    wrong_secrets="",
    wrong_secrets_of_address="",
    registrations="",
)
