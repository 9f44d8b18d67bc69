"""A value that is worked out when it is first asked for."""

from dataclasses import dataclass
from dataclasses import field

from oauthapp.once import once


@dataclass(frozen=True)
class Sum:
    """Counts how often it is worked out."""

    parts: tuple[int, ...]
    asked: list[int] = field(default_factory=list)

    @once
    def total(self) -> int:
        """All of them together."""
        self.asked.append(1)
        return sum(self.parts)


def test_it_is_worked_out_once_for_each_and_not_before_it_is_asked_for() -> None:
    first, second = Sum((1, 2)), Sum((3,))
    assert first.asked == []

    assert (first.total, first.total, second.total) == (3, 3, 3)

    assert (first.asked, second.asked) == ([1], [1])


def test_of_the_class_it_is_what_describes_it() -> None:
    assert Sum.total.__doc__ == "All of them together."
