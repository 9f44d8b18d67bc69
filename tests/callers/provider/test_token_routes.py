"""A token answer says what it gives, and what nobody can use is forgotten."""

from sqlalchemy import select

from oauthapp.database import reading
from oauthapp.schema.provider import access_tokens
from oauthapp.schema.provider import authorization_codes
from oauthapp.schema.provider import grants
from tests.attacks.house import Clock
from tests.attacks.provider_house import REDIRECT_URI
from tests.attacks.provider_house import Provider


def test_a_token_says_how_long_it_lives(provider: Provider) -> None:
    answer = provider.redeem(provider.code())

    assert answer.headers["Cache-Control"] == "no-store"
    told = answer.get_json()
    assert told["scope"] == "openid profile email"
    assert told["expires_in"] == provider.services.settings.access_token_ttl
    assert REDIRECT_URI not in answer.text


def test_redeeming_a_code_forgets_what_nobody_can_use_any_more(
    provider: Provider, clock: Clock
) -> None:
    provider.redeem(provider.code())
    provider.code()
    clock.now += provider.services.settings.session_ttl + 1
    provider.redeem(provider.code())
    with reading(provider.services.database) as connection:
        for table in (grants, authorization_codes, access_tokens):
            assert len(connection.execute(select(table)).all()) == 1
