"""The calendar itself, and what another library says about the same days."""

from __future__ import annotations

from datetime import date, timedelta

import holidays
import pytest

from engine.deadlines.calendar import day, first_working_day_from, is_announced, is_working_day

RECENT = range(2019, 2027)


@pytest.mark.parametrize(
    ("on", "working", "name"),
    [
        ("2024-02-04", True, "春节调休上班日"),
        ("2024-02-09", True, "工作日"),
        ("2024-02-10", False, "春节"),
        ("2024-04-06", False, "清明节"),
        ("2024-04-07", True, "清明节调休上班日"),
        ("2024-04-13", False, "休息日"),
        ("2024-09-14", True, "中秋节调休上班日"),
        ("2024-10-07", False, "国庆节"),
        ("2024-10-12", True, "国庆节调休上班日"),
        ("2025-01-26", True, "春节调休上班日"),
    ],
)
def test_a_day_is_what_the_state_council_announced(on: str, working: bool, name: str) -> None:
    found = day(date.fromisoformat(on))
    assert (found.is_working, found.name.zh, found.provisional) == (working, name, False)


def test_a_year_not_announced_yet_is_monday_to_friday() -> None:
    assert not is_announced(2031)
    national_day, saturday = date(2031, 10, 1), date(2031, 10, 4)
    assert is_working_day(national_day)
    assert not is_working_day(saturday)
    assert day(national_day).provisional


def test_the_first_working_day_from_a_holiday_lies_after_it() -> None:
    assert first_working_day_from(date(2024, 10, 1)) == date(2024, 10, 8)
    assert first_working_day_from(date(2024, 10, 12)) == date(2024, 10, 12)


@pytest.mark.parametrize("year", RECENT)
def test_two_libraries_agree_on_every_day_of_a_recent_year(year: int) -> None:
    other = holidays.country_holidays("CN", years=range(year - 1, year + 2))
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    different = [str(each) for each in days if is_working_day(each) != other.is_working_day(each)]
    assert different == []
