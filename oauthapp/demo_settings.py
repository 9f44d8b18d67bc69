"""Settings that nobody has to write: made at the first start, kept in a folder."""

import base64
import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from oauthapp.errors import SettingsError

APP_HOST = "localhost"
#: Another *host* than the app's: cookies ignore ports, and two ports of one host are
#: one site, which would hide the SameSite rules this demonstration is about.
PROVIDER_HOST = "127.0.0.1"
#: Seconds the provider has for an answer, and however fast the clock goes, at least.
CALL_TIME = 5.0
LEAST_CALL_TIME = 2.0
USERS = {"alice": "Alice Example", "bob": "Bob Example"}

_TEMPLATE = """\
# Written by `oauthapp demo` at each start, for the ports it was started with.
# To change something, copy this file and start each party from the copy:
#   oauthapp app --config FILE;  oauthapp provider --config FILE;
#   oauthapp worker --config FILE

[app]
base_url = "{app}"
secret_key = "{app_secret_key}"
database_url = "{database}app.sqlite"
control = true
call_time = {call_time}

[app.providers.demo]
issuer = "{provider}"
client_id = "oauthapp-demo"
client_secret = "{client_secret}"
callback_secrets = ["{callback_secret}"]

# The same provider, whose answer comes by the POST of a form.
[app.providers.form_post]
issuer = "{provider}"
client_id = "oauthapp-demo"
client_secret = "{client_secret}"
response_mode = "form_post"

[app.webhooks.demo]
secrets = ["{signing_secret}"]
provider = "demo"

[app.payments]
provider = "demo"
checkout_endpoint = "{provider}/checkout/sessions"
webhooks = "demo"

[provider]
issuer = "{provider}"
secret_key = "{provider_secret_key}"
database_url = "{database}provider.sqlite"
deliver_to_loopback = true
clock_factor = {clock_factor}
control = true
job_seconds = 1.5
repositories = ["demo"]
{users}
[[provider.clients]]
client_id = "oauthapp-demo"
client_name = "the oauthapp demo"
client_secret = "{client_secret}"
redirect_uris = ["{app}/callback/demo", "{app}/callback/form_post"]
post_logout_redirect_uris = [
  "{app}/signed-out/demo", "{app}/signed-out/form_post"
]
backchannel_logout_uri = "{app}/backchannel-logout/demo"
checkout_return_uris = ["{app}/orders/return"]
callback_urls = ["{app}/results/demo"]
callback_secret = "{callback_secret}"
repositories = ["demo"]

[[provider.endpoints]]
url = "{app}/webhooks/demo"
secret = "{signing_secret}"
events = ["session.created", "payment.succeeded", "payment.canceled", "push"]

[recorder]
database_url = "{database}recorder.sqlite"
key = "{recorder_key}"
"""

_USER = """
[[provider.users]]
sub = "{sub}"
password = "{password}"
claims = {{ name = "{name}", email = "{sub}@example.com", email_verified = true }}
"""


@contextmanager
def alone_in(instance: Path) -> Iterator[None]:
    """Nobody else runs a demo in this folder until the block ends.

    :raises SettingsError: when somebody does: its settings would be overwritten.
    """
    try:
        instance.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = (instance / "demo.lock").open("w")
    except OSError as error:
        raise _unusable(instance, error) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise SettingsError(
                f"{instance}: another demo runs in this folder; a second one needs its "
                "own: --instance other"
            ) from None
        yield


def write_demo_settings(
    instance: Path, *, app_port: int, provider_port: int, clock_factor: float = 1.0
) -> Path:
    """Write `demo.toml` into the folder `instance`; its secrets stay the same.

    :raises SettingsError: when the folder cannot be written or read.
    """
    try:
        instance.mkdir(parents=True, exist_ok=True, mode=0o700)
        kept = _kept_secrets(instance / "demo-secrets.json")
        text = _TEMPLATE.format(
            app=f"http://{APP_HOST}:{app_port}",
            provider=f"http://{PROVIDER_HOST}:{provider_port}",
            database=json.dumps(f"sqlite:///{instance.absolute().as_posix()}/")[1:-1],
            users="".join(
                _USER.format(sub=sub, name=name, password=kept[f"password_{sub}"])
                for sub, name in USERS.items()
            ),
            clock_factor=clock_factor,
            call_time=max(CALL_TIME / clock_factor, LEAST_CALL_TIME),
            **kept,
        )
        path = instance / "demo.toml"
        _write_private(path, text)
    except OSError as error:
        raise _unusable(instance, error) from None
    return path


def _unusable(instance: Path, error: OSError) -> SettingsError:
    return SettingsError(
        f"{instance}: cannot be used ({error.strerror}); "
        "choose another folder with --instance"
    )


def _kept_secrets(path: Path) -> dict[str, str]:
    """The secrets of the first start; a damaged file is an error, not a new start."""
    if not path.exists():
        _write_private(path, json.dumps(_new_secrets(), indent=1))
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return {name: str(kept[name]) for name in _new_secrets()}
    except (ValueError, KeyError, TypeError):
        raise SettingsError(
            f"{path}: damaged; delete it, and new secrets are made"
        ) from None


def _new_secrets() -> dict[str, str]:
    signing, callback = (
        f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}" for _ in range(2)
    )
    names = ("app_secret_key", "provider_secret_key", "client_secret", "recorder_key")
    return {
        **{name: secrets.token_urlsafe(32) for name in names},
        "signing_secret": signing,
        "callback_secret": callback,
        **{f"password_{sub}": f"{sub}-{secrets.token_hex(3)}" for sub in USERS},
    }


def _write_private(path: Path, text: str) -> None:
    """Write `text` so that no other user can read it, not even for a moment."""
    temporary = path.with_suffix(".new")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    temporary.replace(path)
