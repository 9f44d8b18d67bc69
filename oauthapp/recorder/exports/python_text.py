"""Python written by a program: what strangers sent is a literal or left out. Pure."""

import re
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import UTC
from datetime import datetime
from typing import Any

from oauthapp.recorder.call import Call
from oauthapp.recorder.step import path_of

_ODD = re.compile(r"[^A-Za-z0-9 /._:,-]", re.ASCII)


def literal(value: Any) -> str:
    """`value` as Python writes it, in ASCII."""
    return ascii(value)


def mapping(pairs: Mapping[str, Any]) -> str:
    """A dict, one item a line."""
    items = (f"    {literal(name)}: {literal(text)},\n" for name, text in pairs.items())
    return "{\n" + "".join(items) + "}"


def arguments(pairs: Mapping[str, Any]) -> str:
    """What stands between a call's brackets, one a line."""
    return "".join(f"    {name}={literal(value)},\n" for name, value in pairs.items())


def opening(call: Call, says: Sequence[str]) -> str:
    """A test file's docstring: which call, what became of it, and what is made up."""
    at = datetime.fromtimestamp(call.at, UTC)
    verdict = f"{call.verdict}, {call.reason}" if call.reason else call.verdict
    lines = [
        f"A recorded call as a test: {words(call.method)} {words(path_of(call.url))}.",
        "",
        f"Recorded on {at:%Y-%m-%d} at {at:%H:%M:%S} UTC: {words(verdict)}.",
        *says,
    ]
    return '"""' + "\n".join(lines) + '\n"""\n'


def words(text: str) -> str:
    """`text` without anything that could end a docstring or a name."""
    return _ODD.sub("?", text)[:100]


def name_of(call: Call, what: str) -> str:
    """What the test is called."""
    verdict = "accepted" if call.verdict == "accepted" else f"refused_as_{call.reason}"
    return f"test_this_{what}_is_{verdict}"
