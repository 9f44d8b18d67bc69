"""Metadata and keys: fetched when needed, believed for a while, checked always."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from typing import Any

import pytest
from joserfc.jwk import ECKey
from joserfc.jwk import RSAKey
from werkzeug.wrappers import Request
from werkzeug.wrappers import Response

from oauthapp.callbacks.redirect.discovery import CACHE_TTL
from oauthapp.callbacks.redirect.discovery import CALL_TIME
from oauthapp.callbacks.redirect.discovery import REFRESH_PAUSE
from oauthapp.callbacks.redirect.discovery import Discovery
from oauthapp.callbacks.redirect.refusals import MetadataWrong
from oauthapp.callbacks.redirect.refusals import ProviderFailed
from oauthapp.callbacks.redirect.refusals import ProviderTimedOut
from tests.attacks.evil_provider import DROP
from tests.attacks.evil_provider import EvilProvider
from tests.attacks.evil_provider import as_json
from tests.attacks.house import Clock
from tests.attacks.house import House

WELL_KNOWN = "/.well-known/openid-configuration"


@pytest.fixture
def discovery(house: House) -> Discovery:
    return house.discovery


def kids(discovery: Discovery, evil: EvilProvider, **options: Any) -> set[str]:
    return {str(key.kid) for key in discovery.keys(evil.issuer, **options).keys}


def test_nothing_is_fetched_before_it_is_needed(
    discovery: Discovery, evil: EvilProvider
) -> None:
    assert evil.heard == []


def test_metadata_are_read(discovery: Discovery, evil: EvilProvider) -> None:
    metadata = discovery.metadata(evil.issuer)

    assert metadata.issuer == evil.issuer
    assert metadata.token_endpoint == f"{evil.issuer}/token"
    assert metadata.end_session_endpoint is None
    assert metadata.iss_promised


@pytest.mark.parametrize("value", [DROP, False, None, "true", 1])
def test_only_true_is_a_promise_of_iss(
    discovery: Discovery, evil: EvilProvider, value: object
) -> None:
    evil.metadata["authorization_response_iss_parameter_supported"] = value

    assert discovery.metadata(evil.issuer).iss_promised is False


def test_an_issuer_with_a_path_is_looked_up_below_it(
    discovery: Discovery, evil: EvilProvider
) -> None:
    issuer = f"{evil.issuer}/tenant/"
    evil.answers[f"/tenant{WELL_KNOWN}"] = evil.discovery
    evil.metadata["issuer"] = issuer

    assert discovery.metadata(issuer).issuer == issuer


def test_metadata_are_fetched_once_and_again_when_they_are_old(
    discovery: Discovery, evil: EvilProvider, clock: Clock
) -> None:
    discovery.metadata(evil.issuer)
    clock.now += CACHE_TTL - 1
    discovery.metadata(evil.issuer)
    assert len(evil.calls(WELL_KNOWN)) == 1

    clock.now += 1
    discovery.metadata(evil.issuer)
    assert len(evil.calls(WELL_KNOWN)) == 2


def test_a_failure_is_not_remembered(discovery: Discovery, evil: EvilProvider) -> None:
    evil.answers[WELL_KNOWN] = lambda _request: Response(status=500)
    with pytest.raises(ProviderFailed):
        discovery.metadata(evil.issuer)

    del evil.answers[WELL_KNOWN]
    assert discovery.metadata(evil.issuer)


@pytest.mark.parametrize(
    "issuer", ["https://evil.example", "", None, DROP, ["x"], 7, "with a slash"]
)
def test_metadata_of_another_issuer_are_refused(
    discovery: Discovery, evil: EvilProvider, issuer: object
) -> None:
    lie = f"{evil.issuer}/" if issuer == "with a slash" else issuer
    evil.metadata["issuer"] = lie

    with pytest.raises(MetadataWrong):
        discovery.metadata(evil.issuer)


BAD_ENDPOINTS = [
    "http://evil.example/token",
    "http://127.0.0.1.evil.example/token",
    "http://localhost@evil.example/token",
    "ftp://127.0.0.1/token",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "//127.0.0.1/token",
    "/token",
    "https://",
    "https:///token",
    "http://[::1/token",
    "",
    None,
    7,
    ["https://op.example/token"],
]


@pytest.mark.parametrize("url", BAD_ENDPOINTS)
@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint"])
def test_an_endpoint_that_would_send_secrets_in_clear_is_refused(
    discovery: Discovery, evil: EvilProvider, name: str, url: object
) -> None:
    evil.metadata[name] = url

    with pytest.raises(MetadataWrong):
        discovery.metadata(evil.issuer)


@pytest.mark.parametrize(
    "name", ["jwks_uri", "userinfo_endpoint", "end_session_endpoint"]
)
def test_the_other_endpoints_are_looked_at_too(
    discovery: Discovery, evil: EvilProvider, name: str
) -> None:
    evil.metadata[name] = "http://evil.example/x"

    with pytest.raises(MetadataWrong):
        discovery.metadata(evil.issuer)


@pytest.mark.parametrize(
    "name", ["authorization_endpoint", "token_endpoint", "jwks_uri"]
)
def test_what_we_need_must_be_there(
    discovery: Discovery, evil: EvilProvider, name: str
) -> None:
    evil.metadata[name] = DROP

    with pytest.raises(MetadataWrong):
        discovery.metadata(evil.issuer)


def test_without_userinfo_we_can_do(discovery: Discovery, evil: EvilProvider) -> None:
    evil.metadata["userinfo_endpoint"] = DROP

    assert discovery.metadata(evil.issuer).userinfo_endpoint is None


def moved(_request: Request) -> Response:
    return Response(status=302, headers={"Location": "/elsewhere"})


BAD_ANSWERS = {
    "an error": lambda _request: as_json({"issuer": "x"}, status=500),
    "not found": lambda _request: Response(status=404),
    "a redirect": moved,
    "a page": lambda _request: Response("<html>", content_type="text/html"),
    "nothing": lambda _request: Response(b""),
    "a list": lambda _request: as_json([{"issuer": "x"}]),
    "half an object": lambda _request: Response('{"issuer": "x'),
    "NaN": lambda _request: Response('{"issuer": NaN}'),
    "no text": lambda _request: Response('{"issuer": "\\ud800"}'),
    "bytes": lambda _request: Response(b"\xff\xfe\x00"),
    "too deep": lambda _request: Response("[" * 100_000),
    "too much": lambda _request: Response(b" " * (1024 * 1024 + 1)),
}


@pytest.mark.parametrize("path", [WELL_KNOWN, "/jwks"])
@pytest.mark.parametrize("answer", BAD_ANSWERS)
def test_an_answer_that_is_no_json_object_is_the_providers_failure(
    discovery: Discovery, evil: EvilProvider, path: str, answer: str
) -> None:
    evil.answers[path] = BAD_ANSWERS[answer]

    with pytest.raises(ProviderFailed) as failed:
        discovery.keys(evil.issuer)

    assert failed.value.status == 502
    assert evil.calls("/elsewhere") == []


def test_nobody_listening_is_the_providers_failure(
    discovery: Discovery, evil: EvilProvider
) -> None:
    with pytest.raises(ProviderFailed):
        discovery.metadata("http://127.0.0.1:1")


def test_five_seconds_are_the_longest_we_wait() -> None:
    assert CALL_TIME == 5


def test_an_answer_that_never_comes_is_a_timeout(
    house: House, evil: EvilProvider
) -> None:
    def hang(_request: Request) -> Response:
        evil.over.wait(10)
        return Response()

    evil.answers[WELL_KNOWN] = hang
    house.be_impatient()

    with pytest.raises(ProviderTimedOut) as failed:
        house.discovery.metadata(evil.issuer)

    assert failed.value.status == 504


# --- keys ----------------------------------------------------------------------------


def test_keys_are_fetched_once_and_again_when_they_are_old(
    discovery: Discovery, evil: EvilProvider, clock: Clock
) -> None:
    assert kids(discovery, evil) == {"first"}
    clock.now += CACHE_TTL - 1
    kids(discovery, evil)
    assert len(evil.calls("/jwks")) == 1

    clock.now += 1
    kids(discovery, evil)
    assert len(evil.calls("/jwks")) == 2


def test_an_unknown_key_makes_us_look_again_but_not_often(
    discovery: Discovery, evil: EvilProvider, clock: Clock
) -> None:
    kids(discovery, evil)
    clock.now += REFRESH_PAUSE
    for _ in range(5):
        kids(discovery, evil, unknown_key=True)
    assert len(evil.calls("/jwks")) == 2

    clock.now += REFRESH_PAUSE - 1
    kids(discovery, evil, unknown_key=True)
    assert len(evil.calls("/jwks")) == 2


def test_a_rotated_key_is_found(
    discovery: Discovery, evil: EvilProvider, clock: Clock, other_rsa_key: RSAKey
) -> None:
    kids(discovery, evil)
    evil.published.append(other_rsa_key.as_dict(private=False))
    clock.now += REFRESH_PAUSE

    assert kids(discovery, evil, unknown_key=True) == {"first", "second"}


def test_a_key_that_was_rotated_just_after_we_looked_is_found(
    discovery: Discovery, evil: EvilProvider, other_rsa_key: RSAKey
) -> None:
    kids(discovery, evil)
    evil.published.append(other_rsa_key.as_dict(private=False))

    assert kids(discovery, evil, unknown_key=True) == {"first", "second"}


def test_also_a_second_look_that_fails_is_one(
    discovery: Discovery, evil: EvilProvider
) -> None:
    kids(discovery, evil)
    evil.published.clear()
    for expected in (pytest.raises(ProviderFailed), nullcontext()):
        with expected:
            kids(discovery, evil, unknown_key=True)

    assert len(evil.calls("/jwks")) == 2


def test_what_was_forgotten_is_fetched_anew(
    discovery: Discovery, evil: EvilProvider
) -> None:
    kids(discovery, evil)

    discovery.forget()

    kids(discovery, evil)
    assert len(evil.calls("/jwks")) == 2
    assert len(evil.calls("/.well-known/openid-configuration")) == 2


def test_of_eight_at_once_one_fetches(discovery: Discovery, evil: EvilProvider) -> None:
    discovery.metadata(evil.issuer)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: kids(discovery, evil), range(8)))

    assert found == [{"first"}] * 8
    assert len(evil.calls("/jwks")) == 1


def test_keys_of_one_provider_are_not_anothers(
    discovery: Discovery, evil: EvilProvider, other: EvilProvider
) -> None:
    assert kids(discovery, evil) == {"first"}
    assert kids(discovery, other) == {"second"}


def test_a_key_that_we_cannot_read_does_not_spoil_the_others(
    discovery: Discovery, evil: EvilProvider, ec_key: ECKey
) -> None:
    evil.published += [
        {"kty": "LATTICE", "kid": "new"},
        {"kty": "RSA", "n": "!", "e": "AQAB"},
        {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"},
        {"kty": ["RSA"]},
        {"kid": "no type"},
        {},
        "no key",
        None,
        [1],
        ec_key.as_dict(private=False),
    ]

    assert kids(discovery, evil) == {"first", "curve"}


@pytest.mark.parametrize("keys", [DROP, None, [], {}, 5, True, "keys", [None], [{}]])
def test_a_list_without_a_usable_key_is_the_providers_failure(
    discovery: Discovery, evil: EvilProvider, keys: object
) -> None:
    document = {} if keys is DROP else {"keys": keys}
    evil.answers["/jwks"] = lambda _request: as_json(document)

    with pytest.raises(ProviderFailed):
        discovery.keys(evil.issuer)


def test_cookies_of_a_provider_are_not_sent_back(
    discovery: Discovery, evil: EvilProvider
) -> None:
    def with_cookie(request: Request) -> Response:
        answer = evil.discovery(request)
        answer.set_cookie("who", "alice")
        return answer

    evil.answers[WELL_KNOWN] = with_cookie
    discovery.keys(evil.issuer)

    assert "Cookie" not in evil.calls("/jwks")[0].headers
