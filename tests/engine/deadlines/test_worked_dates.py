"""Dates worked out by hand from the law and the State Council's holiday notices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from engine.deadlines.calendar import SHANGHAI
from engine.deadlines.compute import due, format_due, last_day, remaining
from engine.deadlines.rules import DeadlineData


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("rule", "start", "expected"),
    [
        # Order 53: fifteen working days; the contract's example.
        pytest.param("verification", "2024-03-04 09:00", "2024-03-25 24:00", id="three plain weeks"),
        # 3/19-22, 25-29, 4/1-3 are twelve; Qingming 4/4-6 is skipped; Sunday 4/7 is worked; 4/8, 4/9.
        pytest.param("verification", "2024-03-18 10:20", "2024-04-09 24:00", id="across Qingming 2024"),
        # APL 60 and 85: ninety calendar days.
        pytest.param("decision_period", "2024-03-22", "2024-06-20 24:00", id="ninety days from filing"),
        # APL 56 and 85: seven working days.
        pytest.param("preservation", "2024-03-22 16:00", "2024-04-02 24:00", id="preservation of evidence"),
        # APL 45 and 85: five working days from service of the notice.
        pytest.param("statement_period", "2024-04-10 11:00", "2024-04-17 24:00", id="statement and defence"),
        # APL 64(1): Saturday 10-12 is a make-up working day.
        pytest.param(
            "hearing_request", "2024-10-10 09:30", "2024-10-16 24:00", id="make-up day after National Day"
        ),
        # APL 64(2): seven working days ahead.
        pytest.param(
            "hearing_announcement", "2024-10-21", "2024-10-30 24:00", id="hearing on 11-01 is in order"
        ),
        # Spring Festival 2024: off 2/10-17, worked on Sunday 2/4 and Sunday 2/18.
        pytest.param("service", "2024-02-02", "2024-02-18 24:00", id="across Spring Festival 2024"),
        # Spring Festival 2025: off 1/28-2/4, worked on Sunday 1/26 and Saturday 2/8: 1/26, 27, 2/5-8, 2/10.
        pytest.param("service", "2025-01-24", "2025-02-10 24:00", id="across Spring Festival 2025"),
        # Qingming 2025: off 4/4-6, nothing made up.
        pytest.param("statement_period", "2025-04-01", "2025-04-09 24:00", id="Qingming 2025"),
        # National Day 2024: off 10/1-7, worked on Sunday 9/29 and Saturday 10/12.
        pytest.param("demand", "2024-09-27", "2024-10-16 24:00", id="ACL 54, 69 across National Day"),
        # National Day 2025 with Mid-autumn: off 10/1-8, worked on Sunday 9/28: 9/28-30, 10/9, 10/10.
        pytest.param("statement_period", "2025-09-26", "2025-10-10 24:00", id="National Day 2025"),
        # Labour Day 2024: off 5/1-5, worked on Sunday 4/28 and Saturday 5/11.
        pytest.param("statement_period", "2024-04-26", "2024-05-07 24:00", id="Labour Day 2024"),
        # APL 67, 85 and CPL 85: the fifteenth day, 10-02, is a holiday.
        pytest.param("payment", "2024-09-17", "2024-10-08 24:00", id="payment ends on National Day"),
        # The fifteenth day, Sunday 2024-04-07, is a make-up working day: no move.
        pytest.param("payment", "2024-03-23", "2024-04-07 24:00", id="payment ends on a make-up Sunday"),
        pytest.param("payment", "2024-04-15", "2024-04-30 24:00", id="payment ends on a plain day"),
        # The thirtieth day, Saturday 2024-06-15.
        pytest.param("archive", "2024-05-16", "2024-06-17 24:00", id="archive ends on a Saturday"),
        # TR 5: three days from a Monday, and from a Thursday into the weekend.
        pytest.param(
            "transfer_decision", "2024-03-18 15:00", "2024-03-21 24:00", id="transfer from a Monday"
        ),
        pytest.param("transfer_decision", "2024-03-21", "2024-03-25 24:00", id="transfer from a Thursday"),
        # TR 5: 24 hours, whatever the day.
        pytest.param(
            "transfer_handover", "2024-10-01 15:30", "2024-10-02 15:30", id="hours run through holidays"
        ),
        pytest.param(
            "transfer_handover", "2024-03-21 00:00", "2024-03-21 24:00", id="24 hours from midnight"
        ),
        # The turn of the year: 2025-01-01 is off.
        pytest.param("statement_period", "2024-12-30", "2025-01-07 24:00", id="across New Year"),
    ],
)
def test_a_worked_date(rule: str, start: str, expected: str, due_text: Callable[[str, str], str]) -> None:
    assert due_text(rule, start) == expected


def test_the_hour_of_the_first_day_does_not_matter(due_text: Callable[[str, str], str]) -> None:
    assert due_text("service", "2024-04-10 00:00") == due_text("service", "2024-04-10 23:59")


def test_the_first_day_is_the_day_in_shanghai_and_not_in_utc(data: DeadlineData) -> None:
    late_on_the_ninth_in_utc = datetime(2024, 4, 9, 17, 0, tzinfo=UTC)  # 01:00 on the tenth in Shanghai
    assert (
        format_due(due(data.rules["statement_period"], late_on_the_ninth_in_utc).due_at) == "2024-04-17 24:00"
    )


def test_a_due_date_is_the_utc_instant_at_which_the_last_day_ends(data: DeadlineData) -> None:
    found = due(data.rules["statement_period"], local("2024-04-10"))
    assert found.due_at == datetime(2024, 4, 17, 16, 0, tzinfo=UTC)
    assert found.due_at.tzinfo is UTC
    assert str(last_day(found.due_at)) == "2024-04-17"


def test_months_end_on_the_same_day_number_or_the_last_of_the_month(data: DeadlineData) -> None:
    three_months = replace(data.rules["payment"], length=3, unit="months")
    assert (
        format_due(due(three_months, local("2024-03-15")).due_at) == "2024-06-17 24:00"
    )  # 06-15 is a Saturday
    assert format_due(due(three_months, local("2024-04-16")).due_at) == "2024-07-16 24:00"
    assert format_due(due(three_months, local("2023-11-30")).due_at) == "2024-02-29 24:00"
    assert format_due(due(three_months, local("2024-12-11")).due_at) == "2025-03-11 24:00"


def test_a_start_without_a_time_zone_is_refused(data: DeadlineData) -> None:
    with pytest.raises(ValueError, match="no time zone"):
        due(data.rules["service"], datetime(2024, 4, 10))


@pytest.mark.parametrize(
    ("now", "working_days", "overdue"),
    [
        ("2024-04-10 11:00", 5, False),
        ("2024-04-12 18:00", 3, False),
        ("2024-04-13 12:00", 3, False),
        ("2024-04-16 23:59", 1, False),
        ("2024-04-17 08:00", 0, False),
        ("2024-04-17 23:59:59.999999", 0, False),
        ("2024-04-18 00:00", -1, True),
        ("2024-04-20 09:00", -2, True),
        ("2024-04-22 09:00", -3, True),
    ],
)
def test_what_is_left_until_the_17th_of_april(now: str, working_days: int, overdue: bool) -> None:
    due_at = datetime(2024, 4, 17, 16, 0, tzinfo=UTC)
    assert remaining(due_at, local(now)) == (working_days, overdue)


def test_hours_are_overdue_from_the_very_instant() -> None:
    due_at = local("2024-03-22 15:30")
    assert remaining(due_at, local("2024-03-22 15:29:59")) == (0, False)
    assert remaining(due_at, local("2024-03-22 15:30")) == (0, True)
