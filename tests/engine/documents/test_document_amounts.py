"""Amounts and dates as documents write them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.documents.amounts import capital, cdate, cdatetime, money

DIGITS = {sign: value for value, sign in enumerate("零壹贰叁肆伍陆柒捌玖")}
UNITS = {"拾": 10, "佰": 100, "仟": 1000}


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("0.11", "壹角壹分"),
        ("1", "壹元整"),
        ("10", "壹拾元整"),
        ("10.05", "壹拾元零伍分"),
        ("101", "壹佰零壹元整"),
        ("1010", "壹仟零壹拾元整"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("20000", "贰万元整"),
        ("25200.00", "贰万伍仟贰佰元整"),
        ("100000", "壹拾万元整"),
        ("100005", "壹拾万零伍元整"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("1000000", "壹佰万元整"),
        ("10001000", "壹仟万壹仟元整"),
        ("10000001", "壹仟万零壹元整"),
        ("100000000", "壹亿元整"),
        ("100010001", "壹亿零壹万零壹元整"),
        ("700005020.42", "柒亿零伍仟零贰拾元肆角贰分"),
        ("1000000010.01", "壹拾亿零壹拾元零壹分"),
    ],
)
def test_amounts_in_capitals_follow_the_banks_rules(amount: str, written: str) -> None:
    assert capital(Decimal(amount)) == written


@given(st.integers(min_value=0, max_value=10**13 - 1))
def test_capitals_say_the_same_amount_and_never_two_zeros_in_a_row(cents: int) -> None:
    written = capital(Decimal(cents) / 100)
    assert read(written) == cents
    assert "零零" not in written
    assert written.endswith("分") == bool(cents % 10)


def read(written: str) -> int:
    """Fen, read as a person reads capital figures."""
    total = section = digit = 0
    for sign in written.removesuffix("整"):
        if sign in DIGITS:
            digit = DIGITS[sign]
        elif sign in UNITS:
            section, digit = section + digit * UNITS[sign], 0
        elif sign in ("万", "亿"):
            section, digit = section + digit, 0
            total, section = total + section * (10**4 if sign == "万" else 10**8), 0
        elif sign == "元":
            total, section, digit = (total + section + digit) * 100, 0, 0
        elif sign == "角":
            total, digit = total + digit * 10, 0
        else:
            total, digit = total + digit, 0
    return total


def test_money_is_grouped_and_has_two_places() -> None:
    assert money(Decimal("25200")) == "25,200.00"
    assert money(Decimal("0.5")) == "0.50"


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "1e12", "0.001", "-1"])
def test_what_is_no_amount_has_no_capitals(amount: str) -> None:
    with pytest.raises(ValueError, match=r"no|parts"):
        capital(Decimal(amount))


def test_dates_are_those_of_china() -> None:
    late = datetime(2024, 4, 14, 16, 5, tzinfo=UTC)
    assert cdate(late) == "2024年4月15日"
    assert cdatetime(late) == "2024年4月15日0时05分"
    assert cdate(date(2024, 4, 5)) == "2024年4月5日"
