"""A code becomes a person, or it is said why not; nothing else comes out."""

from base64 import b64decode
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus
from urllib.parse import urlencode

import pytest
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from werkzeug.wrappers import Request
from werkzeug.wrappers import Response

from oauthapp.callbacks.redirect import id_token_refusals
from oauthapp.callbacks.redirect import refusals
from oauthapp.callbacks.redirect.exchange import PROTOCOL_CLAIMS
from oauthapp.callbacks.redirect.exchange import Exchange
from oauthapp.callbacks.redirect.id_token_refusals import IdTokenRefused
from oauthapp.callbacks.redirect.refusals import ProviderFailed
from oauthapp.callbacks.redirect.refusals import ProviderTimedOut
from oauthapp.callbacks.redirect.session_store import SignedIn
from oauthapp.callbacks.redirect.verify import AuthorizationResponse
from oauthapp.callbacks.redirect.verify import Evidence
from oauthapp.callbacks.redirect.verify import PendingLogin
from oauthapp.callbacks.redirect.verify import believe
from oauthapp.errors import OauthappError
from tests.attacks.evil_provider import ACCESS_TOKEN
from tests.attacks.evil_provider import CLIENT_ID
from tests.attacks.evil_provider import CLIENT_SECRET
from tests.attacks.evil_provider import DROP
from tests.attacks.evil_provider import EvilProvider
from tests.attacks.evil_provider import as_json
from tests.attacks.house import NOW
from tests.attacks.house import House
from tests.attacks.house import registration

VERIFIER = "v" * 64
REDIRECT_URI = "http://localhost:5000/callback/demo"


def checked(evil: EvilProvider, **login: str) -> AuthorizationResponse:
    """An answer that `verify` believes, with a code that `evil` will redeem."""
    told = {"redirect_uri": REDIRECT_URI, "code_verifier": VERIFIER, **login}
    query = {
        "state": "s",
        "nonce": "the-nonce",
        "redirect_uri": REDIRECT_URI,
        "code_challenge": create_s256_code_challenge(VERIFIER),
    }
    brought = evil.authorize(f"{evil.issuer}/authorize?{urlencode(query)}")
    pending = PendingLogin(
        provider="demo",
        issuer=evil.issuer,
        nonce="the-nonce",
        browser_hash="b",
        next="/",
        created_at=NOW,
        **told,
    )
    return believe(
        Evidence(
            parameters=tuple(brought.items()),
            host="localhost:5000",
            our_host="localhost:5000",
            provider="demo",
            issuer=evil.issuer,
            iss_promised=True,
            state_signed=True,
            pending=pending,
            browser_hash="b",
            now=NOW,
            login_ttl=600,
        )
    )


def exchange(house: House) -> Exchange:
    return Exchange(
        settings=house.settings,
        discovery=house.discovery,
        http=house.services.http,
        clock=house.services.clock,
    )


def sign_in(house: House, evil: EvilProvider) -> SignedIn:
    return exchange(house).sign_in(checked(evil))


def test_a_code_becomes_the_person_who_signed_in(
    house: House, evil: EvilProvider
) -> None:
    assert sign_in(house, evil) == SignedIn(
        provider="demo",
        issuer=evil.issuer,
        sub="alice",
        sid="the-providers-session",
        claims={"name": "Alice"},
        created_at=NOW,
        expires_at=NOW + house.settings.session_ttl,
    )


def test_a_secret_is_encoded_before_it_is_joined_to_the_client_id(
    open_house: Any, evil: EvilProvider
) -> None:
    secret = "50% + a:b \N{SNOWMAN}"  # RFC 6749 §2.3.1: each part form-urlencoded
    providers = {"demo": registration(evil.issuer, client_secret=secret)}
    with pytest.raises(refusals.ExchangeRefused):
        sign_in(open_house(providers=providers), evil)

    (call,) = evil.calls("/token")
    credentials = b64decode(call.headers["Authorization"].removeprefix("Basic "))
    sent_id, _, sent_secret = credentials.decode().partition(":")
    assert (unquote_plus(sent_id), unquote_plus(sent_secret)) == (CLIENT_ID, secret)


def test_in_the_form_a_secret_is_what_the_settings_say(
    open_house: Any, evil: EvilProvider
) -> None:
    secret = "50% + a:b"
    chosen = {**with_method("client_secret_post"), "client_secret": secret}
    providers = {"demo": registration(evil.issuer, **chosen)}
    with pytest.raises(refusals.ExchangeRefused):  # this provider knows Basic alone
        sign_in(open_house(providers=providers), evil)

    (call,) = evil.calls("/token")
    assert call.form["client_secret"] == secret


