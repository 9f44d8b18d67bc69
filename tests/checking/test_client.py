"""A careless relying party and ours are driven through the faults of a login."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Event

import pytest
import requests

from oauthapp.callers.provider.misbehaving import endpoints
from oauthapp.errors import InputUnusable
from oauthapp.running import build_app
from oauthapp.serving import Server
from oauthapp.settings import AppSettings
from oauthapp.settings import LoginProvider
from oauthapp.settings import RecorderSettings
from oauthapp.settings import Settings
from oauthapp.testing.provider import OAuthProvider
from tests.checking.parties import CLIENT
from tests.checking.parties import careless
from tests.checking.parties import served

#: One of each kind, and nothing that takes its time.
SOME = (
    *("state_dropped", "state_replayed", "state_from_another_browser", "code_replayed"),
    *("answer_iss_wrong", "answer_access_denied", "token_500", "token_redirect"),
    *("id_token_alg_none", "id_token_signature_wrong", "id_token_jwk_injected"),
    *("id_token_aud_wrong", "id_token_nonce_wrong", "id_token_sub_missing"),
    *("userinfo_sub_wrong", "id_token_key_rotated", "id_token_kid_unknown"),
    *("jwks_empty", "discovery_issuer_wrong"),
)


def party_at(provider: OAuthProvider, stack: ExitStack, **asks_with: str) -> str:
    party = careless(provider.issuer, asks_with=asks_with)
    url = stack.enter_context(served(party))
    provider.client(f"{url}/callback", **CLIENT)
    return url


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


@pytest.fixture
def ours(oauth_provider: OAuthProvider, stack: ExitStack, tmp_path: Path) -> str:
    """Our own app, which can be told to forget what it fetched."""
    server = Server("localhost", 0)
    stack.callback(server.close)
    url = f"http://localhost:{server.port}"
    client = oauth_provider.client(f"{url}/callback/demo")
    provider = LoginProvider(
        issuer=oauth_provider.issuer,
        client_id=client.client_id,
        client_secret=client.client_secret,
    )
    settings = AppSettings(
        base_url=url,
        secret_key="k" * 32,
        database_url=f"sqlite:///{tmp_path}/app.sqlite",
        providers={"demo": provider},
        control=True,
    )
    recorder = RecorderSettings(database_url=f"sqlite:///{tmp_path}/recorder.sqlite")
    app = build_app(Settings(app=settings, recorder=recorder))
    stack.enter_context(server.running(app))
    return url


def test_a_careless_relying_party_is_told_what_it_let_in(
    oauth_provider: OAuthProvider, stack: ExitStack
) -> None:
    url = party_at(oauth_provider, stack, state="always-the-same")

    report = oauth_provider.check_client(f"{url}/login", only=SOME, pauses=())

    said = {one.name: (one.verdict, one.weight) for one in report.results}
    let_in, broke = ("finding", "attack"), ("finding", "robustness")
    assert said == {
        "state_dropped": ("note", ""),
        "state_replayed": let_in,  # it sends the code again
        "state_from_another_browser": let_in,
        "code_replayed": broke,  # KeyError, as there is no id_token
        "answer_iss_wrong": let_in,
        "answer_access_denied": ("passed", ""),
        "token_500": broke,
        "token_redirect": broke,
        "id_token_alg_none": let_in,
        "id_token_signature_wrong": ("note", ""),  # allowed over TLS
        "id_token_jwk_injected": ("note", ""),
        "id_token_aud_wrong": let_in,
        "id_token_nonce_wrong": ("not reached", ""),  # it sends none
        "id_token_sub_missing": broke,
        "userinfo_sub_wrong": ("not reached", ""),  # it does not ask
        "id_token_key_rotated": ("passed", ""),
        "id_token_kid_unknown": ("note", ""),
        "jwks_empty": ("not reached", ""),
        "discovery_issuer_wrong": ("not reached", ""),
    }
    assert "looking at" in report.remarks[0]


def test_nothing_is_found_at_our_own_app(
    oauth_provider: OAuthProvider, ours: str
) -> None:
    def forget() -> None:
        requests.delete(f"{ours}/control/discovery", timeout=5).raise_for_status()

    report = oauth_provider.check_client(
        f"{ours}/login/demo", signed_in_url=f"{ours}/me", only=SOME, restart=forget
    )

    assert {one.verdict for one in report.results} == {"passed"}, report


def test_an_answer_that_is_posted_is_played_as_well(
    oauth_provider: OAuthProvider, stack: ExitStack
) -> None:
    url = party_at(
        oauth_provider, stack, state="always-the-same", response_mode="form_post"
    )

    report = oauth_provider.check_client(
        f"{url}/login", only=("state_from_another_browser", "state_dropped")
    )

    verdicts = {one.name: one.verdict for one in report.results}
    assert verdicts == {
        "state_dropped": "note",
        "state_from_another_browser": "finding",
    }


def test_a_page_that_begins_a_new_login_signs_nobody_in(
    oauth_provider: OAuthProvider, stack: ExitStack
) -> None:
    url = party_at(oauth_provider, stack)

    report = oauth_provider.check_client(
        f"{url}/login",
        signed_in_url=f"{url}/private",
        only=("answer_access_denied", "id_token_aud_wrong"),
    )

    assert report.remarks[1] == "Signed out is: led to the provider once more."
    assert [one.verdict for one in report.results] == ["passed", "finding"]


def test_a_callback_that_does_not_answer_in_time_hangs(
    oauth_provider: OAuthProvider, stack: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = party_at(oauth_provider, stack)
    over = Event()
    stack.callback(over.set)
    monkeypatch.setattr(endpoints, "pause", lambda _seconds: over.wait(60))

    report = oauth_provider.check_client(
        f"{url}/login", only=("token_slow",), patience=3.0
    )

    assert [one.did.partition(":")[0] for one in report.findings] == ["hung"]


def test_without_a_page_that_shows_who_is_signed_in_nothing_is_checked(
    oauth_provider: OAuthProvider, stack: ExitStack
) -> None:
    url = party_at(oauth_provider, stack)

    with pytest.raises(InputUnusable, match=r"cannot be seen: 200 at /favicon"):
        oauth_provider.check_client(
            f"{url}/login", signed_in_url=f"{url}/favicon", signed_in_text="nowhere"
        )


@pytest.mark.parametrize(
    ("asks_with", "problem"),
    [
        ({"code_challenge": ""}, "refuses what is asked: invalid_request, PKCE"),
        ({"redirect_uri": "http://localhost:9/"}, "a good login stops: .*redirect_uri"),
    ],
)
def test_a_login_that_does_not_succeed_is_no_report(
    oauth_provider: OAuthProvider, stack: ExitStack, asks_with, problem
) -> None:
    url = party_at(oauth_provider, stack, **asks_with)

    with pytest.raises(InputUnusable, match=problem):
        oauth_provider.check_client(f"{url}/login")


def test_a_check_that_there_is_not_is_named(oauth_provider: OAuthProvider) -> None:
    with pytest.raises(InputUnusable, match="'tokens' is no check; there are: state_"):
        oauth_provider.check_client("http://localhost:9/", only=("tokens",))
