"""What signs is imported with the first token, and reads only what it has signed."""

import json
import subprocess
import sys

import pytest

from oauthapp.callers.provider.signing import ALGORITHMS
from oauthapp.callers.provider.signing import generate
from oauthapp.callers.provider.signing import read_key
from oauthapp.callers.provider.signing import read_keys
from oauthapp.callers.provider.signing import read_signed
from oauthapp.callers.provider.signing import sign

CLAIMS = {"sub": "alice"}


def test_a_provider_starts_without_what_signs() -> None:
    look = "import sys, oauthapp.standalone.serve; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True)

    assert "oauthapp.callers.provider.tokens" in done.stdout.split()
    assert not {"joserfc", "cryptography"} & set(done.stdout.split())


@pytest.mark.parametrize("alg", ALGORITHMS)
def test_what_was_signed_is_read_with_its_key_and_with_no_other(alg: str) -> None:
    header, key, other = {"typ": "JWT", "alg": alg}, generate(alg), generate(alg)
    token = sign(header, CLAIMS, key)

    own, others = ([one.as_dict(private=False)] for one in (key, other))
    assert read_signed(token, read_keys({"keys": own})) == (header, CLAIMS)
    assert read_signed(token, read_keys({"keys": others})) is None


@pytest.mark.parametrize("token", ["", "a.b.c", "e30.e30.", "\ud800"])
def test_what_is_no_token_is_read_as_none(token: str) -> None:
    keys = read_keys({"keys": [generate("ES256").as_dict(private=False)]})

    assert read_signed(token, keys) is None


def test_a_key_is_read_as_it_was_written() -> None:
    key = generate("ES256")
    written = json.dumps(key.as_dict(private=True)).encode()

    assert read_key("ES256", written).thumbprint() == key.thumbprint()
