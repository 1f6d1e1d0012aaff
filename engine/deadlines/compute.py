"""When a deadline falls due.

How days are counted:

- The day on which a period starts is not counted (民事诉讼法 85): one day after a Monday is the Tuesday.
- A period of days ends with its last day, at 24:00 in Asia/Shanghai. That is the instant at which the next day
  begins, and the period is half open: what happens before that instant is in time, what happens at it is late.
- Working days skip rest days and statutory holidays and count make-up days (行政处罚法 85, 行政强制法 69).
- Calendar days and months count every day; where the last one is a statutory holiday or a rest day, the period
  ends with the first working day after it (民事诉讼法 85).
- A period of months ends on the day of the same number, or on the month's last day where there is none.
- Hours run from the instant, through nights and holidays.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

from engine.deadlines.calendar import ONE_DAY, SHANGHAI, day, first_working_day_from, is_working_day
from engine.deadlines.clock import as_utc
from engine.deadlines.explanation import explain
from engine.deadlines.rules import DeadlineRule


@dataclass(frozen=True)
class Due:
    """When a deadline falls due, and why.

    ``due_at`` and ``starts_at`` are aware, in UTC. ``explanation`` is safe for JSON; its keys are listed at
    :func:`engine.deadlines.explanation.explain`. ``provisional``: a day on the way lies in a year whose holidays
    are not announced yet, so the date has to be computed again when they are.
    """

    due_at: datetime
    starts_at: datetime
    explanation: dict[str, Any]
    provisional: bool


class Remaining(NamedTuple):
    """How far away a due date is, for display.

    ``working_days``: how many working days there still are after today, up to and including the last day: 0 on
    the last day itself, and also where only rest days are left. When overdue it is 0 or less: minus the number
    of working days, today's included, since the last day.
    ``overdue``: whether the due date has been reached.
    """

    working_days: int
    overdue: bool


def due(rule: DeadlineRule, starts_at: datetime) -> Due:
    """When the deadline falls due for a clock that starts at a moment.

    :param rule: the rule, from ``deadlines.yaml``.
    :param starts_at: the moment, aware, in any time zone.
    :raises ValueError: ``starts_at`` has no time zone.
    :raises OverflowError: the due date lies after the year 9999.
    """
    starts_at = as_utc(starts_at)
    if rule.unit == "hours":
        due_at = starts_at + timedelta(hours=rule.length)
        return Due(due_at, starts_at, explain(rule, starts_at, due_at), provisional=False)
    first = starts_at.astimezone(SHANGHAI).date()
    nominal = _nominal_last_day(rule, first)
    last = first_working_day_from(nominal)
    due_at = end_of(last)
    passed = [day(first + timedelta(days=n)) for n in range(1, (last - first).days + 1)]
    looked_at = passed if rule.unit == "working_days" else [each for each in passed if each.date >= nominal]
    explanation = explain(rule, starts_at, due_at, looked_at)
    return Due(due_at, starts_at, explanation, provisional=any(each.provisional for each in looked_at))


def remaining(due_at: datetime, now: datetime) -> Remaining:
    """How far away a due date is.

    :param due_at: the instant at which the period has ended, aware, in any time zone.
    :param now: the present moment, aware, in any time zone.
    :raises ValueError: one of them has no time zone.
    """
    today = as_utc(now).astimezone(SHANGHAI).date()
    last = last_day(due_at)
    if as_utc(now) >= as_utc(due_at):
        return Remaining(-_working_days_after(last, today), overdue=True)
    return Remaining(_working_days_after(today, last), overdue=False)


def end_of(last: date) -> datetime:
    """The instant at which a day ends in Asia/Shanghai (its 24:00), aware, in UTC."""
    return datetime.combine(last + ONE_DAY, time(), SHANGHAI).astimezone(UTC)


def last_day(due_at: datetime) -> date:
    """The last day, in Asia/Shanghai, that lies at least in part before an instant."""
    return (as_utc(due_at) - timedelta(microseconds=1)).astimezone(SHANGHAI).date()


def format_due(due_at: datetime) -> str:
    """The due date in Asia/Shanghai as ``2024-03-25 24:00``, or ``2024-03-25 15:30`` where it falls within a day.

    The minute is the one in which the instant lies.
    """
    local = as_utc(due_at).astimezone(SHANGHAI)
    if local.time() == time():
        return f"{local.date() - ONE_DAY:%Y-%m-%d} 24:00"
    return f"{local:%Y-%m-%d %H:%M}"


def _nominal_last_day(rule: DeadlineRule, first: date) -> date:
    """The last day before the law's rule for holidays at the end is applied."""
    if rule.unit == "calendar_days":
        return first + timedelta(days=rule.length)
    if rule.unit == "months":
        year, month = divmod(first.year * 12 + first.month - 1 + rule.length, 12)
        if year > date.max.year:
            raise OverflowError("the due date lies after the year 9999")
        return date(year, month + 1, min(first.day, monthrange(year, month + 1)[1]))
    last = first
    left = rule.length
    while left:
        last += ONE_DAY
        left -= is_working_day(last)
    return last


def _working_days_after(earlier: date, later: date) -> int:
    """How many working days lie after one day, up to and including a later one."""
    return sum(is_working_day(earlier + timedelta(days=n)) for n in range(1, (later - earlier).days + 1))
