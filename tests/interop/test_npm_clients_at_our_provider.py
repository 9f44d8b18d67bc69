"""openid-client and oauth4webapi, certified libraries, sign in and out at our provider.

Both check state, iss, nonce, auth_time and, told to, the signature of an id_token.
"""

from urllib.parse import parse_qs
from urllib.parse import parse_qsl
from urllib.parse import urlencode
from urllib.parse import urlsplit

import pytest

from tests.interop.node_tools import LibraryRefused
from tests.interop.npm_party import METHODS
from tests.interop.npm_party import PartyWith

OPENID_CLIENT = pytest.mark.parametrize("library", ["openid_client.mjs"], indirect=True)


@pytest.mark.parametrize("method", METHODS)
def test_a_visitor_is_signed_in(party_with: PartyWith, method: str) -> None:
    party = party_with(token_endpoint_auth_method=method, client_secret=METHODS[method])

    tokens = party.sign_in(max_age=60)

    claims = tokens["claims"]
    assert (claims["iss"], claims["aud"]) == (party.issuer, "theirs")
    assert claims["sub"] == "alice"
    assert tokens["scope"] == "openid profile offline_access"
    assert party.userinfo(tokens) == {"sub": "alice", "name": "Alice Example"}


def test_an_id_token_signed_by_es256_is_believed(party_with: PartyWith) -> None:
    party = party_with(provider={"signing_alg": "ES256"})

    assert party.sign_in()["claims"]["sub"] == "alice"


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_a_wrong_secret_gets_no_tokens(party_with: PartyWith, method: str) -> None:
    party = party_with(token_endpoint_auth_method=method)
    wrong = {
        "client_id": "theirs",
        "client_secret": "wrong",
        "token_endpoint_auth_method": method,
    }
    party.ask("discover", issuer=party.issuer, client=wrong)

    with pytest.raises(LibraryRefused) as refused:
        party.sign_in()

    challenge = {"scheme": "basic", "parameters": {"realm": "token"}}
    assert refused.value.status == 401
    assert refused.value.report["cause"] == [challenge]


@pytest.mark.parametrize(
    ("name", "code", "error"),
    [
        ("nonce", "OAUTH_JWT_CLAIM_COMPARISON_FAILED", ""),
        ("code_challenge", "OAUTH_RESPONSE_BODY_ERROR", "invalid_grant"),
    ],
)
def test_a_request_that_was_changed_on_its_way_gets_no_tokens(
    party_with: PartyWith, name: str, code: str, error: str
) -> None:
    party = party_with()
    changed = _with(party.authorization_url(), name, "x" * 43)

    with pytest.raises(LibraryRefused) as refused:
        party.ask("finish", callback=party.decide(changed))

    assert (refused.value.code, refused.value.error) == (code, error)


@pytest.mark.parametrize("name", ["state", "iss"])
def test_an_answer_says_whose_it_is(party_with: PartyWith, name: str) -> None:
    party = party_with()
    callback = party.decide(party.authorization_url())

    with pytest.raises(LibraryRefused) as refused:
        party.ask("finish", callback=_with(callback, name, "http://elsewhere"))
    assert refused.value.code == "OAUTH_INVALID_RESPONSE"

    assert party.ask("finish", callback=callback)["claims"]["sub"] == "alice"


def test_a_visitor_who_says_no_is_not_signed_in(party_with: PartyWith) -> None:
    party = party_with()
    callback = party.decide(party.authorization_url(), "deny")

    with pytest.raises(LibraryRefused) as refused:
        party.ask("finish", callback=callback)

    assert refused.value.code == "OAUTH_AUTHORIZATION_RESPONSE_ERROR"
    assert refused.value.error == "access_denied"


def test_a_visitor_who_may_not_be_asked_has_to_be_signed_in(
    party_with: PartyWith,
) -> None:
    party = party_with()
    silent = party.authorization_url(prompt="none", scope="openid")
    with pytest.raises(LibraryRefused) as refused:
        party.ask("finish", callback=party.visitor.open(silent).url)
    assert refused.value.error == "login_required"

    party.sign_in()

    silent = party.authorization_url(prompt="none", scope="openid")
    tokens = party.ask("finish", callback=party.visitor.open(silent).url)
    assert tokens["claims"]["sub"] == "alice"


def test_a_request_may_be_pushed_where_a_bare_one_is_refused(
    party_with: PartyWith,
) -> None:
    party = party_with(require_pushed_authorization_requests=True)
    bare = party.visitor.open(party.authorization_url())
    with pytest.raises(LibraryRefused) as refused:
        party.ask("finish", callback=bare.url)
    assert refused.value.error == "invalid_request"

    url = party.authorization_url(pushed=True)
    tokens = party.ask("finish", callback=party.decide(url))

    assert set(_query(url)) == {"client_id", "request_uri"}
    assert tokens["claims"]["sub"] == "alice"


def test_a_pushed_request_is_refused_before_anybody_is_sent(
    party_with: PartyWith,
) -> None:
    party = party_with()

    with pytest.raises(LibraryRefused) as refused:
        party.authorization_url(pushed=True, redirect_uri="http://localhost:9/")

    assert refused.value.status == 400
    assert refused.value.error == "invalid_request"


@OPENID_CLIENT  # the other library knows no end session endpoint
def test_signing_out_ends_the_session_and_leads_back(party_with: PartyWith) -> None:
    party = party_with()
    id_token = party.sign_in()["id_token"]
    goodbye = f"{party.site}/goodbye"
    way_out = {"id_token_hint": id_token, "post_logout_redirect_uri": goodbye}

    url = party.ask("sign_out", parameters={**way_out, "state": "s"})

    assert party.visitor.open(url).url == f"{goodbye}?state=s"
    silent = party.authorization_url(prompt="none")
    assert _query(party.visitor.open(silent).url)["error"] == ["login_required"]


def _with(url: str, name: str, value: str) -> str:
    """The same address with another value of one parameter."""
    parts = urlsplit(url)
    sent = dict(parse_qsl(parts.query))
    assert name in sent
    return parts._replace(query=urlencode({**sent, name: value})).geturl()


def _query(url: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(url).query)
