"""A value that is worked out when it is first asked for, and then is there. Pure."""

from collections.abc import Callable
from typing import Any
from typing import Generic
from typing import TypeVar
from typing import overload

Value = TypeVar("Value")


class once(Generic[Value]):  # noqa: N801 - it decorates, as `property` does
    """A property whose value is kept where the object has its attributes.

    The one of functools holds a lock for all objects (before Python 3.12), so that
    threads wait for each other; that of Werkzeug is asked each time, which for the
    checks of a webhook took as long as the checks.
    """

    def __init__(self, work_out: Callable[[Any], Value]) -> None:
        self._work_out = work_out
        self._name = work_out.__name__
        self.__doc__ = work_out.__doc__

    @overload
    def __get__(self, one: None, owner: type) -> "once[Value]": ...
    @overload
    def __get__(self, one: object, owner: type) -> Value: ...
    def __get__(self, one: object, owner: type) -> "once[Value] | Value":
        if one is None:
            return self
        value = self._work_out(one)
        one.__dict__[self._name] = value  # from now on it is found there
        return value
