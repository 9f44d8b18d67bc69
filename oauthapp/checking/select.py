"""Which checks of a table are to be made?"""

from collections.abc import Collection
from collections.abc import Sequence
from typing import Protocol
from typing import TypeVar

from oauthapp.errors import InputUnusable


class Named(Protocol):
    """Something with a name."""

    @property
    def name(self) -> str: ...


Check = TypeVar("Check", bound=Named)


def selected(
    checks: Sequence[Check], *, only: Collection[str], skip: Collection[str]
) -> Sequence[Check]:
    """All of them; or `only` these; and none of `skip`.

    :raises InputUnusable: when there is no such name.
    """
    names = [one.name for one in checks]
    for name in (*only, *skip):
        if name not in names:
            raise InputUnusable(f"{name!r} is no check; there are: {', '.join(names)}")
    return [
        one for one in checks if (not only or one.name in only) and one.name not in skip
    ]
