"""An input that looks like a letter: one line about it, headers, an empty line, a body.

So that a change of one byte is a change of one thing, and a kept file can be read.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Letter:
    """An input taken apart; whatever the bytes, there is one."""

    about: str
    #: As WSGI has them: a character for each byte.
    headers: tuple[tuple[str, str], ...]
    body: bytes


def opened(raw: bytes) -> Letter:
    """`raw` as a letter."""
    head, _, body = raw.partition(b"\n\n")
    about, *lines = head.decode("latin-1").split("\n")
    pairs = (line.partition(":") for line in lines)
    headers = tuple(
        (name, value.removeprefix(" ")) for name, sign, value in pairs if sign
    )
    return Letter(about=about, headers=headers, body=body)


def number(text: str) -> float:
    """The number that `text` is, 0 where it is none."""
    try:
        return float(text[:20])
    except ValueError:
        return 0
