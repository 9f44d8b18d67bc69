"""Text of strangers, with what would hide or turn other text made visible. Pure.

A terminal obeys an escape when a page is copied into it; other characters turn the
direction of what follows. Both are written out: "\\x1b", "\\u202e".
"""

#: Breaks that a page shows as what they are.
BREAKS = "\n\t"


def visible(text: str, *, but: str = "") -> str:
    """`text` with what is not printable as an escape, all `but` these characters."""
    if text.isprintable():
        return text
    return "".join(
        one if one.isprintable() or one in but else _escape(one) for one in text
    )


def _escape(one: str) -> str:
    return one.encode("unicode_escape", "backslashreplace").decode()
