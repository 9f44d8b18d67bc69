"""What a setting's value must be to be safe, said with the key and what to write.

Each raises ValueError; the shapes in `settings.py` call them when they are made.
"""

import re
from collections.abc import Iterable
from urllib.parse import SplitResult
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from oauthapp import signing_keys

#: Hosts that plain http may be used with: the traffic never leaves the machine.
LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
_TEST_HOST = "testserver"  # an application in a framework's test client

#: A name or an IP address. Others would end a directive where our CSP names it.
_HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]+")
_PATH = re.compile(r"(/[a-z0-9_-]+)+")
_EVENT_TYPE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~:/?#=&%+-]{0,199}")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
#: What the library that counts can read, in its shortest spelling.
_RATE = re.compile(r"[1-9][0-9]{0,5}/(second|minute|hour|day)")
_NEW_KEY = "python -c 'import secrets; print(secrets.token_urlsafe(32))'"


def require_signing_secret(key: str, secret: str) -> None:
    """Refuse what is not a Standard Webhooks signing secret of 24 to 64 bytes."""
    try:
        signing_keys.symmetric_key(secret)
    except ValueError as error:
        raise ValueError(f"{key}: {error}") from None


def require_checking_secret(key: str, secret: str) -> None:
    """Refuse what cannot check a Standard Webhooks signature, shared or public."""
    if not secret.startswith("whpk_"):
        return require_signing_secret(key, secret)
    try:
        signing_keys.public_key(secret)
    except ValueError as error:
        raise ValueError(f"{key}: {error}") from None


def require_shared_secret(key: str, secret: str) -> None:
    """Refuse what can be guessed, or was not copied whole or alone."""
    if len(secret) < 16 or secret != secret.strip():
        raise ValueError(
            f"{key}: write the signing secret just as the sender shows it, of 16 "
            "characters or more"
        )


def require_database_url(key: str, url: str) -> None:
    """Refuse other databases than SQLite in a file and PostgreSQL."""
    problem = (
        f"{key}: write sqlite:///instance/some.sqlite or "
        "postgresql://user:password@host/name"
    )
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise ValueError(problem) from None
    backend = parsed.get_backend_name()
    if backend == "sqlite" and parsed.database not in (None, "", ":memory:"):
        return
    if backend != "postgresql":
        raise ValueError(problem)


