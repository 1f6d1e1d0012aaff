"""Dates, times and durations: read from text, written as text, and reckoned with.

DMN 1.5, 10.3.2.3.4 to 10.3.2.3.8, table 57 and table 72; the texts are those of XML Schema, with ``@Asia/Shanghai``
after a time for its zone. Years run from 1 to 9999 and fractions of a second to the microsecond.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from engine.runtime.expressions.values import MAX_MONTHS, YearsMonths

_DATE = r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
_TIME = r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,30}))?(Z|z|[+-][0-9]{2}:[0-9]{2}(?::[0-9]{2})?|@[A-Za-z0-9_+/-]+)?"
_DATE_TEXT = re.compile(_DATE)
_TIME_TEXT = re.compile(_TIME)
_DATE_AND_TIME_TEXT = re.compile(f"{_DATE}T{_TIME}")
_DAYS_TEXT = re.compile(
    r"(-)?P(?=[0-9T])(?:([0-9]{1,12})D)?"
    r"(?:T(?=[0-9])(?:([0-9]{1,12})H)?(?:([0-9]{1,12})M)?(?:([0-9]{1,12})(?:\.([0-9]{0,30}))?S)?)?"
)
_MONTHS_TEXT = re.compile(r"(-)?P(?=[0-9])(?:([0-9]{1,10})Y)?(?:([0-9]{1,11})M)?")

_DAY = dt.timedelta(days=1)
_MICROSECOND = dt.timedelta(microseconds=1)

Temporal = dt.date | dt.time | dt.timedelta | YearsMonths


def parse_date(text: str) -> dt.date | None:
    """``2024-03-04``; null for any other text."""
    found = _DATE_TEXT.fullmatch(text)
    if found is None:
        return None
    return date_of(*(int(part) for part in found.groups()))


def date_of(year: int, month: int, day: int) -> dt.date | None:
    """The day of the calendar, or null where there is no such day."""
    try:
        return dt.date(year, month, day)
    except (ValueError, OverflowError):
        return None


def time_of(hour: Decimal, minute: Decimal, second: Decimal, offset: dt.timedelta | None) -> dt.time | None:
    """The time of day of these numbers, or null where there is none; the second may have a fraction."""
    if any(part != int(part) for part in (hour, minute)) or max(hour, minute, second) > 60:
        return None
    whole = int(second)
    try:
        zone = dt.timezone(offset) if isinstance(offset, dt.timedelta) else None
        return dt.time(int(hour), int(minute), whole, int((second - whole) * 1_000_000), zone)
    except (ValueError, OverflowError):
        return None


def parse_time(text: str) -> dt.time | None:
    """``09:30:00``, with an offset or a zone if there is one; null for any other text."""
    found = _TIME_TEXT.fullmatch(text)
    return _time(*found.groups()) if found else None


def parse_date_and_time(text: str) -> dt.datetime | None:
    """``2024-03-04T09:30:00Z``; a date alone is its midnight; null for any other text."""
    found = _DATE_AND_TIME_TEXT.fullmatch(text)
    if found is None:
        day = parse_date(text)
        return dt.datetime.combine(day, dt.time()) if day is not None else None
    parts = found.groups()
    day = date_of(int(parts[0]), int(parts[1]), int(parts[2]))
    at = _time(*parts[3:])
    if day is None or at is None:
        return None
    if parts[3] == "24":
        if day == dt.date.max:
            return None
        day += _DAY
    return dt.datetime.combine(day, at)


def parse_duration(text: str) -> dt.timedelta | YearsMonths | None:
    """``P3DT12H`` or ``P1Y6M``, also negative; null for any other text."""
    found = _MONTHS_TEXT.fullmatch(text)
    if found is not None:
        sign, years, months = found.groups()
        total = int(years or 0) * 12 + int(months or 0)
        return months_of(-total if sign else total)
    found = _DAYS_TEXT.fullmatch(text)
    if found is None or text.endswith("T"):
        return None
    sign, days, hours, minutes, seconds, fraction = found.groups()
    try:
        length = dt.timedelta(
            days=int(days or 0),
            hours=int(hours or 0),
            minutes=int(minutes or 0),
            seconds=int(seconds or 0),
            microseconds=_microseconds(fraction),
        )
        return -length if sign else length
    except OverflowError:
        return None


def parse_literal(text: str) -> Temporal | None:
    """What ``@"..."`` stands for, by the look of its text."""
    if text.startswith(("P", "-P")):
        return parse_duration(text)
    if "T" in text.partition("@")[0]:
        return parse_date_and_time(text)
    return parse_time(text) if ":" in text else parse_date(text)


def months_of(months: int) -> YearsMonths | None:
    """A years and months duration, or null when it is longer than one may be."""
    return YearsMonths(months) if abs(months) <= MAX_MONTHS else None


def add_months(start: dt.date, duration: YearsMonths) -> dt.date | None:
    """The same day so many months later; the month's last day where it has no such day."""
    year, month = divmod(start.year * 12 + start.month - 1 + duration.months, 12)
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        return None
    last = calendar.monthrange(year, month + 1)[1]
    return start.replace(year=year, month=month + 1, day=min(start.day, last))


