"""One key signs, older ones stay published, and no private part is readable."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy import func
from sqlalchemy import select

from oauthapp.callers.provider import key_store
from oauthapp.callers.provider import keys
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.schema.provider import signing_keys
from oauthapp.vault import VaultClosed
from tests.attacks.house import Clock
from tests.attacks.provider_house import Provider
from tests.attacks.provider_house import opened


def keep(database: Engine, kid: str, alg: str, now: float) -> None:
    with writing(database) as connection:
        key_store.keep(
            connection,
            kid=kid,
            alg=alg,
            public_jwk={"kid": kid},
            private_jwe=f"private {kid}",
            now=now,
        )


def test_the_newest_key_of_its_algorithm_signs_and_all_are_published(
    database: Engine,
) -> None:
    keep(database, "old", "RS256", 1)
    keep(database, "new", "RS256", 3)
    keep(database, "other", "ES256", 4)

    with reading(database) as connection:
        assert key_store.newest(connection, "RS256", made_after=0) == "private new"
        assert key_store.newest(connection, "RS256", made_after=3) is None
        assert key_store.newest(connection, "EdDSA", made_after=0) is None
        published = key_store.public_keys(connection, retired_after=0)
    assert [key["kid"] for key in published] == ["other", "new", "old"]


def test_a_retired_key_signs_nothing_and_is_published_until_it_is_forgotten(
    database: Engine,
) -> None:
    keep(database, "old", "ES256", 1)
    with writing(database) as connection:
        key_store.retire(connection, now=5)
    keep(database, "new", "ES256", 5)

    def published(retired_after: float) -> list[object]:
        with reading(database) as connection:
            keys = key_store.public_keys(connection, retired_after=retired_after)
        return [key["kid"] for key in keys]

    assert published(4.9) == ["new", "old"]
    assert published(5) == ["new"]
    with writing(database) as connection:
        assert key_store.newest(connection, "ES256", made_after=0) == "private new"
        key_store.forget(connection, retired_before=4.9)
    assert published(0) == ["new", "old"]
    with writing(database) as connection:
        key_store.forget(connection, retired_before=5)
    assert published(0) == ["new"]


def test_eight_first_callers_agree_on_one_key(tmp_path: Path, clock: Clock) -> None:
    # Making an RSA key takes long enough for all of them to find none at first.
    for provider in opened(tmp_path, clock, signing_alg="RS256"):
        services = provider.services
        with ThreadPoolExecutor(8) as pool:
            made = list(pool.map(keys.signing_key, [services] * 8))
        with reading(services.database) as connection:
            counted = select(func.count()).select_from(signing_keys)
            kept = connection.execute(counted).scalar_one()

        assert (len({key.thumbprint() for key in made}), kept) == (1, 1)


@pytest.fixture(params=["ES256", "RS256"])
def any_provider(
    request: pytest.FixtureRequest, tmp_path: Path, clock: Clock
) -> Iterator[Provider]:
    yield from opened(tmp_path, clock, signing_alg=request.param)


def test_the_private_part_is_kept_encrypted(any_provider: Provider) -> None:
    key = keys.signing_key(any_provider.services)
    with reading(any_provider.services.database) as connection:
        kept = connection.execute(select(signing_keys)).one()
    private = key.as_dict(private=True)
    (public,) = keys.published_keys(any_provider.services)["keys"]

    assert str(private["d"]) not in kept.private_jwe
    assert kept.private_jwe.count(".") == 4  # a JWE (RFC 7516 §7.1)
    assert "d" not in public and str(private["d"]) not in json.dumps(public)
    assert (public["kid"], public["use"]) == (key.thumbprint(), "sig")
    assert public["alg"] == any_provider.services.settings.signing_alg


def test_another_secret_key_opens_no_private_key(
    provider: Provider, tmp_path: Path, clock: Clock
) -> None:
    keys.signing_key(provider.services)
    for other in opened(tmp_path, clock, secret_key="another" * 8, endpoints=[]):
        for use in (keys.signing_key, keys.require_readable):
            with pytest.raises(VaultClosed):
                use(other.services)


def kids(provider: Provider) -> list[object]:
    return [key["kid"] for key in keys.published_keys(provider.services)["keys"]]


def test_a_key_that_got_old_is_replaced_and_stays_for_what_it_signed(
    provider: Provider, clock: Clock
) -> None:
    settings = provider.services.settings
    first = keys.signing_key(provider.services).thumbprint()
    clock.now += settings.signing_key_ttl - 1
    assert keys.signing_key(provider.services).thumbprint() == first
    clock.now += 1
    second = keys.signing_key(provider.services).thumbprint()

    assert second != first
    assert kids(provider) == [second, first]
    clock.now += settings.session_ttl - 1
    assert kids(provider) == [second, first]
    clock.now += 1
    assert kids(provider) == [second]


def test_a_key_can_be_replaced_at_once(provider: Provider) -> None:
    first = keys.signing_key(provider.services).thumbprint()
    second = keys.rotate(provider.services).thumbprint()

    assert keys.signing_key(provider.services).thumbprint() == second
    assert sorted(map(str, kids(provider))) == sorted([first, second])


def test_a_replaced_key_is_forgotten_at_the_next_change(
    provider: Provider, clock: Clock
) -> None:
    for _ in range(3):
        keys.rotate(provider.services)
        clock.now += provider.services.settings.session_ttl
    with reading(provider.services.database) as connection:
        counted = select(func.count()).select_from(signing_keys)
        assert connection.execute(counted).scalar_one() == 2
