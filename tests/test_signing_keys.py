"""A secret stands for one key, and a key is written in one way."""

import base64
import os

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from oauthapp.signing_keys import private_key
from oauthapp.signing_keys import public_key
from oauthapp.signing_keys import shared_key
from oauthapp.signing_keys import symmetric_key

PRIME = 2**255 - 19
#: y of a point of order 8, as libsodium refuses it too.
ORDER_EIGHT = "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"


def b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


@pytest.mark.parametrize("size", [24, 25, 32, 64])
def test_a_symmetric_key_has_24_to_64_bytes(size: int) -> None:
    key = os.urandom(size)
    assert symmetric_key(f"whsec_{b64(key)}") == key


def test_a_key_pair_is_read_as_it_is_written() -> None:
    seed = os.urandom(32)
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    assert private_key(f"whsk_{b64(seed + public)}") == seed
    assert public_key(f"whpk_{b64(public)}") == public


def test_a_shared_secret_is_its_text() -> None:
    assert shared_key("whsec_ü") == "whsec_ü".encode()


UNUSABLE = [
    *((symmetric_key, f"whsec_{b64(bytes(size))}") for size in (0, 16, 23, 65)),
    (symmetric_key, b64(b"k" * 24)),
    (symmetric_key, f"WHSEC_{b64(b'k' * 24)}"),
    (symmetric_key, f"whsec_{b64(b'k' * 24)}\n"),
    (symmetric_key, f"whsec_{'k' * 24}!"),
    (symmetric_key, f"whsec_{b64(b'k' * 25)[:-3]}x=="),  # another spelling of a key
    (symmetric_key, f"whsec_{b64(b'k' * 25)[:-1]}"),
    (symmetric_key, "whsec_" + "-_" * 16),
    (symmetric_key, "whsec_" + "é" * 32),
    (public_key, f"whpk_{b64(b'k' * 31)}"),
    (public_key, f"whpk_{b64(b'k' * 33)}"),
    (public_key, f"whsk_{b64(b'k' * 32)}"),
    (private_key, f"whsk_{b64(b'k' * 32)}"),
    (private_key, f"whpk_{b64(b'k' * 64)}"),
    (shared_key, ""),
    (shared_key, "\ud800"),
]


@pytest.mark.parametrize(("read", "secret"), UNUSABLE)
def test_what_stands_for_no_key_is_refused_and_not_repeated(read, secret) -> None:
    with pytest.raises(ValueError, match="^write ") as refused:
        read(secret)
    assert len(secret) < 10 or secret not in str(refused.value)


def little(number: int) -> bytes:
    return number.to_bytes(32, "little")


Y8 = int.from_bytes(bytes.fromhex(ORDER_EIGHT), "little")
TOP = 1 << 255
FOR_ANYBODY = [0, 1, PRIME - 1, PRIME, PRIME + 1, Y8, PRIME - Y8]


@pytest.mark.parametrize("sign", [0, TOP])
@pytest.mark.parametrize("y", FOR_ANYBODY)
def test_a_public_key_that_anybody_can_sign_for_is_refused(y: int, sign: int) -> None:
    with pytest.raises(ValueError, match="^write whpk_"):
        public_key(f"whpk_{b64(little(y | sign))}")


def test_for_the_key_of_zeros_anybody_could_sign() -> None:
    """Else the refusal above would be for nothing."""
    key = Ed25519PublicKey.from_public_bytes(bytes(32))
    forged = little(1) + bytes(32)
    for number in range(200):
        try:
            return key.verify(forged, str(number).encode())
        except InvalidSignature:
            continue
    pytest.fail("nothing fitted")
