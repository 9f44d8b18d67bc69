"""Money is counted, never measured."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oauthapp.money import MINOR_DIGITS
from oauthapp.money import Money
from oauthapp.money import read_money


@pytest.mark.parametrize(
    ("amount", "currency", "written"),
    [
        ("1250", "EUR", "12.50 EUR"),
        ("1", "EUR", "0.01 EUR"),
        ("1250", "JPY", "1250 JPY"),
        ("1250", "KWD", "1.250 KWD"),
        ("999999999", "USD", "9999999.99 USD"),
    ],
)
def test_an_amount_is_written_as_its_currency_writes_it(
    amount: str, currency: str, written: str
) -> None:
    assert str(read_money(amount, currency)) == written


BAD_AMOUNTS = """0 -1 +1 01 1.0 1,0 1e3 0x10 1_000 ١٢ １ NaN Infinity 1000000000 true
12.50 €1""".split()


@pytest.mark.parametrize("amount", ["", " 1", "1 ", "1\n", "1\x00", *BAD_AMOUNTS])
def test_what_is_no_count_is_no_amount(amount: str) -> None:
    with pytest.raises(ValueError, match="^amount: "):
        read_money(amount, "EUR")


@pytest.mark.parametrize("currency", ["", "eur", "EUR ", "EURO", "€", "XXX", "978"])
def test_a_currency_is_one_that_we_know(currency: str) -> None:
    with pytest.raises(ValueError, match="^currency: "):
        read_money("1", currency)


@given(st.integers(1, 999_999_999), st.sampled_from(sorted(MINOR_DIGITS)))
def test_every_count_is_read_as_it_was_written(amount: int, currency: str) -> None:
    read = read_money(str(amount), currency)

    assert read == Money(amount=amount, currency=currency)
    digits = str(read).partition(" ")[0].replace(".", "")
    assert int(digits) == amount


@given(st.text())
def test_anything_else_is_refused(amount: str) -> None:
    plain = amount.isascii() and amount.isdigit() and amount[0] != "0"
    if plain and len(amount) < 10:
        return
    with pytest.raises(ValueError):
        read_money(amount, "EUR")
