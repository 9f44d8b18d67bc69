"""Where a call went, in short: what calls are found by. Pure."""

#: Characters of a place: somebody may call a path of any length.
PLACE_LIMIT = 80


def place(path: str) -> str:
    """The first part of `path`, with the slash that ends it: "/a/" of "/a/b/c".

    A path of one part is a place of its own: "/a".
    """
    first, slash, _rest = path.removeprefix("/").partition("/")
    return f"/{first}{slash}"[:PLACE_LIMIT]


def places_from(path: str) -> tuple[str, ...]:
    """The places of `path` and of all that is below it."""
    if "/" in path.removeprefix("/"):
        return (place(path),)
    return place(path), place(f"{path}/")
