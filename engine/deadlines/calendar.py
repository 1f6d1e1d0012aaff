"""Working days in China: Monday to Friday, less the statutory holidays, plus the make-up days (调休).

The State Council announces the holidays and make-up days of a year in the November before it. The days come
from the ``chinesecalendar`` library, which follows those notices. A year that it does not hold yet is
*provisional*: Monday to Friday are taken for working days, and whoever computes with them must say so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

import chinese_calendar
from chinese_calendar.constants import Holiday, holidays

SHANGHAI = ZoneInfo("Asia/Shanghai")
ONE_DAY = timedelta(days=1)

_FIRST_YEAR: int = min(holidays).year
_LAST_YEAR: int = max(holidays).year

# The library shortens three of the names that the Regulation on Public Holidays (全国年节及纪念日放假办法) uses.
_FULL_NAMES = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节"}
_NAMES_EN = {"Tomb-sweeping Day": "Qingming Festival"}

DayKind = Literal["working", "make_up", "holiday", "rest"]


class DayName(NamedTuple):
    """What a day is called, in Chinese and in English."""

    zh: str
    en: str


REST_DAY = DayName("休息日", "weekend")
WORKING_DAY = DayName("工作日", "working day")


@dataclass(frozen=True)
class Day:
    """One day of the calendar.

    ``kind``: "working" (an ordinary working day), "make_up" (a day at the weekend that is worked in place of
    a day off), "holiday" (a statutory holiday with the days off around it) or "rest" (a weekend).
    ``provisional``: the year's holidays are not announced, so the kind may still change.
    """

    date: date
    kind: DayKind
    name: DayName
    provisional: bool

    @property
    def is_working(self) -> bool:
        """Whether offices are open on this day."""
        return self.kind in ("working", "make_up")


@cache
def day(on: date) -> Day:
    """What the calendar says about one day, in Asia/Shanghai."""
    if not is_announced(on.year):
        weekend = on.weekday() >= 5
        return Day(on, "rest" if weekend else "working", REST_DAY if weekend else WORKING_DAY, True)
    off, holiday = chinese_calendar.get_holiday_detail(on)
    if holiday is None:
        return Day(on, "rest" if off else "working", REST_DAY if off else WORKING_DAY, False)
    name = _name(holiday)
    if off:
        return Day(on, "holiday", name, False)
    return Day(on, "make_up", DayName(f"{name.zh}调休上班日", f"make-up working day for {name.en}"), False)


def is_working_day(on: date) -> bool:
    """Whether offices are open on this day; provisional for a year that :func:`is_announced` denies."""
    return day(on).is_working


def is_announced(year: int) -> bool:
    """Whether the holidays of this year are known."""
    return _FIRST_YEAR <= year <= _LAST_YEAR


def first_working_day_from(on: date) -> date:
    """The day itself when it is a working day, else the first working day after it."""
    while not is_working_day(on):
        on += ONE_DAY
    return on


def _name(english: str) -> DayName:
    chinese: str = Holiday(english).chinese
    return DayName(_FULL_NAMES.get(chinese, chinese), _NAMES_EN.get(english, english))
