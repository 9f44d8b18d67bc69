"""An amount of money, counted in the smallest unit of its currency. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

#: The currencies we know, and how many digits each has after the point (ISO 4217).
MINOR_DIGITS: Final[Mapping[str, int]] = MappingProxyType(
    {"CHF": 2, "EUR": 2, "GBP": 2, "JPY": 0, "KWD": 3, "USD": 2}
)
#: No sign, no point, no zero in front, and small enough for every database.
_AMOUNT = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Money:
    """So many cents, yen or fils: never a fraction, which would not add up."""

    amount: int
    currency: str

    def __str__(self) -> str:
        digits = MINOR_DIGITS[self.currency]
        whole, rest = divmod(self.amount, 10**digits)
        point = f".{rest:0{digits}}" if digits else ""
        return f"{whole}{point} {self.currency}"


def read_money(amount: str, currency: str) -> Money:
    """The money that these two fields mean.

    :raises ValueError: with what would have been right.
    """
    if not _AMOUNT.fullmatch(amount):
        raise ValueError("amount: 1 to 999999999, in the currency’s smallest unit")
    if currency not in MINOR_DIGITS:
        raise ValueError(f"currency: one of {', '.join(MINOR_DIGITS)}")
    return Money(amount=int(amount), currency=currency)
