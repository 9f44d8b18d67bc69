"""What has to fit together where work is given away and its result is posted."""

from oauthapp import settings_checks as checks


def require_callbacks(urls: list[str], secret: str) -> None:
    """Refuse addresses without a secret to sign for them, and the reverse."""
    for url in urls:
        checks.require_url("callback_urls", url)
    if secret:
        checks.require_signing_secret("callback_secret", secret)
    if bool(urls) != bool(secret):
        raise ValueError("callback_secret: goes together with callback_urls")


def require_basic(key: str, method: str) -> None:
    """Refuse a way of authentication that a request with a JSON body has not got."""
    if method != "client_secret_basic":
        raise ValueError(
            f'{key}: needs token_endpoint_auth_method = "client_secret_basic"'
        )
