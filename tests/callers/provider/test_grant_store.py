"""Codes and tokens hang on their grant: found by their secrets, taken once, ended."""

from dataclasses import replace

import pytest
from sqlalchemy import Connection
from sqlalchemy import Engine
from sqlalchemy import func
from sqlalchemy import select

from oauthapp.callers.provider import grant_store
from oauthapp.callers.provider import token_store
from oauthapp.callers.provider.grant_store import Code
from oauthapp.callers.provider.grant_store import Grant
from oauthapp.callers.provider.token_store import AccessToken
from oauthapp.callers.provider.token_store import RefreshToken
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.schema.provider import access_tokens
from oauthapp.schema.provider import authorization_codes
from oauthapp.schema.provider import grants
from oauthapp.schema.provider import refresh_tokens

NOW = 1_700_000_000.0
GRANT = Grant(
    grant_id="g",
    client_id="web",
    sub="alice",
    sid="s",
    session_ref="r",
    scope="openid",
    claims={"userinfo": ["name"]},
    auth_time=int(NOW),
)
CODE = Code(
    grant=GRANT,
    redirect_uri="http://localhost:5000/cb",
    nonce=None,
    code_challenge="c",
    expires_at=NOW + 60,
)
ACCESS = AccessToken(
    grant=GRANT, scope="openid", issued_at=int(NOW), expires_at=NOW + 100
)
REFRESH = RefreshToken(grant=GRANT, issued_at=int(NOW), expires_at=NOW + 200)
TABLES = (grants, authorization_codes, access_tokens, refresh_tokens)


def keep(connection: Connection, grant: Grant = GRANT, until: float = NOW + 60) -> None:
    grant_store.keep_grant(connection, grant, expires_at=until)


def counts(database: Engine) -> list[int]:
    with reading(database) as connection:
        return [
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in TABLES
        ]


def test_a_code_is_found_as_it_was_kept_and_taken_once(database: Engine) -> None:
    with writing(database) as connection:
        keep(connection)
        grant_store.keep_code(connection, "code", CODE)
        assert grant_store.find_code(connection, "code") == CODE
        assert grant_store.find_code(connection, "another") is None
        takes = [grant_store.take_code(connection, "code") for _ in range(2)]
        taken = grant_store.find_code(connection, "code")

    assert takes == [True, False]
    assert taken == replace(CODE, taken=True)


def test_a_refresh_token_is_found_as_it_was_kept_and_taken_once(
    database: Engine,
) -> None:
    with writing(database) as connection:
        keep(connection)
        token_store.keep_refresh_token(connection, "token", REFRESH)
        found = token_store.find_refresh_token(connection, "token", now=NOW)
        takes = [token_store.take_refresh_token(connection, "token") for _ in range(2)]
        taken = token_store.find_refresh_token(connection, "token", now=NOW)

    assert found == REFRESH
    assert takes == [True, False]
    assert taken == replace(REFRESH, taken=True)


@pytest.mark.parametrize(("age", "good"), [(99.9, True), (100, False)])
def test_an_access_token_is_good_until_it_expires(
    database: Engine, age: float, good: bool
) -> None:
    with writing(database) as connection:
        keep(connection)
        token_store.keep_access_token(connection, "token", ACCESS)
        found = token_store.find_access_token(connection, "token", now=NOW + age)

    assert found == (ACCESS if good else None)


@pytest.mark.parametrize(("age", "good"), [(199.9, True), (200, False)])
def test_a_refresh_token_is_good_until_it_expires(
    database: Engine, age: float, good: bool
) -> None:
    with writing(database) as connection:
        keep(connection)
        token_store.keep_refresh_token(connection, "token", REFRESH)
        found = token_store.find_refresh_token(connection, "token", now=NOW + age)

    assert found == (REFRESH if good else None)


def test_revoking_a_grant_ends_its_tokens_also_later_ones_and_no_others(
    database: Engine,
) -> None:
    other = replace(GRANT, grant_id="other")
    with writing(database) as connection:
        keep(connection)
        keep(connection, other)
        token_store.keep_access_token(connection, "before", ACCESS)
        token_store.keep_access_token(
            connection, "theirs", replace(ACCESS, grant=other)
        )
        token_store.keep_refresh_token(connection, "refresh", REFRESH)
        grant_store.revoke_grant(connection, "g")
        token_store.keep_access_token(connection, "after", ACCESS)
        good = [
            token_store.find_access_token(connection, token, now=NOW) is not None
            for token in ("before", "after", "theirs")
        ]
        refresh = token_store.find_refresh_token(connection, "refresh", now=NOW)

    assert (good, refresh) == ([False, False, True], None)


def test_one_access_token_can_end_alone(database: Engine) -> None:
    with writing(database) as connection:
        keep(connection)
        for token in ("one", "two"):
            token_store.keep_access_token(connection, token, ACCESS)
        token_store.revoke_access_token(connection, "one")
        assert token_store.find_access_token(connection, "one", now=NOW) is None
        assert token_store.find_access_token(connection, "two", now=NOW) == ACCESS


def test_the_grants_of_a_session_are_found_and_kept_as_long_as_it_lasts(
    database: Engine,
) -> None:
    with writing(database) as connection:
        keep(connection)
        keep(connection, replace(GRANT, grant_id="other", session_ref="another"))
        grant_store.keep_grants_of_session(connection, "r", until=NOW + 900)
        grant_store.keep_grants_of_session(connection, "r", until=NOW + 1)
        grant_store.forget_expired(connection, now=NOW + 899)
        assert grant_store.grants_of_session(connection, "r") == (GRANT,)
        assert grant_store.grants_of_session(connection, "another") == ()


@pytest.mark.parametrize(
    ("age", "left"),
    [
        (60, [1, 1, 1, 1]),
        (101, [1, 1, 0, 1]),
        (201, [0, 0, 0, 0]),
    ],
)
def test_a_grant_is_forgotten_when_nothing_lives_that_came_of_it(
    database: Engine, age: float, left: list[int]
) -> None:
    with writing(database) as connection:
        keep(connection)
        grant_store.keep_code(connection, "code", CODE)
        token_store.keep_access_token(connection, "access", ACCESS)
        token_store.keep_refresh_token(connection, "refresh", REFRESH)
        grant_store.forget_expired(connection, now=NOW + age)

    assert counts(database) == left
