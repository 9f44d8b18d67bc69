"""Text that others had a part in, made harmless."""


def printable(text: str) -> str:
    """`text` without what would steer a terminal or break XML: others wrote of it."""
    return "".join(one if one.isprintable() or one == "\n" else "�" for one in text)