def test_the_provider_is_told_who_calls_and_where_signing_out_goes_on(
    house: House, evil: EvilProvider
) -> None:
    evil.metadata["end_session_endpoint"] = f"{evil.issuer}/logout"

    assert sign_in(house, evil).end_session_endpoint == f"{evil.issuer}/logout"
    agents = {call.headers["User-Agent"] for call in evil.heard}
    assert agents == {house.services.http.headers["User-Agent"]}


def test_the_token_request_is_what_the_standards_ask_for(
    house: House, evil: EvilProvider
) -> None:
    sign_in(house, evil)

    (call,) = evil.calls("/token")
    assert call.method == "POST"
    assert call.form == {
        "grant_type": "authorization_code",
        "code": evil.codes[0],
        "redirect_uri": REDIRECT_URI,
        "code_verifier": VERIFIER,
    }
    assert call.headers["Authorization"].startswith("Basic ")
    assert call.headers["Accept"] == "application/json"


def with_method(method: str) -> dict[str, str]:
    secret = "" if method == "none" else CLIENT_SECRET
    return {"token_endpoint_auth_method": method, "client_secret": secret}


@pytest.mark.parametrize("method", ["client_secret_post", "none"])
def test_client_id_and_secret_go_where_the_settings_say(
    open_house: Any, evil: EvilProvider, method: str
) -> None:
    providers = {"demo": registration(evil.issuer, **with_method(method))}
    with pytest.raises(refusals.ExchangeRefused):  # this provider knows Basic alone
        sign_in(open_house(providers=providers), evil)

    (call,) = evil.calls("/token")
    assert call.form["client_id"] == CLIENT_ID
    assert call.form.get("client_secret", "") == with_method(method)["client_secret"]
    assert ("client_secret" in call.form) is (method != "none")
    assert "Authorization" not in call.headers


