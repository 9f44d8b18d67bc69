"""RULES D.8 at the provider: nothing that was issued stands anywhere in clear."""

import logging
from collections.abc import Iterator
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from oauthapp.console import print_calls
from oauthapp.provider_workers import provider_worker
from oauthapp.recorder.call import Call
from tests.attacks.house import Clock
from tests.attacks.provider_house import CLIENTS
from tests.attacks.provider_house import OFFLINE
from tests.attacks.provider_house import SECRETS
from tests.attacks.provider_house import USERS
from tests.attacks.provider_house import VERIFIER
from tests.attacks.provider_house import Provider
from tests.attacks.provider_house import answered
from tests.attacks.provider_house import opened
from tests.attacks.provider_house import question
from tests.callers.receiver import Receiver
from tests.callers.receiver import receiver

__all__ = ["receiver"]


@pytest.fixture
def calls() -> list[Call]:
    """What the recorder heard."""
    return []


@pytest.fixture
def provider(
    tmp_path: Path, clock: Clock, receiver: Receiver, calls: list[Call]
) -> Iterator[Provider]:
    """Every client is told of a logout, anybody may register, each call is printed."""

    def hear(new: Sequence[Call]) -> None:
        calls.extend(new)
        print_calls(new)

    clients = [
        msgspec.structs.replace(one, backchannel_logout_uri=receiver.url)
        for one in CLIENTS
    ]
    yield from opened(
        tmp_path,
        clock,
        clients=clients,
        registration="open",
        deliver_to_loopback=True,
        listener=hear,
    )


def whole_run(provider: Provider, receiver: Receiver) -> list[str]:
    """Use everything once: all the secrets that were issued or sent on the way."""
    browser = provider.browser()
    pushed = provider.post("/par", **question(scope=OFFLINE)).get_json()["request_uri"]
    reference = {"client_id": "web", "request_uri": pushed}
    browser.follow(browser.client.get("/authorize", query_string=reference))
    browser.log_in()
    browser.submit(decision="deny")
    browser.authorize(scope=OFFLINE, state="the-secret-state")
    code = answered(browser.submit(decision="allow"))["code"]
    first = provider.redeem(code).get_json()
    second = provider.refresh(first["refresh_token"]).get_json()
    own = provider.post("/token", "jwt", grant_type="client_credentials").get_json()
    for token in (second["access_token"], second["refresh_token"], own["access_token"]):
        provider.userinfo(token)
        provider.post("/introspect", "api", token=token)
        provider.post("/revoke", token=token)
    provider.refresh(first["refresh_token"])  # a reuse
    provider.redeem(code)  # a replay
    uris = {"redirect_uris": ["https://rp.example/cb"]}
    registered = provider.machine().post("/register", json=uris).get_json()
    hint = {"id_token_hint": second["id_token"], "state": "the-secret-state"}
    browser.client.get("/logout", query_string=hint)
    while provider_worker(provider.services).run_once():
        pass
    logout_tokens = [
        body.decode().partition("logout_token=")[2] for _headers, body in receiver.heard
    ]
    assert all(logout_tokens) and logout_tokens
    return [
        pushed,
        code,
        "the-secret-state",
        VERIFIER,
        own["access_token"],
        registered["client_secret"],
        *(first[name] for name in ("access_token", "refresh_token", "id_token")),
        *(second[name] for name in ("access_token", "refresh_token", "id_token")),
        *logout_tokens,
        *(secret for secret in SECRETS.values() if len(secret) > 5),
        *(user.password for user in USERS),
    ]


def test_D8_no_database_holds_a_secret_in_clear(
    provider: Provider, receiver: Receiver, tmp_path: Path
) -> None:
    secrets = whole_run(provider, receiver)
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir() if file.is_file())

    assert b"introspect" in kept  # the recorder has heard it all
    assert [one for one in secrets if one.encode() in kept] == []


def test_D8_no_log_line_and_no_recorded_call_shows_a_secret(
    provider: Provider,
    receiver: Receiver,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
    calls: list[Call],
) -> None:
    caplog.set_level(logging.DEBUG)
    secrets = whole_run(provider, receiver)
    shown = [caplog.text, capsys.readouterr().out, *map(str, calls)]

    assert len(calls) > 20
    text = "\n".join(shown)
    assert [one for one in secrets if one in text] == []


REFUSED: list[tuple[str, dict[str, Any]]] = [
    ("/token", {"grant_type": "refresh_token", "refresh_token": "Tells-1"}),
    ("/token", {"grant_type": "authorization_code", "code": "Tells-2"}),
    ("/revoke", {"token": "Tells-3", "client_secret": "Tells-4", "client_id": "web"}),
    ("/introspect", {"token": "Tells-5"}),
    ("/par", {"state": "Tells-6", "client_id": "native", "redirect_uri": "x"}),
    ("/userinfo", {"access_token": "Tells-7"}),
    ("/authorize", {"client_id": "web", "state": "Tells-8", "request_uri": "x"}),
    ("/logout", {"id_token_hint": "Tells-9", "post_logout_redirect_uri": "x"}),
]


@pytest.mark.parametrize(("path", "form"), REFUSED)
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_D8_no_refusal_repeats_a_secret(
    provider: Provider, path: str, form: dict[str, Any], accept: str
) -> None:
    answer = provider.machine().post(path, data=form, headers={"Accept": accept})

    assert answer.status_code in (400, 401)
    assert "Tells-" not in answer.text
