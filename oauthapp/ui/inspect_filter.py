"""What is asked for in the query of `/inspect`? Pure."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from oauthapp.errors import Refused
from oauthapp.kinds import KINDS
from oauthapp.recorder.call import Direction
from oauthapp.recorder.filter import Filter
from oauthapp.scenarios import Party

#: What may be asked for; anything else in the query is ignored.
FIELDS = (
    "kind party direction method status verdict reason path text link since until"
).split()
CHOICES: Mapping[str, tuple[str, ...]] = {
    "kind": tuple(kind.kind for kind in KINDS),
    "party": get_args(Party),
    "direction": get_args(Direction),
    "verdict": ("accepted", "refused", "failed"),
}
#: Characters of the longest thing one can ask for.
LONGEST = 200
#: The highest number a call can have in either database.
LAST_NUMBER = 2**31 - 1

_STATUS = re.compile(r"(?P<exact>[1-5]\d\d)|(?P<first>[1-5])xx|none", re.ASCII)
_NUMBER = re.compile(r"\d{1,10}", re.ASCII)
_SECONDS = re.compile(r"\d{1,11}(\.\d{1,9})?", re.ASCII)


class FilterUnusable(Refused):
    """This is nothing one can look for."""

    code = "filter_unusable"
    remedy = "Go back and correct the field, or leave it empty."


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is looked for, and where to go on."""

    wanted: Filter
    before: int | None = None
    after: int | None = None


def read(given: Mapping[str, str]) -> Asked:
    """What these parameters ask for.

    :raises FilterUnusable: naming the parameter and what it can be.
    """
    texts = {name: _text(name, given.get(name, "")) for name in FIELDS}
    for name, choices in CHOICES.items():
        if texts[name] and texts[name] not in choices:
            raise _unusable(name, texts[name], f"one of {', '.join(choices)}")
    equal = ("kind", "party", "direction", "verdict", "reason", "text", "link")
    wanted = Filter(
        **{name: texts[name] for name in equal},
        method=texts["method"].upper(),
        path=_path(texts["path"]),
        status=_status(texts["status"]),
        unanswered=texts["status"] == "none",
        since=_moment("since", texts["since"]),
        until=_moment("until", texts["until"]),
    )
    before, after = (_number(name, given.get(name, "")) for name in ("before", "after"))
    return Asked(wanted=wanted, before=before, after=after)


def _text(name: str, value: str) -> str:
    stripped = value.strip()
    if len(stripped) > LONGEST:
        raise _unusable(name, stripped, f"at most {LONGEST} characters")
    # No database keeps them all, so nothing that was kept has them.
    if any(unicodedata.category(one) in ("Cc", "Cs") for one in stripped):
        raise _unusable(name, stripped, "no control characters")
    return stripped


def _path(text: str) -> str:
    return f"/{text.removeprefix('/')}" if text else ""


def _status(text: str) -> int | None:
    if not text:
        return None
    match = _STATUS.fullmatch(text.lower())
    if match is None:
        raise _unusable(
            "status", text, "a status such as 404, a class such as 4xx, or none"
        )
    found = match["exact"] or match["first"]
    return int(found) if found else None


def _moment(name: str, text: str) -> float | None:
    """Unix seconds, or ISO 8601; without an offset it is the time here."""
    if not text:
        return None
    if _SECONDS.fullmatch(text):
        return float(text)
    try:
        return datetime.fromisoformat(text).timestamp()
    except (ValueError, OverflowError, OSError):
        expected = "a time such as 2025-01-31T23:59:00, or unix seconds"
        raise _unusable(name, text, expected) from None


def _number(name: str, text: str) -> int | None:
    if not text:
        return None
    if not _NUMBER.fullmatch(text) or int(text) > LAST_NUMBER:
        raise _unusable(name, text, "a number that a page of this list leads to")
    return int(text)


def _unusable(name: str, value: str, expected: str) -> FilterUnusable:
    shown = value[:80].encode("ascii", "backslashreplace").decode()
    return FilterUnusable(arrived=f"{name}={shown}", expected=f"{name}: {expected}")
