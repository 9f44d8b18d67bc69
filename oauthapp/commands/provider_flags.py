"""What the flags of `oauthapp provider` say, as the settings have it."""

import base64
import json
import secrets
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any
from typing import TypeVar

import msgspec

from oauthapp.errors import SettingsError
from oauthapp.settings import Client
from oauthapp.settings import Endpoint
from oauthapp.settings import User
from oauthapp.settings.examples import example_user
from oauthapp.settings.examples import example_users

#: What a provider tells of by itself.
EVENTS = ("session.created", "payment.succeeded", "payment.canceled", "push")

Made = TypeVar("Made")


def users_of(names: Sequence[str], claims: Sequence[str]) -> list[User]:
    """The users that `--user` and `--claim` tell of; without any, those of examples.

    :raises SettingsError: naming the flag.
    """
    users = [_user(text) for text in names] if names else example_users()
    _require_once("--user", [user.sub for user in users])
    for text in claims:
        sub, colon, rest = text.partition(":")
        name, equals, value = rest.partition("=")
        if not (colon and equals and name):
            raise SettingsError(f"--claim: {text!r} is not USER:NAME=VALUE")
        theirs = [user for user in users if user.sub == sub]
        if not theirs:
            raise SettingsError(f"--claim: there is no user {sub!r}; add --user {sub}")
        for user in theirs:
            told = {**user.claims, name: _value(value)}
            users[users.index(user)] = made_by(
                "--claim", User, sub=sub, password=user.password, claims=told
            )
    return users


def clients_of(texts: Sequence[str], redirect_uris: Sequence[str]) -> list[Client]:
    """The clients that `--client` and `--redirect-uri` tell of.

    :raises SettingsError: naming the flag.
    """
    short = [text for text in texts if not text.startswith("{")]
    if len(short) > 1 or (redirect_uris and not short):
        raise SettingsError(
            "--redirect-uri: goes with one --client ID:SECRET; write each of several "
            'as JSON: --client \'{"client_id": …, "redirect_uris": […]}\''
        )
    if short and not redirect_uris:
        raise SettingsError(f"--client: {_id_of(short[0])} needs a --redirect-uri")
    clients = [
        _client_in_json(text) if text.startswith("{") else _client(text, redirect_uris)
        for text in texts
    ]
    _require_once("--client", [client.client_id for client in clients])
    return clients


def endpoints_of(url: str | None, secret: str | None) -> list[Endpoint]:
    """Where `--webhook` sends every event to; its secret is made if none is given.

    :raises SettingsError: naming the flag.
    """
    if url is None:
        if secret:
            raise SettingsError("--webhook-secret: goes together with --webhook URL")
        return []
    made = f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"
    return [
        made_by(
            "--webhook", Endpoint, url=url, secret=secret or made, events=list(EVENTS)
        )
    ]


def made_by(flag: str, make: Callable[..., Made], **values: Any) -> Made:
    """What `make` makes of these values.

    :raises SettingsError: naming the flag, when they cannot be used.
    """
    try:
        return make(**values)
    except ValueError as error:
        raise SettingsError(f"{flag}: {error}") from None


def _require_once(flag: str, names: list[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise SettingsError(f"{flag}: {name!r} is there twice")


def _user(text: str) -> User:
    sub, _, password = text.partition(":")
    return made_by("--user", example_user, sub=sub, password=password)


def _client(text: str, redirect_uris: Sequence[str]) -> Client:
    client_id, _, secret = text.partition(":")
    return made_by(
        "--client",
        Client,
        client_id=client_id,
        client_secret=secret,
        token_endpoint_auth_method="client_secret_basic" if secret else "none",
        redirect_uris=list(redirect_uris),
    )


def _client_in_json(text: str) -> Client:
    try:
        return msgspec.json.decode(text, type=Client)
    except (msgspec.DecodeError, RecursionError) as error:
        raise SettingsError(f"--client: {error}") from None


def _id_of(text: str) -> str:
    return repr(text.partition(":")[0])


def _value(text: str) -> object:
    """JSON where it is JSON, such as true or ["a"], else the text itself."""
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return value


def settings_in(environ: Mapping[str, str]) -> bool:
    """Whether the environment describes a provider, so that flags do not."""
    return any(name.startswith("OAUTHAPP_PROVIDER__") for name in environ)
