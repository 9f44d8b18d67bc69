"""What may be switched on for this machine alone, where nobody else can reach it."""

from urllib.parse import urlsplit

from oauthapp.settings_checks import LOOPBACK_HOSTS


def require_loopback(key: str, address_key: str, url: str) -> None:
    """Refuse `key` where `url`, the setting `address_key`, is not on this machine."""
    if urlsplit(url).hostname not in LOOPBACK_HOSTS:
        raise ValueError(
            f"{key}: lets anybody who reaches us make us misbehave, so it needs an "
            f"{address_key} at localhost, 127.0.0.1 or [::1], not {url!r}"
        )
