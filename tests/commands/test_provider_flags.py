"""What the flags of `oauthapp provider` say."""

import pytest

from oauthapp.commands.provider_flags import clients_of
from oauthapp.commands.provider_flags import endpoints_of
from oauthapp.commands.provider_flags import users_of
from oauthapp.errors import SettingsError

CALLBACK = "http://localhost:3000/callback"


def test_without_a_name_alice_and_bob_can_sign_in() -> None:
    assert [(one.sub, one.password) for one in users_of([], [])] == [
        ("alice", "alice-password"),
        ("bob", "bob-password"),
    ]


def test_a_password_may_hold_colons() -> None:
    (carol,) = users_of(["carol:a:b"], [])

    assert (carol.sub, carol.password) == ("carol", "a:b")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("x", "x"),
        ("a=b", "a=b"),
        ("true", True),
        ('["a", "b"]', ["a", "b"]),
        ("", ""),
        ("{", "{"),
        ("[" * 100_000, "[" * 100_000),
    ],
)
def test_a_claim_is_json_where_it_is_json(text: str, value: object) -> None:
    (alice,) = users_of(["alice"], [f"alice:given={text}"])

    assert alice.claims["given"] == value
    assert alice.claims["email"] == "alice@example.com"


def test_a_client_without_a_secret_is_public() -> None:
    (public,) = clients_of(["app"], [CALLBACK])
    (confidential,) = clients_of(["app:a:b"], [CALLBACK])

    assert public.token_endpoint_auth_method == "none"
    assert confidential.client_secret == "a:b"
    assert public.redirect_uris == confidential.redirect_uris == [CALLBACK]


def test_several_clients_are_written_as_json() -> None:
    text = '{"client_id": "%s", "client_secret": "s", "redirect_uris": ["%s"]}'
    both = clients_of([text % ("a", CALLBACK), text % ("b", CALLBACK)], [])

    assert [one.client_id for one in both] == ["a", "b"]


def test_the_secret_of_webhooks_is_made() -> None:
    (one,) = endpoints_of("http://localhost:3000/hooks", None)

    assert one.secret.startswith("whsec_")
    assert "session.created" in one.events


@pytest.mark.parametrize(
    ("claims", "problem"),
    [
        ("alice", "--claim: 'alice' is not USER:NAME=VALUE"),
        ("alice:email", "--claim: 'alice:email' is not USER:NAME=VALUE"),
        ("alice:=x", "--claim: 'alice:=x' is not USER:NAME=VALUE"),
        ("dave:a=b", "--claim: there is no user 'dave'; add --user dave"),
        ("alice:sub=b", "--claim: claims: leave out `sub`"),
    ],
)
def test_a_claim_that_cannot_be_used_is_told(claims: str, problem: str) -> None:
    with pytest.raises(SettingsError, match=f"^{problem}"):
        users_of(["alice"], [claims])


@pytest.mark.parametrize(
    ("clients", "redirect_uris", "problem"),
    [
        (["a"], [], "--client: 'a' needs a --redirect-uri"),
        ([], [CALLBACK], "--redirect-uri: goes with one --client"),
        (["a", "b"], [CALLBACK], "--redirect-uri: goes with one --client"),
        (["a"], ["nonsense"], "--client: redirect_uris: 'nonsense' must begin"),
        ([":s"], [CALLBACK], "--client: client_id: must not be empty"),
        (["{"], [], "--client: "),
        (["{" * 100_000], [], "--client: "),
        (['{"client_idd": "a"}'], [], "--client: .*unknown field `client_idd`"),
    ],
)
def test_a_client_that_cannot_be_used_is_told(
    clients: list[str], redirect_uris: list[str], problem: str
) -> None:
    with pytest.raises(SettingsError, match=f"^{problem}"):
        clients_of(clients, redirect_uris)


@pytest.mark.parametrize(
    ("url", "secret", "problem"),
    [
        (None, "whsec_x", "--webhook-secret: goes together with --webhook"),
        ("http://localhost:1/", "x", "--webhook: secret: "),
        ("x", None, "--webhook: url: "),
    ],
)
def test_a_webhook_that_cannot_be_used_is_told(
    url: str | None, secret: str | None, problem: str
) -> None:
    with pytest.raises(SettingsError, match=f"^{problem}"):
        endpoints_of(url, secret)


def test_a_user_that_cannot_be_used_is_told() -> None:
    with pytest.raises(SettingsError, match="^--user: sub: "):
        users_of([":x"], [])


def test_nobody_is_there_twice() -> None:
    with pytest.raises(SettingsError, match="^--user: 'alice' is there twice"):
        users_of(["alice", "alice:x"], [])


def test_no_client_is_there_twice() -> None:
    text = '{"client_id": "a", "client_secret": "s", "redirect_uris": ["%s"]}'
    with pytest.raises(SettingsError, match="^--client: 'a' is there twice"):
        clients_of([text % CALLBACK, text % CALLBACK], [])
