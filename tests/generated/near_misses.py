"""Text that is almost right: a good value with a change or three, or plain junk."""

from collections.abc import Callable

from hypothesis import strategies as st

#: What looks like another character, or becomes it once somebody normalises.
LOOKALIKES = {
    "a": "а",
    "c": "с",
    "e": "е",
    "o": "о",
    "p": "р",
    "h": "һ",
    "s": "ſ",
    "k": "\u212a",
    "/": "／",
    "\\": "＼",
    ".": "。",
    ":": "：",
    "@": "＠",
    "-": "‐",
    "=": "＝",
    "0": "０",
    "1": "１",
    "7": "٧",
}

#: What parsers disagree about.
PIECES = [
    *"/\\:@?#.&=;%+-_~![](){}*,'\"<>|^`$ \t\n\r\x00\x0b\x0c\x1f\x7f0189aZé",
    *("//", "/\\", "\\\\", "..", "/../", "./", "%2e", "%2f", "%5c", "%00", "%0d%0a"),
    *("%", "%25", "\r\n", "\xa0", "\u200b", "\u2028", "\u3000", "\ufeff", "\u0130"),
    *("@evil.example", "//evil.example", "http:", "https://", "javascript:", "[::1]"),
    *("127.0.0.1", "localhost", ":80", ":0", ":65535", ":65536", ":00080", ":"),
    "\ud800",
]

Change = Callable[[str, int, str], str]


def _inserted(text: str, at: int, piece: str) -> str:
    return text[:at] + piece + text[at:]


def _replaced(text: str, at: int, piece: str) -> str:
    return text[:at] + piece + text[at + 1 :]


def _removed(text: str, at: int, _piece: str) -> str:
    return text[:at] + text[at + 1 :]


def _in_front(text: str, _at: int, piece: str) -> str:
    return piece + text


def _behind(text: str, _at: int, piece: str) -> str:
    return text + piece


def _cut_off(text: str, at: int, _piece: str) -> str:
    return text[:at]


def _beginning_gone(text: str, at: int, _piece: str) -> str:
    return text[at:]


def _other_case(text: str, at: int, _piece: str) -> str:
    return text[:at] + text[at : at + 1].swapcase() + text[at + 1 :]


def _all_other_case(text: str, _at: int, _piece: str) -> str:
    return text.swapcase()


def _percent_encoded(text: str, at: int, _piece: str) -> str:
    letter = text[at : at + 1].encode("utf-8", "replace")
    return text[:at] + "".join(f"%{byte:02x}" for byte in letter) + text[at + 1 :]


def _lookalike(text: str, at: int, piece: str) -> str:
    return text[:at] + LOOKALIKES.get(text[at : at + 1], piece) + text[at + 1 :]


def _swapped(text: str, at: int, _piece: str) -> str:
    return text[:at] + text[at : at + 2][::-1] + text[at + 2 :]


def _said_twice(text: str, at: int, _piece: str) -> str:
    return text + text[at:]


CHANGES: list[Change] = [
    _inserted,
    _replaced,
    _removed,
    _in_front,
    _behind,
    _cut_off,
    _beginning_gone,
    _other_case,
    _all_other_case,
    _percent_encoded,
    _lookalike,
    _swapped,
    _said_twice,
]

_CHANGE = st.tuples(
    st.sampled_from(CHANGES),
    st.integers(0, 255),
    st.sampled_from(PIECES) | st.characters(),
)
_TIMES = st.sampled_from([0, 1, 1, 1, 2, 2, 3])


@st.composite
def near(draw: st.DrawFn, good: st.SearchStrategy[str]) -> str:
    """One of `good`, unchanged or with up to three changes."""
    text = draw(good)
    for _ in range(draw(_TIMES)):
        change, at, piece = draw(_CHANGE)
        text = change(text, at % (len(text) + 1), piece)
    return text


#: Anything at all, and heaps of what parsers disagree about.
JUNK = st.text(max_size=40) | st.lists(st.sampled_from(PIECES), max_size=8).map("".join)
