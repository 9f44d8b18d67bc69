"""Text of strangers, with what would hide or turn other text made visible. Pure."""

import unicodedata

#: Breaks that a page shows as what they are.
_KEPT = "\n\t"


def visible(text: str) -> str:
    """`text` with control and format characters written out: "\\x1b", "\\u202e".

    A terminal obeys the first when a page is copied into it; the second turns the
    direction of what follows.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(one) for one in text)


def _shown(character: str) -> str:
    hidden = unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")
    if not hidden or character in _KEPT:
        return character
    number = ord(character)
    return f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}"