def add_days(start: dt.date, duration: dt.timedelta) -> dt.date | None:
    """The day on which the duration from the day's midnight ends, or null out of the calendar."""
    try:
        return (dt.datetime.combine(start, dt.time()) + duration).date()
    except OverflowError:
        return None


def add_duration(start: dt.datetime, duration: dt.timedelta) -> dt.datetime | None:
    """The moment so much later, or null out of the calendar."""
    try:
        return start + duration
    except OverflowError:
        return None


def add_to_time(start: dt.time, duration: dt.timedelta) -> dt.time:
    """The time of day so much later, round the clock."""
    moment = dt.datetime.combine(dt.date(2000, 1, 1), start.replace(tzinfo=None)) + duration % _DAY
    return moment.time().replace(tzinfo=start.tzinfo)


def between_moments(start: dt.datetime, end: dt.datetime) -> dt.timedelta | None:
    """The time from ``start`` to ``end``; null when only one of them has an offset."""
    try:
        return end - start
    except (TypeError, OverflowError):
        return None


def between_times(start: dt.time, end: dt.time) -> dt.timedelta | None:
    """The time from ``start`` to ``end`` on one day; null when only one of them has an offset."""
    day = dt.date(2000, 1, 1)
    return between_moments(dt.datetime.combine(day, start), dt.datetime.combine(day, end))


def midnight(day: dt.date) -> dt.datetime:
    """A date as a date and time: its midnight in UTC (DMN 1.5, 10.3.2.3.6)."""
    return dt.datetime.combine(day, dt.time(), dt.UTC)


def months_between(start: dt.date, end: dt.date) -> YearsMonths:
    """The whole months from one day to another; the time of day plays no part."""
    months = (end.year - start.year) * 12 + end.month - start.month
    if months > 0 and end.day < start.day:
        months -= 1
    elif months < 0 and end.day > start.day:
        months += 1
    return YearsMonths(months)


def microseconds_of(duration: dt.timedelta) -> Decimal:
    """The length of a days and time duration in microseconds."""
    return Decimal(duration // _MICROSECOND)


def duration_of(microseconds: Decimal) -> dt.timedelta | None:
    """The days and time duration of that length, to the microsecond; null when it is longer than one may be."""
    try:
        return dt.timedelta(microseconds=int(microseconds))
    except (OverflowError, ValueError):
        return None


def write_duration(duration: dt.timedelta) -> str:
    """``P3DT12H30M5.25S``, without parts that are nothing."""
    length = abs(duration)
    minutes, seconds = divmod(length.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{length.microseconds:06d}".rstrip("0") if length.microseconds else ""
    day = f"{length.days}D" if length.days else ""
    time = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    time += f"{seconds}{fraction}S" if seconds or fraction else ""
    sign = "-" if duration < dt.timedelta(0) else ""
    return f"{sign}P{day}{'T' + time if time else ''}" if day or time else "PT0S"


def write_time(value: dt.time | dt.datetime) -> str:
    """ISO 8601 with ``Z`` for UTC and ``@Asia/Shanghai`` for a zone, seconds always, fractions where any."""
    text = value.replace(tzinfo=None).isoformat()
    if value.microsecond:
        text = text.rstrip("0")
    if isinstance(value.tzinfo, ZoneInfo):
        return f"{text}@{value.tzinfo.key}"
    offset = value.utcoffset()
    if offset is None:
        return text
    return f"{text}{_write_offset(offset)}"


def _write_offset(offset: dt.timedelta) -> str:
    if not offset:
        return "Z"
    minutes, seconds = divmod(abs(offset).seconds, 60)
    text = f"{'-' if offset < dt.timedelta(0) else '+'}{minutes // 60:02d}:{minutes % 60:02d}"
    return f"{text}:{seconds:02d}" if seconds else text


def _time(hour: str, minute: str, second: str, fraction: str | None, zone: str | None) -> dt.time | None:
    """A time of day from its texts. 24:00:00 is 00:00:00; who knows the day moves it."""
    if hour == "24":
        if minute != "00" or second != "00" or (fraction or "0").strip("0"):
            return None
        hour = "00"
    try:
        return dt.time(int(hour), int(minute), int(second), _microseconds(fraction), _zone(zone))
    except ValueError:
        return None


def _microseconds(fraction: str | None) -> int:
    return int((fraction or "").ljust(6, "0")[:6])


def _zone(text: str | None) -> dt.tzinfo | None:
    """The zone of an offset or name.

    :raises ValueError: there is no such zone.
    """
    if not text:
        return None
    if text in ("Z", "z"):
        return dt.UTC
    if text.startswith("@"):
        return _named_zone(text[1:])
    hours, minutes, *seconds = (int(part) for part in text[1:].split(":"))
    if hours > 14 or minutes > 59 or (seconds and seconds[0] > 59):
        raise ValueError(text)
    length = dt.timedelta(hours=hours, minutes=minutes, seconds=seconds[0] if seconds else 0)
    return dt.timezone(-length if text.startswith("-") else length)


@lru_cache(maxsize=64)
def _named_zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        raise ValueError(name) from None
