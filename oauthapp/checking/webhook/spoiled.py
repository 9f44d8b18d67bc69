"""How a message is spoiled: each of these is a check that an endpoint must make. Pure.

For every kind of sender; what ours itself can do wrong is in `callers/sender/`.
"""

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC
from datetime import datetime

from oauthapp.callers.sender.endpoints import new_secret
from oauthapp.checking.webhook.letters import Letter
from oauthapp.checking.webhook.letters import Packed

HOUR = 3600
#: Bytes: more than anybody needs to say in a webhook.
OVERSIZE = 5_000_000

Make = Callable[[Letter], Packed]


def right(letter: Letter) -> Packed:
    """As it should be."""
    return letter.packed()


def signature(change: Callable[[str], str]) -> Make:
    """The header of signatures, changed after it was made."""
    return lambda letter: letter.packed().with_header(
        letter.scheme.signature_header, change
    )


def other_digit(value: str) -> str:
    """Another signature, well written: the last digits may carry spare bits."""
    at = len(value) - 10
    return f"{value[:at]}{'0' if value[at] != '0' else '1'}{value[at + 1 :]}"


def later_body(letter: Letter) -> Packed:
    """One byte more than was signed."""
    return replace(letter.packed(), body=letter.body + b" ")


def at(seconds: int) -> Make:
    """Signed, rightly, that many seconds from now."""
    return lambda letter: replace(letter, timestamp=letter.timestamp + seconds).packed()


def moved_to_now(letter: Letter) -> Packed:
    """Signed an hour ago, with the time of now written over it."""
    old, now = str(letter.timestamp - HOUR), str(letter.timestamp)
    packed = at(-HOUR)(letter)
    for name in (letter.scheme.timestamp_header, letter.scheme.signature_header):
        packed = packed.with_header(name, lambda value: value.replace(old, now, 1))
    return packed


def by_a_stranger(letter: Letter) -> Packed:
    """Signed with a secret that nobody told the endpoint."""
    return replace(letter, secret=new_secret()).packed()


def with_a_strangers(letter: Letter) -> Packed:
    """Two signatures: a stranger's first, as while a secret is replaced."""
    name, between = letter.scheme.signature_header, letter.scheme.between_signatures
    theirs = _lowered(replace(letter, secret=new_secret()).signature())[name]
    if letter.scheme.timestamp_item:
        return signature(lambda own: f"{theirs},{own.partition(',')[2]}")(letter)
    return signature(lambda own: f"{theirs}{between}{own}")(letter)


def of_another_version(letter: Letter) -> Packed:
    """A signature of a version that nobody knows, and the good one."""
    scheme = letter.scheme
    unknown = f"v99{scheme.after_version}AAAA"
    if scheme.timestamp_item:
        return signature(lambda own: f"{own},{unknown}")(letter)
    return signature(lambda own: f"{unknown}{scheme.between_signatures}{own}")(letter)


def only_of_another_version(letter: Letter) -> Packed:
    """The good signature, said to be of a version that nobody knows."""
    after = letter.scheme.after_version
    versions = [f"{name}{after}" for name in letter.scheme.versions]

    def change(own: str) -> str:
        for one in versions:
            own = own.replace(one, f"v99{after}")
        return own

    return signature(change)(letter)


def cut(value: str) -> str:
    """Only the beginning of a good signature."""
    return value[:-20]


def empty(letter: Letter) -> Packed:
    """Versions without a signature behind them."""
    after = letter.scheme.after_version
    version = next(iter(letter.scheme.versions))
    if letter.scheme.timestamp_item:
        return signature(lambda _own: f"t={letter.timestamp},{version}{after}")(letter)
    return signature(lambda _own: f"{version}{after}")(letter)


def other_id(letter: Letter) -> Packed:
    """Another message id than was signed."""
    return letter.packed().with_header(letter.scheme.id_header, lambda one: f"{one}x")


def time_as_date(letter: Letter) -> Packed:
    """The right time, and signed, but written as a date."""
    date = datetime.fromtimestamp(letter.timestamp, UTC).isoformat()
    right = letter.packed()
    return replace(right, headers={**right.headers, **letter.signature(date)})


def saying(body: bytes) -> Make:
    """Signed, rightly, with another body."""
    return lambda letter: replace(letter, body=body).packed()


def as_text(letter: Letter) -> Packed:
    """Announced as plain text."""
    return replace(letter, content_type="text/plain").packed()


def unsigned(letter: Letter) -> Packed:
    """Without a signature."""
    return letter.unsigned()


def huge_and_unsigned(letter: Letter) -> Packed:
    """Large, and without a signature."""
    return replace(letter, body=b'"%s"' % (b"x" * OVERSIZE)).unsigned()


def _lowered(headers: Mapping[str, str]) -> Mapping[str, str]:
    return {name.lower(): value for name, value in headers.items()}
