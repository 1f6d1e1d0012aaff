"""What holds for every start and every length."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.deadlines.calendar import SHANGHAI, day, is_working_day
from engine.deadlines.compute import due, last_day, remaining
from engine.deadlines.rules import LONGEST, Counting, DeadlineRule, Moment, Unit

STARTED = Moment("started", "本环节开始", "this step began")
ANY_START = st.datetimes(
    datetime(2015, 1, 1), datetime(2033, 1, 1), timezones=st.sampled_from([UTC, SHANGHAI])
)
DAY_UNITS: list[Unit] = ["working_days", "calendar_days", "months"]


def rule_of(unit: Unit, length: int) -> DeadlineRule:
    counting = Counting("c", unit, "《甲法》第一条", "A Law, art. 1")
    return DeadlineRule(
        "r", "期限", "period", length, unit, STARTED, "《甲法》第二条", "A Law, art. 2", counting
    )


ANY_RULE = st.sampled_from(list(LONGEST)).flatmap(
    lambda unit: st.integers(1, 60 if unit != "months" else 12).map(lambda length: rule_of(unit, length))
)
ANY_DAY_RULE = ANY_RULE.filter(lambda rule: rule.unit != "hours")


@given(ANY_RULE, ANY_START, ANY_START)
def test_a_later_start_is_never_due_earlier(rule: DeadlineRule, one: datetime, other: datetime) -> None:
    earlier, later = sorted([one, other])
    assert due(rule, earlier).due_at <= due(rule, later).due_at


@given(ANY_RULE, ANY_START, st.integers(0, 30))
def test_a_longer_period_is_never_due_earlier(rule: DeadlineRule, start: datetime, more: int) -> None:
    assert due(rule, start).due_at <= due(replace(rule, length=rule.length + more), start).due_at


@given(ANY_DAY_RULE, ANY_START)
def test_a_period_of_days_ends_at_the_end_of_a_working_day(rule: DeadlineRule, start: datetime) -> None:
    found = due(rule, start)
    assert is_working_day(last_day(found.due_at))
    assert found.due_at.astimezone(SHANGHAI).strftime("%H:%M:%S.%f") == "00:00:00.000000"


@given(ANY_START, st.integers(1, 60))
def test_as_many_working_days_lie_in_the_period_as_the_rule_says(start: datetime, length: int) -> None:
    first = start.astimezone(SHANGHAI).date()
    last = last_day(due(rule_of("working_days", length), start).due_at)
    days = [first + timedelta(days=n) for n in range(1, (last - first).days + 1)]
    assert sum(is_working_day(each) for each in days) == length


@given(ANY_START, st.integers(1, 120))
def test_calendar_days_never_end_before_their_number_and_move_over_rest_days_only(
    start: datetime, length: int
) -> None:
    nominal = start.astimezone(SHANGHAI).date() + timedelta(days=length)
    last = last_day(due(rule_of("calendar_days", length), start).due_at)
    assert last >= nominal
    moved_over = [nominal + timedelta(days=n) for n in range((last - nominal).days)]
    assert not any(is_working_day(each) for each in moved_over)


@given(ANY_RULE, ANY_START)
def test_the_explanation_accounts_for_every_day(rule: DeadlineRule, start: datetime) -> None:
    found = due(rule, start)
    listed = set()
    for run in found.explanation["skipped"]:
        one, end = date.fromisoformat(run["from"]), date.fromisoformat(run["to"])
        while one <= end:
            listed.add(one)
            one += timedelta(days=1)
    assert not any(is_working_day(each) for each in listed)
    if rule.unit == "working_days":
        first, last = start.astimezone(SHANGHAI).date(), last_day(found.due_at)
        assert len(listed) == (last - first).days - rule.length
    assert found.provisional == found.explanation["provisional"]


@given(ANY_RULE, ANY_START, st.timedeltas(timedelta(0), timedelta(days=400)))
def test_what_remains_never_grows_and_turns_overdue_at_the_due_date(
    rule: DeadlineRule, start: datetime, later: timedelta
) -> None:
    due_at = due(rule, start).due_at
    before, after = remaining(due_at, start), remaining(due_at, start + later)
    assert before.working_days >= after.working_days
    assert after.overdue == (start + later >= due_at)
    assert (after.working_days <= 0) or not after.overdue


@pytest.mark.parametrize("unit", DAY_UNITS)
@settings(max_examples=30)
@given(start=st.datetimes(datetime(2031, 1, 1), datetime(2040, 1, 1), timezones=st.just(SHANGHAI)))
def test_an_unannounced_year_is_always_provisional(unit: Unit, start: datetime) -> None:
    found = due(rule_of(unit, 5), start)
    assert found.provisional
    assert day(last_day(found.due_at)).provisional
    assert last_day(found.due_at).weekday() < 5
