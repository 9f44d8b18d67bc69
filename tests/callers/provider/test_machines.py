"""Machines are told errors in the characters that the RFCs allow, from any origin."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.attacks.house import Clock
from tests.attacks.provider_house import Provider
from tests.attacks.provider_house import opened

DESCRIPTION = re.compile(r"[ !#-\[\]-~]+")


@pytest.fixture
def open_to_all(tmp_path: Path, clock: Clock) -> Iterator[Provider]:
    yield from opened(tmp_path, clock, registration="open")


@pytest.mark.parametrize("uri", ["https://é.example/", 'https://"/', "\\", "\n", "\0"])
def test_a_refused_registration_is_described_in_ascii(
    open_to_all: Provider, uri: str
) -> None:
    answer = open_to_all.machine().post("/register", json={"redirect_uris": [uri]})

    assert DESCRIPTION.fullmatch(answer.get_json()["error_description"])


@pytest.mark.parametrize("grant_type", ["password", 'é"\\', "\0"])
def test_a_description_is_left_out_rather_than_empty(
    provider: Provider, grant_type: str
) -> None:
    told = provider.post("/token", grant_type=grant_type).get_json()

    assert told == {"error": "unsupported_grant_type"}


@pytest.mark.parametrize("path", ["/token", "/revoke", "/introspect", "/userinfo"])
def test_scripts_of_other_origins_may_call_what_counts_no_cookie(
    provider: Provider, path: str
) -> None:
    asked = provider.machine().options(path)
    answer = provider.machine().post(path)

    for one in (asked, answer):
        assert one.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in one.headers
    assert "Authorization" in asked.headers["Access-Control-Allow-Headers"]
    exposed = answer.headers["Access-Control-Expose-Headers"]
    assert exposed == "Retry-After, WWW-Authenticate"


@pytest.mark.parametrize("path", ["/authorize", "/login", "/consent", "/logout"])
def test_no_script_of_another_origin_may_read_a_page(
    provider: Provider, path: str
) -> None:
    for answer in (provider.machine().options(path), provider.machine().get(path)):
        assert "Access-Control-Allow-Origin" not in answer.headers