@pytest.mark.parametrize("method", ["client_secret_basic", "none"])
def test_the_machines_own_proxy_and_passwords_are_left_alone(
    open_house: Any,
    evil: EvilProvider,
    other: EvilProvider,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login eve password eve")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("http_proxy", other.issuer)
    monkeypatch.setenv("no_proxy", "")
    providers = {"demo": registration(evil.issuer, **with_method(method))}
    evil.answers["/token"] = lambda _request: as_json({"error": "x"}, status=400)

    with pytest.raises(refusals.ExchangeRefused):
        sign_in(open_house(providers=providers), evil)

    assert other.heard == []
    (call,) = evil.calls("/token")
    assert ("Authorization" in call.headers) is (method == "client_secret_basic")


def test_a_wrong_verifier_is_refused_by_the_provider(
    house: House, evil: EvilProvider
) -> None:
    with pytest.raises(refusals.CodeRefused):
        exchange(house).sign_in(checked(evil, code_verifier="w" * 64))


def test_a_code_is_redeemed_once(house: House, evil: EvilProvider) -> None:
    answer = checked(evil)
    exchange(house).sign_in(answer)

    with pytest.raises(refusals.CodeRefused):
        exchange(house).sign_in(answer)


@pytest.mark.parametrize("name", sorted(PROTOCOL_CLAIMS))
def test_claims_about_the_token_are_not_kept(
    house: House, evil: EvilProvider, name: str
) -> None:
    if name not in evil.honest_claims(""):
        evil.claims[name] = {"nbf": NOW, "azp": CLIENT_ID}.get(name, "x")

    assert name not in sign_in(house, evil).claims


def test_what_userinfo_says_wins_over_the_id_token(
    house: House, evil: EvilProvider
) -> None:
    evil.claims.update({"name": "Old", "email": "alice@example.com"})

    claims = sign_in(house, evil).claims

    assert claims == {"name": "Alice", "email": "alice@example.com"}


def test_userinfo_cannot_change_the_session_id(
    house: House, evil: EvilProvider
) -> None:
    evil.about.update({"sid": "another", "iss": "https://evil.example"})

    signed_in = sign_in(house, evil)

    assert signed_in.sid == "the-providers-session"
    assert signed_in.issuer == evil.issuer


def test_without_a_userinfo_endpoint_the_id_token_is_enough(
    house: House, evil: EvilProvider
) -> None:
    evil.metadata["userinfo_endpoint"] = DROP
    evil.claims["name"] = "Alice of the token"

    assert sign_in(house, evil).claims == {"name": "Alice of the token"}
    assert evil.calls("/userinfo") == []


@pytest.mark.parametrize("sid", [DROP, None, 7, ["s"], {}, "s\0"])
def test_a_session_id_that_no_database_keeps_is_none(
    house: House, evil: EvilProvider, sid: object
) -> None:
    evil.claims["sid"] = sid

    assert sign_in(house, evil).sid is None


def test_a_refusal_of_the_provider_is_shown_cut_to_size(
    house: House, evil: EvilProvider
) -> None:
    for error, shown in (("no", "error='no'"), ("n" * 500, "error='" + "n" * 193)):
        told = {"error": error}
        evil.answers["/token"] = lambda _request, told=told: as_json(told, status=400)
        with pytest.raises(refusals.ExchangeRefused) as refused:
            sign_in(house, evil)
        assert refused.value.arrived == shown


@pytest.mark.parametrize(
    ("lie", "arrived", "expected"),
    [
        ({"token_type": "DPoP"}, "token_type 'DPoP'", "Bearer"),
        ({"token_type": "x" * 500}, "token_type '" + "x" * 188, "Bearer"),
        ({"expires_in": "soon"}, "expires_in", "a number of seconds"),
        ({"expires_at": "soon"}, "expires_at", "a number of seconds"),
        ({"id_token": DROP}, "no id_token", "id_token in the answer"),
        ({"access_token": DROP}, "no access_token", "access_token in the answer"),
    ],
)
def test_an_answer_that_is_not_believed_is_shown_beside_what_was_expected(
    house: House, evil: EvilProvider, lie: dict[str, Any], arrived: str, expected: str
) -> None:
    evil.tokens.update(lie)

    with pytest.raises(OauthappError) as refused:
        sign_in(house, evil)

    assert (refused.value.arrived, refused.value.expected) == (arrived, expected)


def test_an_error_without_a_reason_is_shown_with_where_it_came_from(
    house: House, evil: EvilProvider
) -> None:
    evil.answers["/token"] = lambda _request: as_json({}, status=400)

    with pytest.raises(ProviderFailed) as failed:
        sign_in(house, evil)

    assert failed.value.arrived == f"{evil.issuer}/token answered 400 without a reason"
    assert failed.value.expected == "error (RFC 6749 §5.2)"


@pytest.mark.parametrize(
    ("sub", "shown"), [("eve", "sub 'eve'"), ("e" * 500, "sub '" + "e" * 195)]
)
def test_somebody_else_is_shown_beside_who_was_expected(
    house: House, evil: EvilProvider, sub: str, shown: str
) -> None:
    evil.about["sub"] = sub

    with pytest.raises(id_token_refusals.SubjectMismatch) as refused:
        sign_in(house, evil)

    assert (refused.value.arrived, refused.value.expected) == (shown, "sub 'alice'")


# --- what the token endpoint may answer ----------------------------------------------


@pytest.mark.parametrize(
    ("status", "error", "refusal"),
    [
        (400, "invalid_grant", refusals.CodeRefused),
        (200, "invalid_grant", refusals.CodeRefused),
        (400, "invalid_request", refusals.ExchangeRefused),
        (400, "anything else", refusals.ExchangeRefused),
        (401, "invalid_client", refusals.ExchangeRefused),
        (400, "", refusals.ExchangeRefused),
    ],
)
def test_a_refused_code_is_told_from_a_refused_app(
    house: House,
    evil: EvilProvider,
    status: int,
    error: str,
    refusal: type[OauthappError],
) -> None:
    answer = {"error": error, "token_type": "Bearer"}
    evil.answers["/token"] = lambda _request: as_json(answer, status=status)

    with pytest.raises(refusal) as refused:
        sign_in(house, evil)

    assert type(refused.value) is refusal


def moved(_request: Request) -> Response:
    return Response(status=307, headers={"Location": "/elsewhere"})


UNUSABLE = {
    "an error without a reason": lambda _request: as_json({}, status=400),
    "a reason that is no text": lambda _request: as_json({"error": {}}, status=400),
    "a server error": lambda _request: as_json({"error": "server_error"}, status=500),
    "a server error with tokens": lambda _request: as_json(
        {"access_token": "a", "token_type": "Bearer"}, status=503
    ),
    "forbidden": lambda _request: as_json({"error": "invalid_grant"}, status=403),
    "no content": lambda _request: Response(status=204),
    "a redirect": moved,
    "a page": lambda _request: Response("<html>", content_type="text/html"),
    "a form": lambda _request: Response("access_token=a&token_type=Bearer"),
    "half an object": lambda _request: Response('{"access_token": "a'),
    "a list": lambda _request: as_json([]),
    "too deep": lambda _request: Response("[" * 100_000),
    "too much": lambda _request: Response(b" " * (1024 * 1024 + 1)),
}


@pytest.mark.parametrize("answer", UNUSABLE)
def test_an_unusable_answer_is_the_providers_failure(
    house: House, evil: EvilProvider, answer: str
) -> None:
    evil.answers["/token"] = UNUSABLE[answer]

    with pytest.raises(ProviderFailed) as failed:
        sign_in(house, evil)

    assert failed.value.status == 502
    assert evil.calls("/elsewhere") == []
    assert evil.calls("/userinfo") == []


@pytest.mark.parametrize(
    "lie",
    [
        {"token_type": "DPoP"},
        {"token_type": "mac"},
        {"token_type": ""},
        {"token_type": None},
        {"token_type": DROP},
        {"expires_in": "soon"},
        {"expires_in": None},
        {"expires_in": 1.5},
        {"expires_in": [3600]},
        {"expires_at": [3600]},
        {"expires_at": {}},
        {"expires_at": "soon"},
        {"access_token": "a\ud800"},
    ],
    ids=repr,
)
def test_an_answer_that_no_standard_allows_is_the_providers_failure(
    house: House, evil: EvilProvider, lie: dict[str, Any]
) -> None:
    evil.tokens.update(lie)

    with pytest.raises(ProviderFailed):
        sign_in(house, evil)


@pytest.mark.parametrize("name", ["access_token", "id_token"])
@pytest.mark.parametrize(
    "value", [DROP, None, "", 7, ["x"], {}, "a\nb", "a\r\nb", "ä€"]
)
def test_a_token_that_is_missing_or_no_token_is_refused(
    house: House, evil: EvilProvider, name: str, value: object
) -> None:
    evil.tokens[name] = value
    evil.claims["at_hash"] = DROP  # or it would notice

    with pytest.raises(IdTokenRefused):
        sign_in(house, evil)

    assert evil.calls("/userinfo") == []


@pytest.mark.parametrize("token_type", ["bearer", "BEARER"])
def test_the_token_type_may_be_written_in_any_case(
    house: House, evil: EvilProvider, token_type: str
) -> None:
    evil.tokens["token_type"] = token_type

    assert sign_in(house, evil).sub == "alice"


@pytest.mark.parametrize("lifetime", [DROP, 0, -5, 10**30])
def test_how_long_the_access_token_lives_does_not_matter(
    house: House, evil: EvilProvider, lifetime: object
) -> None:
    evil.tokens["expires_in"] = lifetime

    assert sign_in(house, evil).sub == "alice"


# --- userinfo ------------------------------------------------------------------------


def test_userinfo_is_asked_with_the_access_token_in_a_header(
    house: House, evil: EvilProvider
) -> None:
    sign_in(house, evil)

    (call,) = evil.calls("/userinfo")
    assert call.method == "GET"
    assert call.headers["Authorization"] == f"Bearer {ACCESS_TOKEN}"
    assert call.headers["Accept"] == "application/json"


@pytest.mark.parametrize("sub", ["mallory", "", "ALICE", None, ["alice"], DROP])
def test_userinfo_about_somebody_else_is_refused(
    house: House, evil: EvilProvider, sub: object
) -> None:
    evil.about["sub"] = sub

    with pytest.raises(id_token_refusals.SubjectMismatch):
        sign_in(house, evil)


@pytest.mark.parametrize("status", [201, 302, 401, 403, 500])
def test_userinfo_that_fails_is_the_providers_failure(
    house: House, evil: EvilProvider, status: int
) -> None:
    evil.answers["/userinfo"] = lambda _request: as_json(
        {"sub": "alice"}, status=status
    )

    with pytest.raises(ProviderFailed):
        sign_in(house, evil)


@pytest.mark.parametrize("path", ["/token", "/jwks", "/userinfo"])
def test_a_provider_that_never_answers_is_a_timeout(
    house: House, evil: EvilProvider, path: str
) -> None:
    def hang(_request: Request) -> Response:
        evil.over.wait(2)  # sooner than anybody else's patience would end
        return Response()

    evil.answers[path] = hang
    house.be_impatient()

    with pytest.raises(ProviderTimedOut):
        sign_in(house, evil)


def test_a_provider_that_drips_its_answer_is_a_timeout_too(
    house: House, evil: EvilProvider
) -> None:
    def drip(_request: Request) -> Response:
        def body() -> Any:
            for _ in range(40):
                evil.over.wait(0.05)
                yield b" "

        return Response(body(), content_type="application/json")

    evil.answers["/token"] = drip
    house.be_impatient()

    with pytest.raises(ProviderTimedOut):
        sign_in(house, evil)