def _split(key: str, url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises on a port that is no number
    except ValueError:
        raise ValueError(f"{key}: {url!r} is not a URL") from None
    return parts


def _require_plain(key: str, url: str) -> None:
    """Refuse what urlsplit drops in silence and a header cannot carry."""
    if not re.fullmatch(r"[!-\[\]-~]+", url):
        raise ValueError(
            f"{key}: {url!r} must be ASCII without spaces and backslashes; write "
            "other characters as %XX, a host name in its xn-- form"
        )


def require_url(key: str, url: str) -> SplitResult:
    """An absolute http(s) URL; plain http on this machine only."""
    parts = _split(key, url)
    _require_plain(key, url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{key}: {url!r} must begin with https:// (or http://) + host")
    if not _HOST.fullmatch(parts.hostname):
        raise ValueError(f"{key}: {url!r} must have a host of letters, digits, . and -")
    if parts.scheme == "http" and parts.hostname not in {*LOOPBACK_HOSTS, _TEST_HOST}:
        raise ValueError(
            f"{key}: {url!r} would send secrets unencrypted; write https://, "
            "or use localhost, 127.0.0.1 or [::1]"
        )
    if "#" in url or parts.username is not None:
        raise ValueError(f"{key}: {url!r} must have no fragment and no user name")
    return parts


def require_issuer(key: str, url: str) -> None:
    """A provider's own name, spelled as it spells it (OIDC Discovery §3)."""
    require_url(key, url)
    if "?" in url:
        raise ValueError(f"{key}: {url!r} must have no query")


def require_origin(key: str, url: str) -> None:
    parts = require_url(key, url)
    # As a browser writes it, because it is compared with the Host header.
    origin = f"{parts.scheme}://{_host_and_port(parts)}"
    if url != origin:
        raise ValueError(
            f"{key}: {url!r} must be scheme, host and port alone, in lower case, "
            f'without a slash or the usual port at the end; try "{origin}"'
        )


def require_own_issuer(key: str, url: str) -> None:
    """An origin, or a path below one that several providers share."""
    parts = require_url(key, url)
    if parts.path and not _PATH.fullmatch(parts.path):
        raise ValueError(
            f"{key}: {url!r} must end in a path of a-z, 0-9, - and _, such as "
            "/t/acme, without a slash at the end; or in none"
        )
    require_origin(key, url.removesuffix(parts.path) if parts.path else url)


def _host_and_port(parts: SplitResult) -> str:
    name = str(parts.hostname)
    host = f"[{name}]" if ":" in name else name
    usual = {"http": 80, "https": 443}[parts.scheme]
    return host if parts.port in (None, usual) else f"{host}:{parts.port}"


def require_redirect_uri(key: str, uri: str, *, native: bool) -> None:
    parts = _split(key, uri)
    if native and parts.scheme not in ("http", "https"):
        _require_plain(key, uri)
        if "#" in uri:
            raise ValueError(f"{key}: {uri!r} must have no fragment (RFC 6749 §3.1.2)")
        if "." not in parts.scheme:
            raise ValueError(
                f"{key}: {uri!r} needs a scheme that is a reversed domain name, "
                'such as "com.example.app:/callback" (RFC 8252 §7.1)'
            )
        return
    require_url(key, uri)


def require_same_origin(key: str, uri: str, redirect_uris: Iterable[str]) -> None:
    """Refuse an address at another origin than the client's redirect URIs."""
    parts = require_url(key, uri)
    origins = {urlsplit(one)[:2] for one in redirect_uris}
    if (parts.scheme, parts.netloc) not in origins:
        raise ValueError(
            f"{key}: {uri!r} must have scheme, host and port of one of the "
            "redirect_uris (Front-Channel Logout §2)"
        )


def require_scopes(key: str, scopes: Iterable[str]) -> None:
    """Refuse names that are no scope (RFC 6749 §3.3)."""
    for scope in scopes:
        if not re.fullmatch(r"[!#-\[\]-~]+", scope):
            raise ValueError(f"{key}: {scope!r} is no scope: ASCII without spaces")


def require_secret_fits(method: str, secret: str) -> None:
    if method == "none" and secret:
        raise ValueError(
            'client_secret: leave it out, or choose another method than "none"'
        )
    if method != "none" and not secret:
        raise ValueError(
            f'client_secret: needed by token_endpoint_auth_method "{method}"; '
            'for a public client write token_endpoint_auth_method = "none"'
        )


def require_key(key: str) -> None:
    if len(key) < 32:
        raise ValueError(
            f"secret_key: write at least 32 random characters; make one: {_NEW_KEY}"
        )


def require_range(
    key: str, value: float, least: int, most: int, *, unit: str = "seconds"
) -> None:
    if not least <= value <= most:
        raise ValueError(f"{key}: {value} is not between {least} and {most} {unit}")


def require_rate(key: str, rate: str) -> None:
    if rate and not _RATE.fullmatch(rate):
        raise ValueError(
            f'{key}: {rate!r} is no rate; write "10/minute" (or second, hour, day), or '
            '"" for no limit'
        )


def require_names(key: str, names: Iterable[str]) -> None:
    for name in names:
        if not _NAME.fullmatch(name):
            raise ValueError(
                f"{key}: {name!r} becomes part of a URL; use a-z, 0-9, - and _ only"
            )


def require_event_types(key: str, types: Iterable[str]) -> None:
    for one in types:
        if not _EVENT_TYPE.fullmatch(one):
            raise ValueError(
                f"{key}: {one!r} is no type of event; write the name of one, as "
                '"order.paid" or a URI'
            )


def require_unique(key: str, what: str, values: list[str]) -> None:
    for value in values:
        if values.count(value) > 1:
            raise ValueError(f"{key}: the {what} {value!r} is there twice")
