"""Where may a login lead back to? To a path of this app, else to the front page. Pure.

Anything a browser might read as another host is refused, not repaired: `//host`,
`/\\host`, control characters that browsers drop before they parse (WHATWG URL §4.4).
"""

import re

#: A slash, then not a second one; printable ASCII without backslash.
_PATH = re.compile(r"/(?:[!-.0-\[\]-~][!-\[\]-~]*)?", re.ASCII)

FRONT_PAGE = "/"
LONGEST = 1024


def confined(next_path: str) -> str:
    """`next_path` when it is a path of this app, else the front page."""
    if len(next_path) > LONGEST or not _PATH.fullmatch(next_path):
        return FRONT_PAGE
    return next_path
