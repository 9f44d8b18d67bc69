"""One key signs, older ones stay published, and no private part is readable."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from joserfc.errors import JoseError
from sqlalchemy import Engine
from sqlalchemy import func
from sqlalchemy import select

from oauthapp.callers.provider import key_store
from oauthapp.callers.provider import keys
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.schema.provider import signing_keys
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
        assert key_store.newest(connection, "RS256") == "private new"
        assert key_store.newest(connection, "EdDSA") is None
        published = [key["kid"] for key in key_store.public_keys(connection)]
    assert published == ["other", "new", "old"]


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
    for other in opened(tmp_path, clock, secret_key="another" * 8):
        with pytest.raises(JoseError):
            keys.signing_key(other.services)
